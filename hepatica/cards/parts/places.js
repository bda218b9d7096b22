// Where a reader is and was, in the record: the section at hand and the sections read of each
// notebook, and what they amount to. The pages (places.js) and JupyterLab (follow.js) keep them.

import { MOST } from "../engine/review.js";
import { element } from "./dom.js";
import { today } from "./record.js";

export const DWELL = 2000; // ms; whoever rushes past a section's end has not read it

/** "06" of "…/06_when_the_liver_fails.html"; "" of other addresses. */
export const numberOf = (path) =>
  /(?:^|\/)(\d\d)_[^/]*$/.exec(path.replace(/[?#].*$/, ""))?.[1] ?? "";

/** A section as it is kept: the heading's anchor, how it is named, its minutes. */
export function sectionOf(heading, minutes) {
  const words = heading.trim();
  const found = /^(\d+) · /.exec(words);
  const name = found ? `section ${found[1]}` : `“${words}”`;
  return { id: words.replace(/\s/g, "-"), name, minutes };
}

/**
 * Keep the place in a notebook.
 * @param {object} record
 * @param {string} number of the notebook
 * @param {object[]} sections all of them, see `sectionOf`
 * @param {number} index the section at hand
 * @param {boolean} read whether it has been read; the place at hand stays then
 */
export function keepPlace(record, number, sections, index, read) {
  const before = record.get("places", number);
  const ids = sections.map(({ id }) => id);
  const seen = seenIn(before).filter((id) => ids.includes(id));
  if (read && !seen.includes(ids[index])) seen.push(ids[index]);
  const section = read && before ? before.section : ids[index];
  if (before?.of && section === before.section && seen.length === seenIn(before).length) return;
  const left = sections.filter(({ id }) => !seen.includes(id));
  record.put("places", number, {
    section,
    name: (sections.find(({ id }) => id === section) ?? sections[index]).name,
    seen,
    of: ids.length,
    left: left.reduce((sum, { minutes }) => sum + minutes, 0),
    on: today(),
    when: Date.now(),
  });
}

/** A name as it is kept; a store may hold anything, half a sign too, which no address takes. */
const wordOf = (kept) => (typeof kept === "string" ? kept.toWellFormed() : "");

/** The sections read; a store may hold anything. */
const seenIn = (place) => (Array.isArray(place?.seen) ? place.seen : []);

/**
 * How far a notebook is read: "read", "3 of 11 sections", "begun" (where only quizzes tell), or ""
 * when it is not begun.
 */
function progressOf(place) {
  const read = seenIn(place).length;
  if (!read) return "";
  if (!(place.of > 0)) return "begun";
  return read >= place.of ? "read" : `${read} of ${place.of} sections`;
}

/** The notebook that was open last, and whether it is read to its end. */
export function lastPlace(places) {
  const all = Object.entries(places).toSorted(([, a], [, b]) => (b.when ?? 0) - (a.when ?? 0));
  if (!all.length) return null;
  const [number, place] = all[0];
  return { number, ...place, done: progressOf(place) === "read" };
}

/** How many questions wait for the review today, at most a day's share. */
const waitingToday = (answers, day) =>
  Math.min(MOST, Object.values(answers).filter(({ due }) => due && due <= day).length);

/** How many of them were missed the last time. */
const missedToday = (answers, day) =>
  waitingToday(
    Object.fromEntries(
      Object.entries(answers).filter(([, { right, last }]) => (last ?? right) === false),
    ),
    day,
  );

/**
 * Where to go on, as a line with a link, or null.
 * @param {object|null} place see `lastPlace`
 * @param {object[]} notebooks of the course in order: {number, href, minutes}
 * @param {object} more attributes of the link
 */
export function continueLine(place, notebooks, more = {}) {
  const at = notebooks.findIndex(({ number }) => number === place?.number);
  const next = notebooks[place?.done ? at + 1 : at];
  if (at < 0 || !next) return null;
  const { number, href, minutes } = next;
  if (place.done) return lineOf("Next", { href, ...more }, `${number}, ${minutes} minutes`);
  const words = [number, wordOf(place.name), leftIn(place)].filter(Boolean).join(", ");
  const there = `${href}#${encodeURIComponent(wordOf(place.section))}`;
  return lineOf("Continue", { href: there, ...more }, words);
}

/** "12 minutes left", where the sections of the notebook are known. */
function leftIn({ left }) {
  const minutes = Math.max(1, Math.round(left));
  return Number.isFinite(left) ? `${minutes} ${minutes === 1 ? "minute" : "minutes"} left` : "";
}

/** What is due today, as a line with a link, or null. */
export function reviewLine(answers, attributes) {
  const due = waitingToday(answers, today());
  if (!due) return null;
  const missed = missedToday(answers, today());
  const asked = `${due} ${due === 1 ? "question" : "questions"}`;
  const some = missed ? `, ${missed} that you missed` : " today";
  return lineOf("Review", attributes, asked + (missed === due ? " that you missed" : some));
}

const lineOf = (label, attributes, words) =>
  element("p", {}, element("a", attributes, element("strong", {}, `${label}: `), words));

/**
 * Say beside each link how far its notebook is read; one that leads to a card of the route says
 * whether that was answered.
 */
export function markLinks(record, links) {
  const places = record.all("places");
  for (const link of links) {
    const href = link.getAttribute("href");
    const number = numberOf(href);
    const card = /#(.+)$/.exec(href)?.[1];
    const words = card ? doneWords(record, card) : number ? progressOf(places[number]) : "";
    showMark(link, words === "read" ? "✓ read" : words);
  }
}

const doneWords = (record, card) => (isAnswered(record, card) ? "✓ done" : "");

/** Whether a card's question was answered: its prediction, or an item of a quiz. */
function isAnswered(record, card) {
  if (record.get("predictions", card)) return true;
  return Object.keys(record.all("answers")).some((key) => key.startsWith(`${card}/`));
}

function showMark(link, words) {
  let mark = link.querySelector(".progress");
  if (words && !mark) {
    mark = element("span.progress");
    (link.querySelector(".subject") ?? link).append(mark);
  }
  if (!words) mark?.remove();
  else if (mark.textContent !== words) mark.textContent = words;
}
