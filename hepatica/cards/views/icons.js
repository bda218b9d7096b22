// An array of icons: a hundred people in groups, each group with a colour, a shape and its number
// in words.

import { element, putText } from "../parts/dom.js";
import { functionOf } from "../engine/code.js";

const ICON_NARROW = 480; // px; below this, ten people a row instead of twenty
const ICON_MARKS = {
  // in a cell of 20 by 20, from its upper left corner: the path, and the width of an open mark's line
  circle: ["m3.5 10a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z"],
  ring: ["m4.6 10a5.4 5.4 0 1 0 10.8 0a5.4 5.4 0 1 0 -10.8 0z", 2],
  diamond: ["m10 1.5l8.5 8.5l-8.5 8.5l-8.5 -8.5z"],
  "open-diamond": ["m10 3l7 7l-7 7l-7 -7z", 2.4],
  square: ["m3 3h14v14h-14z"],
  triangle: ["m10 2l8.5 15.5h-17z"],
  cross: ["m4 4l12 12m0 -12l-12 12", 3.4],
};

/** One shape with a mark at each place: a browser draws it at once. */
function iconMarks(mark, places) {
  const [path, line] = ICON_MARKS[mark];
  const paint = line
    ? `fill="none" stroke="currentColor" stroke-width="${line}"`
    : 'fill="currentColor"';
  return `<path d="${places.map(([x, y]) => `M${x} ${y}${path}`).join("")}" ${paint}/>`;
}

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
 * @param {string} id of what describes the picture
 * @returns {{draw: function, drawn: function}} draw(run, veiled); drawn() → people in each group
 */
export function createIcons(container, view, id) {
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
    box.innerHTML = iconArray(groups, state.counts, view, columns, id);
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
    drawn: () => state.counts,
  };
}

function iconSample(mark) {
  return `<svg viewBox="0 0 20 20" width="18" height="18">${iconMarks(mark, [[0, 0]])}</svg>`;
}

/** The picture: one mark per person, row by row; neutral rings while the answer is veiled. */
function iconArray(groups, counts, { people, title }, columns, id) {
  const place = (i) => [26 * (i % columns) + 3, 26 * Math.floor(i / columns) + 3];
  const rows = counts
    ? groups.map(({ role, mark }, i) => ({ role, mark, count: counts[i] }))
    : [{ role: "line", mark: "ring", count: people }];
  let first = 0;
  const shapes = rows.map(({ role, mark, count }) => {
    const places = Array.from({ length: count }, (_, i) => place(first + i));
    first += count;
    return `<g style="color: var(--${role})">${iconMarks(mark, places)}</g>`;
  });
  const label = (title || `${people} people`)
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;");
  const height = 26 * Math.ceil(people / columns);
  return `<svg class="hep-icons" role="img" aria-label="${label}" aria-describedby="${id}" viewBox="0 0 ${26 * columns} ${height}" style="display: block; width: 100%; max-width: 34rem">${shapes.join("")}</svg>`;
}
