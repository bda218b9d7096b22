// Places on the pages: on a lesson's page the section in view and the sections read are kept; the
// start page, and the map of the course in its first notebook, show what they amount to.

import {
  DWELL,
  continueLine,
  keepPlace,
  lastPlace,
  markLinks,
  numberOf,
  reviewLine,
  sectionOf,
} from "./parts/places.js";
import { openRecord, RECORD_EVENT } from "./parts/record.js";

/** Keep the reader's place on this page, and show places where the page has room for them. */
export function startPlaces() {
  const record = openRecord(null);
  const number = numberOf(location.pathname);
  if (number && document.body.classList.contains("lesson")) watchSections(record, number);
  const show = () => {
    showStart(record);
    const shown = "[data-number] > a, [data-stop] > a, main table a[href]";
    markLinks(record, document.querySelectorAll(shown));
  };
  addEventListener(RECORD_EVENT, show);
  addEventListener("pageshow", show);
  show();
}

/**
 * A section is in view from its heading on; it is read when its end, the heading after it, has
 * stayed on the screen for a moment.
 */
function watchSections(record, number) {
  const headings = [...document.querySelectorAll("main section > h2[data-minutes]")];
  const end = document.querySelector("nav.turn");
  if (!headings.length || !end) return;
  const sections = headings.map(({ id, textContent, dataset }) => ({
    ...sectionOf(textContent, Number(dataset.minutes) || 0),
    id,
  }));
  const marks = [...headings, end];
  const waiting = new Map();
  const follow = (entry) => {
    const index = marks.indexOf(entry.target);
    clearTimeout(waiting.get(index));
    if (!entry.isIntersecting) return;
    if (index < headings.length) keepPlace(record, number, sections, index, false);
    const readBefore = () => keepPlace(record, number, sections, index - 1, true);
    if (index > 0) waiting.set(index, setTimeout(readBefore, DWELL));
  };
  const watch = new IntersectionObserver((entries) => entries.forEach(follow), {
    rootMargin: "0px 0px -25% 0px",
  });
  marks.forEach((mark) => watch.observe(mark));
}

function showStart(record) {
  const box = document.querySelector("[data-continue]");
  if (!box) return;
  const notebooks = [...document.querySelectorAll("[data-number]")].map((row) => ({
    ...row.dataset,
    href: row.querySelector("a").getAttribute("href"),
  }));
  const lines = [
    continueLine(lastPlace(record.all("places")), notebooks),
    reviewLine(record.all("answers"), { href: "review.html" }),
  ];
  box.replaceChildren(...lines.filter(Boolean));
  box.hidden = !lines.some(Boolean);
}
