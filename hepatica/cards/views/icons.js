// An array of icons: a hundred people in groups, each group with a colour, a shape and its number
// in words.

import { element, putText } from "../parts/dom.js";
import { functionOf } from "../engine/code.js";

const ICON_NARROW = 480; // px; below this, ten people a row instead of twenty
const ICON_MARKS = {
  // in a cell of 20 by 20
  circle: '<circle cx="10" cy="10" r="6.5" fill="currentColor"/>',
  ring: '<circle cx="10" cy="10" r="5.4" fill="none" stroke="currentColor" stroke-width="2"/>',
  diamond: '<path d="M10 1.5 18.5 10 10 18.5 1.5 10Z" fill="currentColor"/>',
  "open-diamond":
    '<path d="M10 3 17 10 10 17 3 10Z" fill="none" stroke="currentColor" stroke-width="2.4"/>',
  square: '<rect x="3" y="3" width="14" height="14" fill="currentColor"/>',
  triangle: '<path d="M10 2 18.5 17.5H1.5Z" fill="currentColor"/>',
  cross: '<path d="M4 4 16 16M16 4 4 16" fill="none" stroke="currentColor" stroke-width="3.4"/>',
};

/**
 * Whole numbers in the proportions of `values` that add up to `people`; the largest remainders
 * round up.
 * @param {number[]} values what each group counts, in any unit, none below 0
 * @param {number} people how many to share out
 * @returns {number[]}
 */
export function wholePeople(values, people) {
  const kept = values.map((value) => Math.max(0, value)),
    total = kept.reduce((sum, value) => sum + value, 0) || 1;
  const exact = kept.map((value) => (value / total) * people),
    whole = exact.map((value) => Math.floor(value + 1e-9));
  const order = exact
    .map((value, i) => [value - whole[i], i])
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const missing = people - whole.reduce((sum, count) => sum + count, 0);
  for (let k = 0; k < missing; k++) whole[order[k][1]] += 1;
  return whole;
}

/**
 * Put an array of icons on the page.
 * @param {HTMLElement} container
 * @param {object} view the array's part of the card's JSON: people and groups
 * @returns {{draw: function}} draw(run, veiled)
 */
export function createIcons(container, view) {
  const box = element("div", { style: "margin: 0.25rem 0" });
  const groups = view.groups.map((group) => ({
    ...group,
    count: functionOf(group),
    words: element("strong", { style: "font-variant-numeric: tabular-nums" }),
  }));
  const key = (group) =>
    element(
      "li",
      {},
      element("span.hep-key", {
        "aria-hidden": "true",
        style: `color: var(--${group.role})`,
        html: iconSample(group.mark),
      }),
      element("span", {}, group.words, ` ${group.label}`),
    );
  container.append(box, element("ul.hep-legend", {}, ...groups.map(key)));
  const state = { counts: null, shown: "" };
  const paint = () => {
    const columns = container.clientWidth && container.clientWidth < ICON_NARROW ? 10 : 20;
    const wanted = `${columns}:${state.counts}`;
    if (wanted === state.shown) return;
    state.shown = wanted;
    box.innerHTML = iconArray(groups, state.counts, view.people, columns, view.title);
  };
  new ResizeObserver(paint).observe(container);
  return {
    draw(run, veiled) {
      state.counts = veiled
        ? null
        : wholePeople(
            groups.map((group) => group.count(run.scope)),
            view.people,
          );
      groups.forEach((group, i) => {
        putText(group.words, state.counts ? String(state.counts[i]) : "?");
      });
      paint();
    },
  };
}

function iconSample(mark) {
  return `<svg viewBox="0 0 20 20" width="18" height="18">${ICON_MARKS[mark]}</svg>`;
}

/** The picture: one mark per person, row by row; neutral rings while the answer is veiled. */
function iconArray(groups, counts, people, columns, title) {
  const marks = counts
    ? counts.flatMap((count, i) =>
        Array(count).fill(`style="color: var(--${groups[i].role})">${ICON_MARKS[groups[i].mark]}`),
      )
    : Array(people).fill(`style="color: var(--line)">${ICON_MARKS.ring}`);
  const cells = marks.map(
    (mark, i) =>
      `<g transform="translate(${26 * (i % columns) + 3} ${26 * Math.floor(i / columns) + 3})" ${mark}</g>`,
  );
  const words = counts
    ? groups.map((group, i) => `${counts[i]} ${group.label}`).join(", ")
    : "hidden until you have predicted";
  const label = `${title || "People"}: of ${people} people, ${words}.`
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;");
  const height = 26 * Math.ceil(people / columns);
  return `<svg class="hep-icons" role="img" aria-label="${label}" viewBox="0 0 ${26 * columns} ${height}" style="display: block; width: 100%; max-width: 34rem">${cells.join("")}</svg>`;
}
