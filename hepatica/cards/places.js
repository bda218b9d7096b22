// Where the reader is and was: on a lesson's page the section in view and the sections read, on the
// start page and the map of the course what they amount to.

import { MOST } from "./engine/review.js";
import { element } from "./parts/dom.js";
import { openRecord, RECORD_EVENT, today } from "./parts/record.js";

const DWELL = 2000; // ms; whoever rushes past a section's end has not read it

/** Keep the reader's place on this page, and show places where the page has room for them. */
export function startPlaces() {
  const record = openRecord(null);
  const number = numberOf(location.pathname);
  if (number && document.body.classList.contains("lesson")) watchSections(record, number);
  const show = () => {
    showStart(record);
    showMarks(record);
  };
  addEventListener(RECORD_EVENT, show);
  addEventListener("pageshow", show);
  show();
}

/** "06" of "…/06_when_the_liver_fails.html"; "" of other pages. */
const numberOf = (path) => /(?:^|\/)(\d\d)_[^/]*$/.exec(path)?.[1] ?? "";

// ---- on a lesson's page ----

/**
 * A section is in view from its heading on; it is read when its end, the heading after it, has
 * stayed on the screen for a moment.
 */
function watchSections(record, number) {
  const headings = [...document.querySelectorAll("main section > h2[data-minutes]")];
  const end = document.querySelector("nav.turn");
  if (!headings.length || !end) return;
  const marks = [...headings, end];
  const waiting = new Map();
  const follow = (entry) => {
    const index = marks.indexOf(entry.target);
    clearTimeout(waiting.get(index));
    if (!entry.isIntersecting) return;
    if (index < headings.length) keepPlace(record, number, headings, index, false);
    if (index > 0)
      waiting.set(
        index,
        setTimeout(() => keepPlace(record, number, headings, index - 1, true), DWELL),
      );
  };
  const watch = new IntersectionObserver((entries) => entries.forEach(follow), {
    rootMargin: "0px 0px -25% 0px",
  });
  marks.forEach((mark) => watch.observe(mark));
}

function keepPlace(record, number, headings, index, read) {
  const before = record.get("places", number);
  const ids = headings.map((heading) => heading.id);
  const seen = seenIn(before).filter((id) => ids.includes(id));
  if (read && !seen.includes(ids[index])) seen.push(ids[index]);
  const section = read && before ? before.section : ids[index];
  if (before && section === before.section && seen.length === seenIn(before).length) return;
  const left = headings.filter(({ id }) => !seen.includes(id)).map(minutesOf);
  record.put("places", number, {
    section,
    name: nameOf(headings.find(({ id }) => id === section) ?? headings[index]),
    seen,
    of: ids.length,
    left: left.reduce((sum, minutes) => sum + minutes, 0),
    on: today(),
    when: Date.now(),
  });
}

/** The sections read; a store may hold anything. */
const seenIn = (place) => (Array.isArray(place?.seen) ? place.seen : []);

const minutesOf = (heading) => Number(heading.dataset.minutes) || 0;

/** "section 3" of "3 · What relief costs"; other headings are named as they are. */
function nameOf(heading) {
  const words = heading.textContent.trim();
  const found = /^(\d+) · /.exec(words);
  return found ? `section ${found[1]}` : `“${words}”`;
}

// ---- on the start page ----

/**
 * How far a notebook is read: "read", "3 of 11 sections", "begun" (in JupyterLab, where only quizzes
 * tell), or "" when it is not begun.
 */
export function progressOf(place) {
  const read = seenIn(place).length;
  if (!read) return "";
  if (!place.of) return "begun";
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
export const waitingToday = (answers, day) =>
  Math.min(MOST, Object.values(answers).filter(({ due }) => due && due <= day).length);

function showStart(record) {
  const box = document.querySelector("[data-continue]");
  if (!box) return;
  const rows = [...document.querySelectorAll("[data-number]")];
  const due = waitingToday(record.all("answers"), today());
  const lines = [continueLine(lastPlace(record.all("places")), rows), reviewLine(due)];
  box.replaceChildren(...lines.filter(Boolean));
  box.hidden = !lines.some(Boolean);
}

function continueLine(place, rows) {
  const at = rows.findIndex((row) => row.dataset.number === place?.number);
  const row = place?.done ? rows[at + 1] : rows[at];
  if (at < 0 || !row) return null;
  const href = row.querySelector("a").getAttribute("href");
  const { number, minutes } = row.dataset;
  if (place.done) return lineOf("Next", href, `${number}, ${minutes} minutes`);
  const words = [number, place.name, leftIn(place)].filter(Boolean).join(", ");
  return lineOf("Continue", `${href}#${encodeURIComponent(place.section)}`, words);
}

/** "12 minutes left", where the sections of the notebook are known. */
function leftIn({ left }) {
  const minutes = Math.max(1, Math.round(left));
  return Number.isFinite(left) ? `${minutes} ${minutes === 1 ? "minute" : "minutes"} left` : "";
}

const reviewLine = (due) =>
  due
    ? lineOf(
        "Review",
        "review.html",
        `${due} ${due === 1 ? "question" : "questions"} of yours today`,
      )
    : null;

const lineOf = (label, href, words) =>
  element("p", {}, element("a", { href }, element("strong", {}, `${label}: `), words));

/** Marks on the start page's list, and on the map of the course in its first notebook. */
function showMarks(record) {
  const places = record.all("places");
  const links = document.querySelectorAll("[data-number] > a, main table a[href]");
  for (const link of links) {
    const number = numberOf(link.getAttribute("href").replace(/[?#].*$/, ""));
    const words = number ? progressOf(places[number]) : "";
    let mark = link.querySelector(".progress");
    if (words && !mark) {
      mark = element("span.progress");
      (link.querySelector(".subject") ?? link).append(mark);
    }
    if (!words) mark?.remove();
    else mark.textContent = words === "read" ? "✓ read" : words;
  }
}
