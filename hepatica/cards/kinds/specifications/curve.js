// The picture of all analyses: one line per interval, sorted by effect, ratios and differences each
// on their own axis with no effect at one height; and the strips that say who made which choice.

import { element, putAttribute } from "../../parts/dom.js";

const GAP = 70; // empty places between ratios and differences
const RATIO = Math.log(10); // the ends of the axis: a tenth and ten times
const DIFFERENCE = 0.3; // thirty deaths in a hundred

/**
 * Give each specification its place in the row, sorted by effect: ratios, a gap, differences.
 * @returns {object[]} the same objects with `x`; `wide` and `ratios` on the list say how much room
 * all and the ratios take
 */
export function placed(all) {
  const sorted = [...all].sort((one, two) => one.centre - two.centre);
  const ratios = sorted.filter(({ measure }) => measure !== "RD");
  const differences = sorted.filter(({ measure }) => measure === "RD");
  ratios.forEach((each, n) => Object.assign(each, { x: n + 0.5 }));
  differences.forEach((each, n) => Object.assign(each, { x: ratios.length + GAP + n + 0.5 }));
  const wide = all.length + GAP;
  return Object.assign(all, { wide, ratios: ratios.length });
}

/** The height of an effect, 0 (many more deaths) to 100 (far fewer). */
const heightOf = (value, measure) => {
  const end = measure === "RD" ? DIFFERENCE : RATIO;
  return 50 - 50 * Math.max(-1, Math.min(1, value / end));
};

const lineOf = ({ x, low, high, measure }) =>
  `M${x} ${heightOf(low, measure).toFixed(1)}V${heightOf(high, measure).toFixed(1)}`;
const pathOf = (list, of) => list.map(of).join("");
const svgOf = (inside) => `<svg preserveAspectRatio="none" aria-hidden="true">${inside}</svg>`;

/** The curve with its two axes. */
export function createCurve() {
  const names = ["all-no", "all-yes", "in-no", "in-yes", "centres"];
  const paths = names.map((name) => `<path class="${name}"/>`).join("");
  const plot = element("div.hep-specs-plot", { html: svgOf(paths) });
  const mine = element("i.hep-specs-mine", { hidden: true });
  plot.append(mine);
  const axis = (words, ticks) =>
    element(
      "div.hep-specs-ticks",
      {},
      element("small", {}, words),
      ...ticks.map((tick) => element("span", {}, tick)),
    );
  const left = axis("ratio", ["10", "1", "0.1"]);
  const right = axis("per 100", ["+30", "0", "−30"]);
  const box = element("div.hep-specs-curve", { "aria-hidden": "true" }, left, plot, right);
  const title = element("p.hep-view-title", {}, "Each line one analysis with its 95 % interval");
  const node = element("div.hep-view", {}, title, box, legend());
  const [svg] = plot.children;
  return { node, draw: (all, fit) => drawCurve(svg, names, mine, all, fit) };
}

function legend() {
  const item = (name, words) => element("li", {}, element("i", { "data-mark": name }), words);
  return element(
    "ul.hep-legend.hep-specs-legend",
    {},
    item("yes", "excludes no effect"),
    item("no", "does not"),
    item("mine", "yours"),
    element("li.hep-specs-ends", {}, "up: more deaths with cells, down: fewer"),
  );
}

function drawCurve(svg, names, mine, all, fit) {
  const excludes = ({ high }) => high < 0;
  const split = (list) => [list.filter((each) => !excludes(each)), list.filter(excludes)];
  const whole = fit.length === all.length;
  const lists = [...split(whole ? [] : all), ...split(fit)];
  putAttribute(svg, "viewBox", `0 0 ${all.wide} 100`);
  const drawn = lists.map((list) => pathOf(list, lineOf));
  const dot = (each) => `M${each.x} ${heightOf(each.centre, each.measure).toFixed(1)}v0.01`;
  drawn.push(pathOf(all, dot));
  names.forEach((name, n) => putAttribute(svg.querySelector(`.${name}`), "d", drawn[n]));
  markOne(mine, all, fit);
}

function markOne(mine, all, fit) {
  mine.hidden = fit.length !== 1;
  if (mine.hidden) return;
  const [{ x, low, centre, high, measure }] = fit;
  const top = heightOf(high, measure);
  const reach = heightOf(low, measure) - top;
  mine.style.left = `${((100 * x) / all.wide).toFixed(2)}%`;
  mine.style.top = `${top.toFixed(1)}%`;
  mine.style.height = `${reach.toFixed(1)}%`;
  mine.style.setProperty(
    "--at",
    `${((100 * (heightOf(centre, measure) - top)) / reach).toFixed(1)}%`,
  );
}

/** Where on the curve the analyses of one choice stand. */
export function createStrip() {
  const node = element("span.hep-specs-strip", {
    "aria-hidden": "true",
    html: svgOf('<path class="all-no"/><path class="all-yes"/>'),
  });
  const draw = (own, wide) => {
    const [svg] = node.children;
    putAttribute(svg, "viewBox", `0 0 ${wide} 10`);
    const tick = ({ x }) => `M${x} 0V10`;
    const [no, yes] = svg.children;
    putAttribute(
      no,
      "d",
      pathOf(
        own.filter(({ high }) => high >= 0),
        tick,
      ),
    );
    putAttribute(
      yes,
      "d",
      pathOf(
        own.filter(({ high }) => high < 0),
        tick,
      ),
    );
  };
  return { node, draw };
}
