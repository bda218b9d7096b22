// The letter to K.: the reader's lines in order, the verdict on what she takes from each, and a
// button that copies it. Nothing is sent anywhere.

import { element } from "../../parts/dom.js";
import { notebookAddress } from "../claims/card.js";
import { follow, lineOf, verdictMark } from "../letter/card.js";

const GREETING = "Dear K.,";

/** Mount the letter. */
export function mount(card) {
  const paper = element("div.hep-letter-paper");
  const missing = element("div.hep-letter-missing");
  const copying = copyOf();
  return {
    views: [paper, copying.node, missing],
    connect: () => follow(card),
    lay: ({ sentence, views }) => [...sentence, ...views],
    draw: () => {
      const lines = linesIn(card.record, card.spec.lines);
      const written = lines.filter(({ line }) => line);
      paper.replaceChildren(...(written.length ? paperOf(written) : []));
      paper.hidden = !written.length;
      copying.show(written);
      missing.replaceChildren(...missingOf(card, lines));
      const picked = written.filter(({ reading }) => reading).length;
      return { written: written.length, picked, total: lines.length };
    },
  };
}

/** Each notebook's line with the reading that the reader chose, undefined where there is none. */
function linesIn(record, lines) {
  return lines.map((each) => {
    const { line, reading } = lineOf(record, each.key, each.readings.length);
    return { ...each, line, reading: each.readings[reading] };
  });
}

/** The letter as plain text: the lines, and then what stands behind each. */
export function letterText(lines) {
  const notes = lines
    .filter(({ reading }) => reading)
    .map(({ key, reading: { text, claim } }) => {
      const verdict = `The article (${claim.key}): “${claim.words}”. Our verdict on that: ${claim.verdict}.`;
      return `${key} · She may take from it: “${plain(text)}” ${verdict}`;
    });
  const body = [GREETING, ...lines.map(({ line }) => line)].join("\n\n");
  return notes.length ? `${body}\n\n——\n\n${notes.join("\n")}\n` : `${body}\n`;
}

const plain = (html) => html.replaceAll(/<[^>]*>/g, "");

// ---- the paper ----

function paperOf(lines) {
  return [element("p.hep-letter-line", {}, GREETING), ...lines.map(lineRow)];
}

function lineRow({ key, line, reading }) {
  return element(
    "div.hep-letter-row",
    {},
    element("p.hep-letter-line", {}, line),
    element(
      "aside.hep-letter-margin",
      { "aria-label": `Notebook ${key}` },
      ...marginOf(key, reading),
    ),
  );
}

function marginOf(key, reading) {
  if (!reading) return [`${key} · not yet read with her eyes`];
  const { text, claim } = reading;
  return [
    element("p", {}, `${key} · She takes from it: `, element("em", { html: text })),
    element(
      "p",
      {},
      `The article (${claim.key}): “${claim.words}”. Our verdict on that: `,
      verdictMark(claim.verdict),
    ),
  ];
}

// ---- what is missing ----

function missingOf(card, lines) {
  const link = ({ key, file, question }) => {
    const address = notebookAddress(file, location.pathname, card.host.shareable);
    const target = card.host.shareable ? null : "_blank";
    const href = card.host.shareable ? `${address}#letter-${key}` : address;
    return element("li", {}, element("a", { href, target }, `${key} · ${question}`));
  };
  const open = lines.filter(({ line }) => !line);
  if (!open.length) return [];
  const heading = element("h4", {}, "Not written yet");
  return [heading, element("ul", {}, ...open.map(link))];
}

// ---- copying ----

/** A button that copies; where the browser forbids it, the text is laid out and marked. */
function copyOf() {
  const said = element("p.hep-note", { role: "status", hidden: true });
  const text = element("textarea", {
    readonly: true,
    rows: 8,
    hidden: true,
    "aria-label": "The letter as text",
  });
  const button = element("button", { type: "button" }, "Copy the letter");
  const node = element("div.hep-letter-copy", {}, button, said, text);
  let words = "";
  button.addEventListener("click", async () => {
    said.textContent = await copied(words, text);
    said.hidden = false;
  });
  const show = (lines) => {
    node.hidden = !lines.length;
    words = letterText(lines);
    if (text.value !== words) said.hidden = true;
    text.value = words;
  };
  return { node, show };
}

async function copied(words, text) {
  try {
    await navigator.clipboard.writeText(words);
    return "Copied. It went nowhere else.";
  } catch {
    // the browser forbids the clipboard on this page
    text.hidden = false;
    text.select();
    return "This browser does not let a page copy. The text is marked: copy it with the keyboard.";
  }
}
