// An interview: the same questions to two places; a few before the decision, the rest and what they
// tell after it.

import { element, freshId } from "../../parts/dom.js";
import { statusMark } from "../../parts/controls.js";

/**
 * Mount an interview; its values are the numbers of the questions asked, in order, and the choice.
 */
export function mount(card) {
  const { spec } = card;
  const ask = (index) => card.change({ asked: [...card.values.asked, index] });
  const asks = spec.items.map((item, index) => interviewAsk(spec, item, () => ask(index)));
  const decision = interviewDecision(spec, (choice) => card.change({ choice }));
  const told = element("p.hep-verdict", { "aria-live": "polite" });
  const list = element("ol.hep-asks", {}, ...asks.map((each) => each.node));
  return {
    views: [list, decision.node, told],
    again: "Start again",
    form: "form.hep-interview-controls",
    lay: ({ views, sentence, controls }) => [
      interviewLetters(spec),
      ...sentence,
      ...views,
      controls,
    ],
    draw: (values) => {
      const open = (index) => mayAsk(spec, values, index);
      asks.forEach((each, index) =>
        each.show(values.asked.includes(index), open(index), decided(values)),
      );
      decision.show(values);
      told.innerHTML = decided(values) ? toldLine(spec, values) : "";
      return {
        decided: decided(values) ? 1 : 0,
        left: spec.items.length - values.asked.length,
        free: spec.free - values.asked.length,
      };
    },
  };
}

const decided = (values) => values.choice !== null && values.choice !== undefined;

/** Whether a question may still be asked: some are free; after the decision all are. */
export function mayAsk(spec, values, index) {
  return !values.asked.includes(index) && (decided(values) || values.asked.length < spec.free);
}

/** What the choice leads to; a word more while the telling question has not been asked. */
function toldLine(spec, values) {
  const { why } = spec.choice.options[values.choice];
  return values.asked.includes(spec.key) ? why : `${why} ${spec.missed}`;
}

function interviewLetters(spec) {
  return element(
    "div.hep-letters",
    {},
    ...spec.places.map((place) =>
      element(
        "section.hep-letter",
        {},
        element("h4", { html: place.name }),
        element("p", { html: place.letter }),
      ),
    ),
  );
}

function interviewAsk(spec, item, onAsk) {
  const button = element("button.hep-ask", { type: "button", onclick: onAsk, html: item.ask });
  const replies = spec.places.map((place, number) =>
    element(
      "div.hep-reply",
      {},
      element("p.hep-reply-name", { html: place.name }),
      element("blockquote", { html: item.replies[number] }),
    ),
  );
  const source = item.link ? element("a", { href: item.link }, item.source) : item.source;
  const why = element(
    "p.hep-reply-why",
    {},
    element("span", { html: item.why }),
    " ",
    statusMark(item.status),
    " ",
    source,
  );
  const body = element("div.hep-replies", { "aria-live": "polite" }, ...replies, why);
  const show = (asked, possible, judged) => {
    button.disabled = !possible;
    button.dataset.state = asked ? "asked" : possible ? "open" : "closed";
    body.hidden = !asked;
    why.hidden = !judged;
  };
  return { node: element("li", {}, button, body), show };
}

function interviewDecision(spec, onChoose) {
  const name = freshId("choice");
  const labels = spec.choice.options.map((option, index) => {
    const input = element("input", { type: "radio", name, value: index });
    input.addEventListener("change", () => onChoose(index));
    return element("label.hep-option", {}, input, element("span", { html: option.text }));
  });
  const show = (values) => {
    node.hidden = values.asked.length < spec.free;
    labels.forEach((label, index) => {
      label.firstChild.checked = index === values.choice;
      label.dataset.state =
        index === values.choice ? (spec.choice.options[index].right ? "right" : "wrong") : "";
    });
  };
  const node = element(
    "fieldset.hep-interview-choice",
    {},
    element("legend", { html: spec.choice.question }),
    ...labels,
  );
  return { node, show };
}
