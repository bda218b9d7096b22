// Bars of the atlas: a point, its interval and the span of its groups on an axis from nought; a
// ratio on an axis of equal steps up and down, with a line at one. The words beside them say the
// same, so they are hidden from screen readers.

import { element } from "../../parts/dom.js";

const FEWEST = 0.3; // ends of the axis of ratios
const MOST = 60;
const TICKS = [0.5, 1, 2, 5, 10, 20, 50];

/** How far along the axis of ratios a ratio stands, from 0 to 1. */
function ratioPlace(ratio) {
  const place = Math.log(ratio / FEWEST) / Math.log(MOST / FEWEST);
  return Math.min(1, Math.max(0, place));
}

const at = (share) => `${(100 * share).toFixed(2)}%`;

function stretch(kind, from, to) {
  return element(`span.hep-track-${kind}`, {
    style: `inset-inline-start:${at(from)};inline-size:${at(to - from)}`,
  });
}

const point = (share) =>
  element("span.hep-track-point", { style: `inset-inline-start:${at(share)}` });

/** A number on an axis from 0 to `most`. */
export function track({ most, value, low, high, groups }) {
  const parts = [
    value === null ? null : stretch("run", 0, value / most),
    groups ? stretch("groups", groups[0] / most, groups[1] / most) : null,
    low === null ? null : stretch("span", low / most, high / most),
    value === null ? null : point(value / most),
  ];
  return element("div.hep-track", { "aria-hidden": "true" }, ...parts);
}

/** The numbers under a bar. */
export function trackAxis(most) {
  const marks = [0, most / 2, most].map((number) => tick(number / most, String(number)));
  return element("div.hep-track-axis", { "aria-hidden": "true" }, ...marks);
}

const tick = (share, words) => element("span", { style: `inset-inline-start:${at(share)}` }, words);

/** A ratio with its interval, on an axis of equal ratios; the line stands at one. */
export function ratioTrack({ value, low, high }) {
  const place = (ratio) => ratioPlace(ratio);
  const bar = element(
    "div.hep-track",
    { "aria-hidden": "true" },
    stretch("one", place(1), place(1)),
    low === null ? null : stretch("span", place(low), place(high)),
    value === null ? null : point(place(value)),
  );
  const marks = TICKS.map((ratio) => tick(place(ratio), String(ratio)));
  return [bar, element("div.hep-track-axis", { "aria-hidden": "true" }, ...marks)];
}
