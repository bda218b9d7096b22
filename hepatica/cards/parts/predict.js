// The predict step: the reader commits to an answer before the model shows its own. Four ways to
// commit, each a module that makes {node, given(), show(given, answered)}; the reply is said here.

import { compileDescription } from "../engine/rules.js";
import { guessed, isSkipped, SKIPPED } from "../engine/guess.js";
import { createDrawing } from "./draw.js";
import { element, freshId } from "./dom.js";
import { createOrder } from "./sort.js";
import { createShare } from "./tap.js";

const WAYS = { choose: createChoice, draw: createDrawing, share: createShare, order: createOrder };
const NOTHING = { choose: SKIPPED, draw: {}, share: SKIPPED, order: [] }; // what a skip keeps

/**
 * Make the predict section of a card.
 * @param {object} card see frame.js
 * @param {function} onAnswer onAnswer(given) when the reader commits or skips
 * @returns {{node: HTMLElement, show: function, reply: function}} show(given) reflects an answer
 * given earlier, null asks again; reply(given) is what the model answers to it
 */
export function createPrediction(card, onAnswer) {
  const { predict } = card.spec;
  const commit = element("button.hep-primary", { type: "button", disabled: true }, predict.commit);
  const skip = element("button.hep-quiet", { type: "button" }, "Skip");
  const ready = (is = true) => {
    commit.disabled = !is;
  };
  const way = WAYS[predict.way](card, ready);
  commit.addEventListener("click", () => onAnswer(way.given()));
  skip.addEventListener("click", () => onAnswer(NOTHING[predict.way]));
  const verdict = element("div.hep-verdict", { "aria-live": "polite" });
  const actions = element("div.hep-actions", {}, commit, skip);
  const step = element("p.hep-step", {}, "Predict first");
  const named = { role: "group", "aria-label": "Predict", "data-way": predict.way };
  const node = element("div.hep-predict", named, step, way.node, actions, verdict);
  const speech = predict.reply ? compileDescription(predict.reply) : null;
  const reply = (given) => replyTo(card, speech, given);
  const show = (given) => {
    const answered = given !== null && given !== undefined;
    node.dataset.answered = String(answered);
    step.textContent = answered ? "Your prediction" : "Predict first";
    way.show(answered ? given : null, answered);
    verdict.innerHTML = answered ? reply(given) : "";
  };
  return { node, show, reply };
}

/** What the model answers, as HTML: first to the idea behind the guess, then what it finds. */
function replyTo(card, speech, given) {
  const { predict } = card.spec;
  if (predict.way === "choose") return replyToChoice(predict, given);
  if (isSkipped(given)) return "";
  const scope = { ...card.atStart(), ...guessed(predict, given, card.heights?.() ?? []) };
  return `<p>${speech(scope)}</p>${misplaced(predict, given)}`;
}

function replyToChoice({ options }, given) {
  const right = options.find((option) => option.right);
  const chosen = options[given];
  if (!chosen) return right.why ? `<p>${right.why}</p>` : "";
  if (chosen === right) return `<p>As you predicted. ${right.why}</p>`;
  const idea = chosen.why ? `<p>Not so. ${chosen.why}</p>` : "<p>Not what you predicted.</p>";
  return `${idea}<p>The answer: <em>${right.text}</em> ${right.why}</p>`;
}

/** The replies of the items that stand in the wrong place. */
function misplaced({ way, items }, given) {
  if (way !== "order") return "";
  const wrong = given.map((place) => items[place]).filter((item, n) => item.rank !== n && item.why);
  return wrong.length ? `<ul>${wrong.map(({ why }) => `<li>${why}</li>`).join("")}</ul>` : "";
}

// ---- choose ----

function createChoice({ spec }, ready) {
  const { predict } = spec;
  const name = freshId("predict");
  const radios = predict.options.map((option, index) => {
    const input = element("input", {
      type: "radio",
      name,
      value: index,
      "data-name": "prediction",
    });
    const mark = element("small.hep-outcome", { hidden: true });
    return element("label.hep-option", {}, input, element("span", { html: option.text }), mark);
  });
  const given = () => radios.findIndex((label) => label.firstChild.checked);
  const right = predict.options.findIndex((option) => option.right);
  const legend = element("legend", { html: predict.question });
  const node = element("fieldset", {}, legend, ...radios);
  node.addEventListener("change", () => ready(given() >= 0));
  const show = (chosen, answered) =>
    radios.forEach((label, index) => {
      label.firstChild.checked = index === chosen;
      label.firstChild.disabled = answered;
      label.dataset.state = answered ? stateOf(index, chosen, right) : "";
      markWith(label.lastChild, label.dataset.state, index === chosen);
    });
  return { node, given, show };
}

/** A sign and a word at what was chosen and what is right: a border alone says too little. */
function markWith(mark, state, chosen) {
  mark.hidden = !state;
  const words = chosen ? "your prediction" : "the answer";
  mark.textContent = state === "right" ? `✓ ${words}` : `✗ ${words}`;
}

function stateOf(index, chosen, right) {
  if (index === right) return "right";
  return index === chosen ? "wrong" : "";
}
