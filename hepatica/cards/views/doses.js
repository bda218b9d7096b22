// Doses of trials on one logarithmic scale: a row per trial, sorted, in lanes; yardsticks stand
// across all rows.

import { element } from "../parts/dom.js";
import { putLayers } from "./virtual_trial/marks.js";

const DOSE_ROW = 20; // px
const DOSE_LANE = 34;
const DOSE_TOP = 66; // room for the words of the yardsticks
const DOSE_NAMES = 152; // room for the names of the trials
const DOSE_SHAPES = {
  // around 0, 0
  vein: (look) => `<circle r="5.5" ${look}/>`,
  artery: (look) => `<path d="M0-7 7 0 0 7-7 0Z" ${look}/>`,
  portal: (look) => `<path d="M-5-5H5V5H-5Z" ${look}/>`,
  unknown: (look) => `<path d="M0-6.5 6 5H-6Z" ${look}/>`,
};

/**
 * Make a view of doses. The run's scope gives `type` (lane, 0: all), `route` (1, 2, 3; 0: all) and
 * `body_mass` (kg).
 * @param {HTMLElement} container
 * @param {object} view its part of the card's JSON: lanes with rows, routes, yardsticks, range
 * @param {string} id of what describes the picture
 * @returns {{draw: function}} draw(run, veiled)
 */
export function createDoses(container, view, id) {
  const box = element("div.hep-doses");
  const mark = (name) =>
    element("span.hep-key", {
      "aria-hidden": "true",
      html: `<svg viewBox="-15 -8 30 16" width="30" height="16">${DOSE_SHAPES[name](doseLook(false))}</svg>`,
    });
  const hollow = element("span.hep-key", {
    "aria-hidden": "true",
    html: `<svg viewBox="-15 -8 30 16" width="30" height="16">${DOSE_SHAPES.vein(doseLook(true))}</svg>`,
  });
  container.append(
    element(
      "ul.hep-legend",
      {},
      ...view.routes.map(({ name, label }) => element("li", {}, mark(name), label)),
      element("li", {}, hollow, "hollow: printed per kg"),
    ),
    box,
  );
  const state = { scope: null, veiled: false };
  let width = 0; // known without making the browser lay out the page in the midst of a drawing
  const paint = () => {
    if (state.scope && width) putLayers(box, { ...dosePicture(view, state, width), told: id });
  };
  new ResizeObserver(() => {
    width = container.clientWidth;
    paint();
  }).observe(container);
  return {
    draw: (run, veiled) => {
      Object.assign(state, { scope: run.scope, veiled });
      paint();
    },
  };
}

function doseLook(perKg) {
  return `fill="var(--${perKg ? "paper" : "therapy"})" stroke="var(--therapy)" stroke-width="2"`;
}

/**
 * The picture at a width in px; a yardstick's words stand to the left of its line, the trials'
 * names in a margin.
 */
function dosePicture(view, { scope, veiled }, width) {
  const [low, high] = view.range.map(Math.log10);
  const place = (cells) =>
    DOSE_NAMES + ((Math.log10(cells) - low) / (high - low)) * (width - DOSE_NAMES - 16);
  let y = DOSE_TOP;
  const parts = [];
  view.lanes.forEach((lane, i) => {
    const here = lane.rows.filter((row) => !scope.route || row.route === scope.route);
    const shown = !scope.type || scope.type === i + 1;
    const missing = shown ? here.filter((row) => !row.high).length : 0;
    parts.push(`<text class="hep-dose-lane" x="0" y="${y + 14}">${lane.label}</text>`);
    y += DOSE_LANE;
    for (const row of lane.rows.filter((candidate) => candidate.high)) {
      parts.push(
        doseRow(row, y, {
          place,
          factor: row.perKg ? scope.body_mass : 1,
          faint: !shown || !here.includes(row),
          veiled,
          width,
        }),
      );
      y += DOSE_ROW;
    }
    const note = missing === 1 ? "1 dose not read" : `${missing} doses not read`;
    parts.push(
      `<text class="hep-dose-note" x="${DOSE_NAMES - 12}" y="${y + 4.5}" text-anchor="end" opacity="${missing ? 1 : 0}">${note}</text>`,
    );
    y += DOSE_LANE - 8;
  });
  const bottom = y - 8;
  const ruler = doseRuler(view, place, bottom);
  const layers = [ruler, ...parts];
  return { width, height: bottom + 44, label: "Doses of trials", layers, name: "" };
}

function doseRow(row, y, { place, factor, faint, veiled, width }) {
  const name = `<text class="hep-dose-name" x="${DOSE_NAMES - 12}" y="${y + 4.5}" text-anchor="end">${row.name}</text>`;
  if (veiled) return `<g>${name}</g>`;
  const at = (cells) => place(cells * factor).toFixed(1);
  const middle = at(row.value ?? Math.sqrt(row.low * row.high));
  const bar =
    row.low < row.high
      ? `<line x1="${at(row.low)}" x2="${at(row.high)}" y1="${y}" y2="${y}" stroke="var(--therapy)" stroke-width="2"/>`
      : "";
  const track = `<line x1="${DOSE_NAMES}" x2="${width - 16}" y1="${y}" y2="${y}" stroke="var(--line)" stroke-width="0.5"/>`;
  const words = `${row.name}: ${row.printed} cells${row.infusions ? `, infusions ${row.infusions}` : ""}`;
  const shape = DOSE_SHAPES[["unknown", "vein", "artery", "portal"][row.route]](
    doseLook(row.perKg),
  );
  return `<g opacity="${faint ? 0.16 : 1}"><title>${words}</title>${track}${name}${bar}<g transform="translate(${middle} ${y})">${shape}</g></g>`;
}

function doseRuler({ range, yardsticks }, place, bottom) {
  const ticks = [];
  const step = place(10) - place(1) < 36 ? 2 : 1;
  for (let power = Math.log10(range[0]); power <= Math.log10(range[1]) + 1e-9; power += step) {
    const x = place(10 ** power).toFixed(1);
    ticks.push(
      `<line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 5}" stroke="var(--muted)"/><text class="hep-dose-tick" x="${x}" y="${bottom + 22}" text-anchor="middle">10<tspan dy="-6" font-size="12">${power}</tspan></text>`,
    );
  }
  const lines = yardsticks.map(({ at, words }) => {
    const x = place(at).toFixed(1);
    const written = words.map(
      (word, i) =>
        `<text class="hep-dose-yard" x="${x}" y="${14 + 16 * i}" text-anchor="middle">${word}</text>`,
    );
    return `${written.join("")}<line x1="${x}" x2="${x}" y1="${18 + 16 * (words.length - 1)}" y2="${bottom}" stroke="var(--hepatocyte)" stroke-width="2" stroke-dasharray="5 4"/>`;
  });
  const end = place(range[1]).toFixed(1);
  return `<line x1="${DOSE_NAMES}" x2="${end}" y1="${bottom}" y2="${bottom}" stroke="var(--muted)"/>${ticks.join("")}${lines.join("")}<text class="hep-dose-tick" x="${end}" y="${bottom + 40}" text-anchor="end">cells per infusion</text>`;
}
