// A quiz: choices or numbers with a unit; every option is explained. Answers given stay with the reader.

import { element, freshId } from "../../parts/dom.js";

/** Mount a quiz; `host.get().answers` maps the number of an item to the answer given. */
export function mount(root, spec, host) {
  const answers = { ...recall(spec), ...host.get().answers };
  const score = element("p.hep-score", { "aria-live": "polite" });
  const items = spec.items.map((item, index) => MAKERS_OF_ITEMS[item.type](spec, item, (answer) => {
    answers[index] = answer;
    remember(spec, answers);
    host.set({ answers: { ...answers } }, true);
    tell();
  }));
  const tell = () => { score.textContent = scoreLine(spec, answers); };
  const list = element("ol.hep-questions", {}, ...items.map((item) => element("li.hep-item", {}, item.node)));
  const again = element("button", { type: "button", onclick: () => { Object.keys(answers).forEach((key) => delete answers[key]); items.forEach((item) => item.show(undefined)); remember(spec, answers); host.set({ answers: {} }, true); tell(); } }, "Start again");
  root.append(list, score, element("div.hep-actions", {}, again));
  host.onChange((values) => items.forEach((item, index) => { answers[index] = values.answers?.[index]; item.show(answers[index]); }));
  items.forEach((item, index) => item.show(answers[index]));
  tell();
}

const MAKERS_OF_ITEMS = { choice: choiceItem, number: numberItem };

/** Whether an answer to an item is right; undefined while there is none. */
export function isRight(item, answer) {
  if (answer === undefined || answer === null) return undefined;
  if (item.type === "choice") return Boolean(item.options[answer]?.right);
  return Math.abs(answer - item.answer) <= item.tolerance;
}

function scoreLine(spec, answers) {
  const given = spec.items.filter((_, index) => answers[index] !== undefined && answers[index] !== null).length;
  if (!given) return "";
  if (spec.feedback === "later") return `${given} of ${spec.items.length} answered. Your answers are kept; you meet them again in the last notebook.`;
  const right = spec.items.filter((item, index) => isRight(item, answers[index])).length;
  return `${right} of ${given} right, ${spec.items.length - given} to go.`;
}

function choiceItem(spec, item, onAnswer) {
  const name = freshId("item");
  const labels = item.options.map((option, index) => {
    const input = element("input", { type: "radio", name, value: index });
    input.addEventListener("change", () => { show(index); onAnswer(index); });
    return element("label.hep-option", {}, input, element("span", { html: option.text }), element("p.hep-why", { html: option.why, hidden: true }));
  });
  const show = (answer) => labels.forEach((label, index) => {
    const marked = spec.feedback !== "later" && index === answer;
    label.firstChild.checked = index === answer;
    label.dataset.state = marked ? (item.options[index].right ? "right" : "wrong") : "";
    label.querySelector(".hep-why").hidden = !marked;
  });
  return { node: element("fieldset", {}, element("legend", { html: item.question }), ...labels), show };
}

function numberItem(spec, item, onAnswer) {
  const id = freshId("number");
  const input = element("input.hep-number", { id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": `${id}-unit` });
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
    verdict.dataset.state = right === undefined || spec.feedback === "later" ? "" : right ? "right" : "wrong";
    verdict.innerHTML = right === undefined || spec.feedback === "later" ? "" : right ? `Right. ${item.why}` : `Not yet. ${nearMiss(item, answer)}`;
  };
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); submit(); } });
  const button = element("button.hep-primary", { type: "button", onclick: submit }, "Check");
  const row = element("div.hep-row", {}, input, element("span", { id: `${id}-unit` }, item.unit), button);
  return { node: element("fieldset", {}, element("legend", {}, element("label", { for: id, html: item.question })), row, verdict), show };
}

function nearMiss(item, answer) {
  const close = (value) => Math.abs(answer - value) <= Math.max(item.tolerance, Math.abs(value) * 0.02);
  return item.misses.find((miss) => close(miss.value))?.why ?? item.hint;
}

/** Told to the window when answers have been kept, so that a card that compares them can follow. */
export const KEPT_EVENT = "hepatica:kept";

/** Answers that a quiz with this id has kept in this browser; none where storage is empty or switched off. */
export function keptAnswers(id) {
  try {
    return JSON.parse(localStorage.getItem(`hepatica:${id}`)) ?? {};
  } catch {
    return {}; // storage is switched off in this browser; the quiz works without it
  }
}

function recall(spec) {
  return spec.keep ? keptAnswers(spec.id) : {};
}

function remember(spec, answers) {
  if (!spec.keep) return;
  try {
    localStorage.setItem(`hepatica:${spec.id}`, JSON.stringify(answers));
    dispatchEvent(new Event(KEPT_EVENT));
  } catch {
    // storage is switched off in this browser; the quiz works without it
  }
}
