// A quiz: choices or numbers with a unit; every option is explained. Answers given stay with the
// reader.

import { admit } from "../../engine/door.js";
import { element, freshId } from "../../parts/dom.js";
import { keep, kept } from "../../parts/memory.js";

/** Mount a quiz; `values.answers` maps the number of an item to the answer given. */
export function mount(card) {
  const { spec } = card;
  const answer = (index, given) => {
    const answers = { ...card.values.answers, [index]: given };
    remember(spec, answers);
    card.change({ answers });
  };
  const items = spec.items.map((item, index) =>
    MAKERS_OF_ITEMS[item.type](spec, item, (given) => answer(index, given)),
  );
  const list = element(
    "ol.hep-questions",
    {},
    ...items.map((item) => element("li.hep-item", {}, item.node)),
  );
  return {
    views: [list],
    form: "form.hep-quiz-controls",
    again: "Start again",
    silent: ({ answers }) => !Object.keys(answers).length, // nothing to count yet
    start: admit(spec.fields, { answers: recall(spec) }).values,
    stop: () => remember(spec, {}),
    lay: ({ views, sentence, controls }) => [...views, ...sentence, controls],
    draw: ({ answers }) => {
      items.forEach((item, index) => item.show(answers[index]));
      return scoreOf(spec, answers);
    },
  };
}

/** How many items there are, are answered and are answered rightly. */
function scoreOf(spec, answers) {
  const has = (index) => answers[index] !== undefined && answers[index] !== null;
  const given = spec.items.filter((_, index) => has(index)).length;
  const right = spec.items.filter((item, index) => isRight(item, answers[index])).length;
  return { items: spec.items.length, given, right };
}

const MAKERS_OF_ITEMS = { choice: choiceItem, number: numberItem };

/** Whether an answer to an item is right; undefined while there is none. */
export function isRight(item, answer) {
  if (answer === undefined || answer === null) return undefined;
  if (item.type === "choice") return Boolean(item.options[answer]?.right);
  return Math.abs(answer - item.answer) <= item.tolerance;
}

function choiceItem(spec, item, onAnswer) {
  const name = freshId("item");
  const labels = item.options.map((option, index) => {
    const input = element("input", { type: "radio", name, value: index });
    input.addEventListener("change", () => {
      show(index);
      onAnswer(index);
    });
    return element(
      "label.hep-option",
      {},
      input,
      element("span", { html: option.text }),
      element("p.hep-why", { html: option.why, hidden: true }),
    );
  });
  const show = (answer) =>
    labels.forEach((label, index) => {
      const marked = spec.feedback !== "later" && index === answer;
      label.firstChild.checked = index === answer;
      label.dataset.state = marked ? (item.options[index].right ? "right" : "wrong") : "";
      label.querySelector(".hep-why").hidden = !marked;
    });
  return {
    node: element("fieldset", {}, element("legend", { html: item.question }), ...labels),
    show,
  };
}

function numberItem(spec, item, onAnswer) {
  const id = freshId("number");
  const input = element("input.hep-number", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-describedby": `${id}-unit`,
  });
  const verdict = element("p.hep-verdict", { "aria-live": "polite" });
  const submit = () => {
    const value = Number(input.value.trim().replace(",", ".").replace("−", "-"));
    if (input.value.trim() === "" || !Number.isFinite(value)) {
      verdict.dataset.state = "wrong";
      verdict.textContent = "Type a number, for example 2.5.";
      return;
    }
    show(value);
    onAnswer(value);
  };
  const show = (answer) => {
    const right = isRight(item, answer);
    if (answer !== undefined && answer !== null) input.value = String(answer);
    else input.value = "";
    verdict.dataset.state =
      right === undefined || spec.feedback === "later" ? "" : right ? "right" : "wrong";
    verdict.innerHTML =
      right === undefined || spec.feedback === "later"
        ? ""
        : right
          ? `Right. ${item.why}`
          : `Not yet. ${nearMiss(item, answer)}`;
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      submit();
    }
  });
  const button = element("button.hep-primary", { type: "button", onclick: submit }, "Check");
  const row = element(
    "div.hep-row",
    {},
    input,
    element("span", { id: `${id}-unit` }, item.unit),
    button,
  );
  return {
    node: element(
      "fieldset",
      {},
      element("legend", {}, element("label", { for: id, html: item.question })),
      row,
      verdict,
    ),
    show,
  };
}

function nearMiss(item, answer) {
  const close = (value) =>
    Math.abs(answer - value) <= Math.max(item.tolerance, Math.abs(value) * 0.02);
  return item.misses.find((miss) => close(miss.value))?.why ?? item.hint;
}

/** What a quiz does with an answer: kept in the browser where the card says so. */
function remember(spec, answers) {
  if (spec.keep) keep(spec.id, answers);
}

function recall(spec) {
  return spec.keep ? kept(spec.id) : {};
}
