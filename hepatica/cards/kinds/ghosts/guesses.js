// Predictions as the record keeps them, read for one picture: what was guessed, what the model did,
// how far apart the two are. A record may come from a file, so nothing in it is trusted.

import { isSkipped, stations } from "../../engine/guess.js";
import { formatNumber } from "../../engine/rules.js";
import { toShare } from "../../parts/draw.js";

const POINTS = [1, 2, 3, 4, 5];
const READERS = { choose: readChoice, draw: readDrawn, share: readShare, order: readOrder };

/**
 * A prediction for the picture, or null if the entry is none.
 * @param {object} entry of the record's `predictions`, see parts/recall.js
 * @returns {{kind: string, asked: string, skipped: boolean, apart: ?number, you: string,
 * model: string}} with what its picture needs; `apart` runs from 0 (alike) to 1, null where nothing
 * measures it
 */
export function readGuess(entry) {
  const read = Object.hasOwn(READERS, entry?.kind ?? "") ? READERS[entry.kind] : null;
  if (!read) return null;
  const asked = plain(entry.title) || plain(entry.question);
  const base = { kind: entry.kind, asked, skipped: false, apart: null, you: "", model: "" };
  if (isSkipped(entry.given)) return { ...base, skipped: true, you: "skipped" };
  const found = read(entry);
  return found && { ...base, ...found };
}

/** The words of a short text of a card, without its markup. */
export function plain(text) {
  if (typeof text !== "string") return "";
  const signs = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  const bare = text.replaceAll(/<[^>]*>/g, "");
  return bare.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => signs[name]).trim();
}

function readChoice({ text, right, answer }) {
  const as = right === true;
  return { right: as, you: plain(text), model: as ? "the same" : plain(answer) };
}

const isNumbers = (row) => Array.isArray(row) && row.every(Number.isFinite);

const isAxis = (axis) =>
  isNumbers(axis?.range) && axis.range.length === 2 && axis.range[0] < axis.range[1];

function readDrawn({ given, model, axes }) {
  const guess = POINTS.map((n) => given?.[n]);
  const sound = isNumbers(guess) && isNumbers(model) && model.length === POINTS.length;
  if (!sound || !isAxis(axes?.x) || !isAxis(axes?.y)) return null;
  const up = (row) => row.map((value) => toShare(axes.y, value));
  const [yours, own] = [up(guess), up(model)];
  const apart = yours.reduce((sum, share, n) => sum + Math.abs(share - own[n]), 0) / POINTS.length;
  const words = (row) => `${row.map((each) => formatNumber(each, "2s")).join(", ")}${unit(axes.y)}`;
  const at = stations(axes.x).map((each) => formatNumber(each, "2s"));
  const where = `${plain(axes.y.label)} at ${at.join(", ")}${unit(axes.x)}: `;
  return { yours, own, apart, you: where + words(guess), model: words(model) };
}

const unit = (axis) => (plain(axis.unit) ? ` ${plain(axis.unit)}` : "");

function readShare({ given, answer, of }) {
  if (!isNumbers([given, answer])) return null;
  const words = (share) => `${formatNumber(share, "0f")} ${plain(of) || "of a hundred"}`;
  const apart = Math.min(1, Math.abs(given - answer) / 100);
  return { share: given, answer, apart, you: words(given), model: words(answer) };
}

function readOrder({ items }) {
  const ranks = Array.isArray(items) ? items.map((item) => item?.rank) : [];
  if (ranks.length < 2 || !isNumbers(ranks)) return null;
  const pairs = ranks.flatMap((rank, i) => ranks.slice(i + 1).map((later) => rank > later));
  const text = (row) => row.map((item) => plain(item.text)).join(", ");
  const own = items.toSorted((a, b) => a.rank - b.rank);
  const apart = pairs.filter(Boolean).length / pairs.length;
  return { ranks, apart, you: text(items), model: apart ? text(own) : "the same" };
}

const FAR = 0.1; // of the axis, of all or of the pairs; below that a guess and the model agree

/** Numbers and words of all predictions, in the names of the card's sentence. */
export function toldOf(guesses) {
  const given = guesses.filter(({ skipped }) => !skipped);
  const choices = given.filter(({ kind }) => kind === "choose");
  const others = choices.filter(({ right }) => !right);
  const measured = given.filter(({ apart }) => apart !== null);
  const [farthest] = measured.toSorted((a, b) => b.apart - a.apart);
  const far = farthest && farthest.apart > FAR ? farthest : null;
  const surprise = far ?? others.at(-1) ?? null;
  return {
    predicted: given.length,
    choices: choices.length,
    right: choices.length - others.length,
    traced: measured.length,
    near: measured.filter(({ apart }) => apart <= FAR).length,
    skipped: guesses.length - given.length,
    surprised: surprise ? 1 : 0,
    surprise: surprise ? `“${surprise.asked}”` : "",
  };
}
