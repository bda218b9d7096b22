// One line to K.: a sentence of the reader's own, what she would take from it, and what she answers.
// The record keeps it; the last notebook makes a letter of all lines.

import { element, freshId } from "../../parts/dom.js";
import { RECORD_EVENT, today } from "../../parts/record.js";
import { notebookAddress, verdictShape } from "../claims/card.js";

/** The line of a notebook as the record holds it: {line, reading}, empty where nothing is kept. */
export function lineOf(record, notebook, many) {
  const { line, reading } = record.get("letter", notebook) ?? {};
  const fits = Number.isInteger(reading) && reading >= 0 && reading < many;
  return { line: typeof line === "string" ? line : "", reading: fits ? reading : null };
}

/** Mount the line. */
export function mount(card) {
  const letter = { card, spec: card.spec, draft: false };
  letter.kept = () => lineOf(card.record, letter.spec.notebook, letter.spec.readings.length);
  letter.keep = (entry) =>
    card.record.put("letter", letter.spec.notebook, { ...entry, on: today() });
  const parts = { pen: penOf(letter), choice: choiceOf(letter), answer: answerOf(letter) };
  return {
    views: [parts.pen.node, parts.choice.node, parts.answer.node],
    connect: () => follow(card),
    lay: ({ sentence, views: [pen, choice, answer] }) => [pen, ...sentence, choice, answer],
    draw: () => {
      const kept = letter.kept();
      Object.values(parts).forEach((part) => part.show(kept));
      return { written: kept.line ? 1 : 0, picked: kept.reading === null ? 0 : 1 };
    },
  };
}

/** Paint whenever the record changes, here or in another tab, as long as the card is there. */
export function follow(card) {
  const paint = () => {
    if (card.root.isConnected) card.paint();
    else removeEventListener(RECORD_EVENT, paint);
  };
  addEventListener(RECORD_EVENT, paint);
  card.record.ready.then(paint);
}

// ---- writing ----

function penOf(letter) {
  const { most } = letter.spec;
  const id = freshId("line");
  const text = element("textarea", { id, rows: 3, maxlength: most, spellcheck: "true" });
  const left = element("span.hep-letter-left", { "aria-hidden": "true" });
  const hand = element("button.hep-primary", { type: "button" }, "Let her read it");
  const label = element("label", { for: id }, "Your one sentence to K.");
  const actions = element("div.hep-actions", {}, hand, left);
  const node = element("div.hep-letter-pen", {}, label, text, actions);
  const ready = () => {
    const words = text.value.trim();
    letter.draft = words !== letter.kept().line;
    hand.disabled = !words || !letter.draft;
    left.textContent = `${text.value.length} of ${most} letters`;
  };
  text.addEventListener("input", () => {
    ready();
    letter.card.paint();
  });
  hand.addEventListener("click", () => {
    letter.draft = false;
    letter.keep({ line: text.value.trim(), reading: null });
  });
  const show = ({ line }) => {
    if (!letter.draft && text.value.trim() !== line) text.value = line;
    ready();
  };
  return { node, show };
}

// ---- reading ----

function choiceOf(letter) {
  const name = freshId("reading");
  const radios = letter.spec.readings.map(({ place, text }) => {
    const keep = () => letter.keep({ ...letter.kept(), reading: place });
    const input = element("input", { type: "radio", name, value: place, onchange: keep });
    return element("label.hep-option", {}, input, element("span", { html: text }));
  });
  const legend = element("legend", {}, "What would she take from it? Choose the nearest.");
  const node = element("fieldset.hep-letter-readings", {}, legend, ...radios);
  const show = ({ line, reading }) => {
    node.hidden = !line || letter.draft;
    radios.forEach((label) => {
      label.firstChild.checked = Number(label.firstChild.value) === reading;
    });
  };
  return { node, show };
}

function answerOf(letter) {
  const { card, spec } = letter;
  const node = element("div.hep-letter-answer", { "aria-live": "polite" });
  let told = null;
  const show = ({ reading }) => {
    node.hidden = reading === null || letter.draft;
    if (told === reading) return; // a screen reader hears an answer once
    told = reading;
    const found = spec.readings.find(({ place }) => place === reading);
    node.replaceChildren(...(found ? answerTo(card, found) : []));
  };
  return { node, show };
}

function answerTo(card, { answers, claim }) {
  return [
    element(
      "blockquote.hep-letter-said",
      {},
      element("p", { html: `“${answers}”` }),
      element("footer", {}, "K."),
    ),
    claimLine(card, claim),
    element(
      "p.hep-letter-again",
      {},
      "Not what you meant? Change your sentence and let her read it again.",
    ),
  ];
}

/** The article's sentence behind a reading, with its verdict or where that is opened. */
function claimLine(card, claim) {
  const words = `The article, ${claim.key}: “${claim.words}”. `;
  return element("p.hep-letter-claim", {}, words, ...verdictWords(card, claim));
}

function verdictWords(card, { verdict, opened }) {
  if (verdict) return ["Our verdict: ", verdictMark(verdict)];
  const href = notebookAddress(opened.file, location.pathname, card.host.shareable);
  const target = card.host.shareable ? null : "_blank";
  return [
    "Its verdict is opened in ",
    element("a", { href, target }, `notebook ${opened.key}`),
    "; if you have been there, you know it.",
  ];
}

/** A verdict as a word with its mark. */
export function verdictMark(verdict) {
  return element(
    "span.hep-letter-verdict",
    {},
    verdictShape(verdict),
    element("strong", {}, verdict),
  );
}
