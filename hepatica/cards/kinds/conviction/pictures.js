// The two pictures: z after each trial under its boundary, and prior, trials and both together.

import { normalDensity } from "../../engine/distributions.js";
import { formatNumber } from "../../engine/rules.js";
import { beliefTables, boundaryShape, boundaryTables } from "../../engine/told_trials.js";
import { element, putAttribute } from "../../parts/dom.js";
import { valuesOfNamed } from "../../views/values.js";

const [WIDE, HIGH] = [420, 250];
const FIELD = { left: 40, right: 408, top: 12, bottom: 205 };
const MOST = 8; // z at the top
const RATIOS = [0.2, 0.5, 1, 2]; // marks of the axis of risk ratios
const [LEAST, LARGEST] = [Math.log(0.15), Math.log(3)];
const POINTS = 121;

const across = (share) => FIELD.left + share * (FIELD.right - FIELD.left);
const up = (share) => FIELD.bottom - share * (FIELD.bottom - FIELD.top);
const at = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
const text = (x, y, words, more = "") => `<text x="${x}" y="${y}" ${more}>${words}</text>`;
const line = (x1, y1, x2, y2, name) => `<path class="${name}" d="M${at(x1, y1)}L${at(x2, y2)}"/>`;

function pictureOf(title, words, frame) {
  const node = element("div.hep-view.hep-conviction", {
    "data-view": "chart",
    role: "group",
    "aria-label": title,
  });
  const svg = `<svg class="hep-trial-svg" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label="${words}">${frame}<g></g></svg>`;
  node.append(element("p.hep-view-title", {}, title), element("div", { html: svg }));
  const say = (numbers) =>
    putAttribute(
      node.querySelector("svg"),
      "aria-label",
      `${words}: ${numbers ?? "hidden until you have answered"}`,
    );
  return { node, marks: node.querySelector("g"), say };
}

// ---- the boundary ----

/** z after each trial, the boundary, and how far the information reaches. */
export function boundaryPicture() {
  const ticks = [0, 2, 4, 6, 8];
  const frame = [
    line(FIELD.left, FIELD.bottom, FIELD.right, FIELD.bottom, "axis"),
    ...ticks.map((z) => text(FIELD.left - 8, up(z / MOST) + 4, z, 'text-anchor="end"')),
    line(FIELD.left, up(NORMAL_Z / MOST), FIELD.right, up(NORMAL_Z / MOST), "usual"),
    text(FIELD.right, up(NORMAL_Z / MOST) + 16, "1.96", 'text-anchor="end"'),
  ].join("");
  const title = "The pool’s z after each trial: is it enough?";
  const { node, marks, say } = pictureOf(title, "z after each trial and its boundary", frame);
  const draw = (found) => {
    marks.innerHTML = found ? boundaryMarks(found) : "";
    say(found && boundaryWords(found));
  };
  const values = valuesOfNamed(node, title, boundaryTables, boundaryShape);
  putAttribute(node.querySelector("svg"), "aria-describedby", values.id);
  return { node, draw, values };
}

const NORMAL_Z = 1.96;

/** The last look against its boundary. */
function boundaryWords({ looks, needed, heights, last }) {
  const n = looks.length - 1;
  const [z, limit] = [looks[n].z, heights[n]].map((value) => formatNumber(value, "2f"));
  return (
    `after ${looks.length} trials z is ${z} where the boundary is ${limit}, ` +
    `with ${last.people} of ${Math.round(needed)} people`
  );
}

function boundaryMarks({ looks, needed, times, ahead, heights, last }) {
  const all = [...times, ...ahead];
  const high = heights.map((z) => up(Math.min(z, MOST) / MOST));
  const path = all.map((time, n) => `${n ? "L" : "M"}${at(across(time), high[n])}`).join("");
  const places = looks.map(({ z }, n) => [across(times[n]), up(Math.max(z, 0) / MOST)]);
  const track = places.map(([x, y], n) => `${n ? "L" : "M"}${at(x, y)}`).join("");
  const dots = places.map(
    ([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4.5"/>`,
  );
  const bottom = FIELD.bottom + 18;
  const x = across(last.people / needed);
  return [
    `<path class="boundary" d="${path}"/>`,
    text(across(0.62), up(heights.at(-2) / MOST) - 34, "boundary", 'class="words"'),
    `<path class="track" d="${track}"/>`,
    ...dots,
    text(Math.min(x, across(0.72)), bottom, `${last.people}`, 'text-anchor="middle" class="own"'),
    text(FIELD.right, bottom, `${Math.round(needed)}`, 'text-anchor="end"'),
    text(FIELD.right, bottom + 18, "people of one planned trial", 'text-anchor="end"'),
  ].join("");
}

// ---- the prior ----

/** Prior, trials and posterior over the risk ratio. */
export function beliefPicture() {
  const place = (ratio) => across((Math.log(ratio) - LEAST) / (LARGEST - LEAST));
  const frame = [
    line(FIELD.left, FIELD.bottom, FIELD.right, FIELD.bottom, "axis"),
    line(place(1), FIELD.bottom, place(1), FIELD.top, "usual"),
    ...RATIOS.map((ratio) => text(place(ratio), FIELD.bottom + 18, ratio, 'text-anchor="middle"')),
    text(FIELD.left, FIELD.bottom + 36, "← fewer deaths"),
    text(FIELD.right, FIELD.bottom + 36, "more deaths →", 'text-anchor="end"'),
  ].join("");
  const title = "What you believed, what the trials say, what you may believe";
  const { node, marks, say } = pictureOf(title, "Prior, trials and posterior", frame);
  const kinds = ["prior", "trials", "after"];
  const words = { prior: "prior", trials: "the trials alone", after: "both: the posterior" };
  const item = (kind) => element("li", {}, element("i", { "data-mark": kind }), words[kind]);
  node.append(element("ul.hep-legend.hep-conviction-legend", {}, ...kinds.map(item)));
  const draw = (found) => {
    const top = found ? Math.max(...kinds.map((kind) => 0.4 / found[kind].sd)) : 1;
    marks.innerHTML = found
      ? kinds.map((kind) => `<path class="${kind}" d="${bell(found[kind], top)}"/>`).join("")
      : "";
    say(found && kinds.map((kind) => beliefWords(words[kind], found[kind])).join("; "));
  };
  const values = valuesOfNamed(node, title, (found) => beliefTables(found, words));
  return { node, draw, values };
}

/** The middle and the 95 % of a belief, as risk ratios. */
function beliefWords(name, { mean, sd }) {
  const [low, middle, high] = [-NORMAL_Z, 0, NORMAL_Z].map((by) =>
    formatNumber(Math.exp(mean + by * sd), "2f"),
  );
  return `${name} ${middle} (${low} to ${high})`;
}

function bell({ mean, sd }, top) {
  let path = "";
  for (let n = 0; n < POINTS; n++) {
    const x = LEAST + ((LARGEST - LEAST) * n) / (POINTS - 1);
    const height = normalDensity((x - mean) / sd) / sd / top;
    path += `${n ? "L" : "M"}${at(across(n / (POINTS - 1)), up(height))}`;
  }
  return path;
}
