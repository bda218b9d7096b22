// All predictions of a reader in one picture: each guess as a ghost beside what the model did.

import { element } from "../../parts/dom.js";
import { notebookAddress } from "../claims/card.js";
import { follow } from "../letter/card.js";
import { readGuess, toldOf } from "./guesses.js";
import { markOf, pictureOf } from "./picture.js";

const LEGEND = [
  [{ kind: "choose", right: true }, "your choice was the model's"],
  [{ kind: "choose", right: false }, "you had another idea"],
  [{ skipped: true }, "skipped"],
  [null, "not asked yet"],
];

/** Mount the picture; it follows the record. */
export function mount(card) {
  const picture = element("div.hep-ghosts");
  const words = element("details.hep-ghosts-words");
  return {
    views: [picture, legendOf(), words],
    connect: () => follow(card),
    lay: ({ sentence, views }) => [...sentence, ...views],
    draw: () => {
      const groups = groupsOf(card);
      const guesses = groups.flatMap(({ cards }) => cards.map(({ guess }) => guess));
      picture.replaceChildren(...groups.map((group) => groupRow(card, group)));
      words.replaceChildren(...wordsOf(groups));
      words.hidden = !guesses.some(Boolean);
      return toldOf(guesses.filter(Boolean));
    },
  };
}

/** The notebooks with their cards and guesses; last what no notebook asks any more. */
function groupsOf({ spec, record }) {
  const kept = record.all("predictions");
  const known = new Set(spec.notebooks.flatMap(({ cards }) => cards));
  const withGuess = (id) => ({ id, guess: readGuess(kept[id]) });
  const groups = spec.notebooks.map((each) => ({ ...each, cards: each.cards.map(withGuess) }));
  const others = Object.keys(kept).filter((id) => !known.has(id));
  const rest = others.map(withGuess).filter(({ guess }) => guess);
  return rest.length ? [...groups, { key: "", cards: rest }] : groups;
}

function groupRow(card, { key, file, question, cards }) {
  const name = key ? `${key} · ${question}` : "From cards that the course no longer has";
  const heading = element("h4", {}, key ? link(card, file, "", {}, name) : name);
  const small = ({ guess }) => !guess || guess.skipped || guess.kind === "choose";
  const marks = cards.filter(small).map((each) => tile(card, file, each));
  const tiles = cards.filter((each) => !small(each)).map((each) => tile(card, file, each));
  const row = element("div.hep-ghosts-row", {}, element("div.hep-ghosts-marks", {}, ...marks));
  row.append(...tiles);
  return element("section.hep-ghosts-notebook", { "aria-label": name }, heading, row);
}

/** One prediction, as a link to its card. */
function tile(card, file, { id, guess }) {
  const says = guess ? tellIn(guess) : "Not asked yet";
  const made = { title: says, "aria-label": says, "data-ghost": id };
  const inside = element("span", { html: pictureOf(guess) });
  const node = file
    ? link(card, file, id, made, inside)
    : element("span", { ...made, role: "img" }, inside);
  if (guess && !guess.skipped && guess.kind !== "choose")
    node.append(element("small", { "aria-hidden": "true" }, guess.asked));
  return node;
}

const tellIn = ({ asked, skipped, you, model }) =>
  skipped ? `${asked}: skipped` : `${asked}: you ${you}; the model ${model}`;

function link(card, file, id, attributes, ...inside) {
  const onSite = card.host.shareable;
  const address = notebookAddress(file, location.pathname, onSite);
  const href = id && onSite ? `${address}#${id}` : address;
  return element("a", { href, target: onSite ? null : "_blank", ...attributes }, ...inside);
}

function legendOf() {
  const mark = ([guess, words]) =>
    element("span", {}, element("i", { html: markOf(guess) }), words);
  const lines =
    '<svg viewBox="0 0 28 20" aria-hidden="true"><path d="M1 6h26" class="own"/><path d="M1 14h26" class="model"/></svg>';
  const pair = element("span", {}, element("i", { html: lines }), "dashed: you, solid: the model");
  return element("p.hep-ghosts-key", {}, ...LEGEND.map(mark), pair);
}

// ---- the same in words ----

function wordsOf(groups) {
  const heads = ["Notebook", "What it was about", "You", "The model"];
  const rows = groups.flatMap(({ key, cards }) =>
    cards.filter(({ guess }) => guess).map(({ guess }) => wordRow(key, guess)),
  );
  const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name)));
  const table = element(
    "table.hep-table",
    {},
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  );
  const named = { tabindex: "0", role: "region", "aria-label": "All predictions as a table" };
  return [
    element("summary", {}, "All predictions in words"),
    element("div.hep-scroll", named, table),
  ];
}

function wordRow(key, { asked, you, model }) {
  const cells = [asked, you, model].map((text) => element("td", {}, text));
  return element("tr", {}, element("th", { scope: "row" }, key || "–"), ...cells);
}
