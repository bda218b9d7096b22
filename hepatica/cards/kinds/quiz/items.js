// The items of a quiz: a choice or a number. An answer counts once: then a choice is closed and
// says why the chosen option and the right one are what they are; a number may be tried again.

import { element, freshId } from "../../parts/dom.js";

/** Whether an answer to an item is right; undefined while there is none. */
export function isRight(item, answer) {
  if (answer === undefined || answer === null) return undefined;
  if (item.type === "choice") return Boolean(item.options[answer]?.right);
  return Math.abs(answer - item.answer) <= item.tolerance;
}

/**
 * One item.
 * @param {object} item its JSON
 * @param {object} ways {silent: no answer is marked; again: a choice stays open until it is right;
 * closed(): whether nothing may be changed any more}
 * @param {function} onAnswer onAnswer(given)
 * @returns {{node: HTMLElement, show: function}} show(answer) reflects an answer
 */
export function createItem(item, ways, onAnswer) {
  return { choice: choiceItem, number: numberItem }[item.type](item, ways, onAnswer);
}

// ---- a choice ----

function choiceItem(item, ways, onAnswer) {
  const name = freshId("item");
  const labels = item.options.map((option, index) => optionOf(name, option, index));
  const others = element("details.hep-others", { hidden: true });
  const legend = element("legend", { html: item.question });
  const node = element("fieldset", {}, legend, ...labels, others);
  const choose = () => {
    const chosen = labels.findIndex((label) => label.firstChild.checked);
    if (chosen >= 0) onAnswer(chosen);
  };
  commitOnChoice(node, choose);
  return { node, show: (answer) => showChoice(item, ways, labels, others, answer) };
}

function optionOf(name, option, index) {
  const input = element("input", { type: "radio", name, value: index });
  const why = element("p.hep-why", { html: option.why, hidden: true });
  return element("label.hep-option", {}, input, element("span", { html: option.text }), why);
}

/**
 * A click or a tap answers; the arrow keys only walk through the options, and Enter or the space
 * bar answers.
 */
function commitOnChoice(fields, choose) {
  let walking = false;
  fields.addEventListener("keydown", (event) => {
    walking = event.key.startsWith("Arrow");
    if (event.target.type !== "radio" || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.target.checked = true;
    choose();
  });
  fields.addEventListener("keyup", () => {
    walking = false;
  });
  fields.addEventListener("change", () => {
    if (!walking) choose();
  });
}

function showChoice(item, ways, labels, others, answer) {
  const right = item.options.findIndex((option) => option.right);
  const marked = (index) => !ways.silent && index === answer;
  const answered = answer !== undefined && answer !== null;
  const closed = ways.closed() || (answered && !ways.silent && !(ways.again && answer !== right));
  const told = closed && answered && !ways.silent;
  labels.forEach((label, index) => {
    label.firstChild.checked = index === answer;
    label.firstChild.disabled = closed;
    const shown = marked(index) || (told && index === right);
    label.dataset.state = shown ? (index === right ? "right" : "wrong") : "";
    label.querySelector(".hep-why").hidden = !shown;
  });
  showOthers(others, told ? item.options.filter((_, n) => n !== answer && n !== right) : []);
}

/** The replies to what was neither chosen nor right, folded. */
function showOthers(others, options) {
  others.hidden = !options.length;
  others.replaceChildren(
    element("summary", {}, options.length > 1 ? "The other answers" : "The other answer"),
    ...options.map(({ text, why }) =>
      element(
        "p.hep-other",
        {},
        element("strong", { html: text }),
        " ",
        element("span", { html: why }),
      ),
    ),
  );
}

// ---- a number ----

function numberItem(item, ways, onAnswer) {
  const id = freshId("number");
  const input = element("input.hep-number", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-describedby": `${id}-unit`,
  });
  const verdict = element("p.hep-verdict", { "aria-live": "polite" });
  const tried = { latest: undefined };
  const show = (answer) => showNumber(item, ways, { input, verdict, tried }, answer);
  const submit = () => {
    const value = numberIn(input.value);
    if (value === null) return sayOf(verdict, "wrong", askAgain(input.value));
    tried.latest = value;
    onAnswer(value);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    submit();
  });
  const button = element("button.hep-primary", { type: "button", onclick: submit }, "Check");
  const unit = element("span", { id: `${id}-unit` }, item.unit);
  const row = element("div.hep-row", {}, input, unit, button);
  const label = element("label", { for: id, html: item.question });
  return { node: element("fieldset", {}, element("legend", {}, label), row, verdict), show };
}

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const EITHER = /^[-+−]?[1-9]\d{0,2},\d{3}$/; // 1,500 is 1500 to some readers and 1.5 to others

/** The number that was typed, with a decimal point or comma; null for anything else, and for what
 * can be read in two ways. */
export function numberIn(text) {
  if (EITHER.test(text.trim())) return null;
  const plain = text.trim().replace(",", ".").replace("−", "-");
  const value = DECIMAL.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** What to type instead of something that is no number, or two. */
function askAgain(text) {
  if (!EITHER.test(text.trim())) return "Type a number, for example 2.5.";
  const [whole, part] = ["", "."].map((sign) => numberIn(text.replace(",", sign)));
  return `That can be read in two ways. Type ${whole} or ${part}.`;
}

function sayOf(verdict, state, html) {
  verdict.dataset.state = state;
  verdict.innerHTML = html;
}

/** The latest try is what is spoken of; the first one is what counts. */
function showNumber(item, ways, { input, verdict, tried }, first) {
  const answered = first !== undefined && first !== null;
  if (!answered) tried.latest = undefined;
  const latest = tried.latest ?? first;
  input.value = answered ? String(latest) : "";
  if (!answered || ways.silent) return sayOf(verdict, "", "");
  const right = isRight(item, latest);
  const counts = isRight(item, first) || !right ? "" : " The first answer counts as not yet.";
  return right
    ? sayOf(verdict, "right", `Right. ${item.why}${counts}`)
    : sayOf(verdict, "wrong", `Not yet. ${nearMiss(item, latest)}`);
}

function nearMiss(item, answer) {
  const close = (value) =>
    Math.abs(answer - value) <= Math.max(item.tolerance, Math.abs(value) * 0.02);
  return item.misses.find((miss) => close(miss.value))?.why ?? item.hint;
}
