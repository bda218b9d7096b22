// A hundred livers side by side: each falls from what it was at the stop to what it is now, in an
// order that the reader chooses; below, how many are no longer cirrhotic, year after year.

import { herdTables, shareShape, shareTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  putLayers,
  trialDiamonds,
  trialFill,
  trialGrid,
  trialKeys,
  trialLines,
  trialScale,
  trialStroke,
  trialSpots,
  trialText,
  trialVeil,
  viewOf,
} from "../virtual_trial/marks.js";
import { arrived, countOf, cutLine, drawnAs } from "./marks.js";
import { shareChart } from "./shares.js";

const SORTS = [
  { of: (liver) => liver.years, low: "shortest cause", high: "longest" },
  { of: (liver) => liver.stop, low: "least scar at the stop", high: "most" },
  { of: (liver) => liver.chi, low: "hardest to digest", high: "easiest" },
  { of: () => 0, low: "in no order", high: "" },
];
const HEIGHT = 270;
const TOP = 32; // % of area at the top of the picture

/** The view of livers in an order. */
export function viewSorted(spec) {
  const herd = viewOf("Each line a liver: from the day of the stop down to now", "livers");
  const shares = viewOf("Below the line, of a hundred", "shares");
  herd.node.append(
    trialKeys([
      ["circle", trialStroke("good", 2), "below the line"],
      ["diamond", trialFill("collagen"), "above it: cirrhosis"],
      ["line", trialStroke("muted", 2), "what it has lost since the stop"],
    ]),
  );
  const keys = [
    ["line", trialStroke("ink", 2.5), "these people"],
    ["square", trialFill("accent", 'opacity="0.3"'), "nine of ten draws of a hundred"],
    ...(spec.data.published ? [["circle", trialFill("collagen"), spec.data.published.label]] : []),
  ];
  shares.node.append(trialKeys(keys));
  const cut = spec.model.parameters.find(({ name }) => name === "cut_F4").value;
  const scope = (v, runs) => scopeOf(v, runs, spec.years, cut);
  const values = [
    valuesOfNamed(herd.node, herd.title, herdTables),
    valuesOfNamed(shares.node, shares.title, shareTables, shareShape),
  ];
  const draw = (v, runs, veiled) => {
    const found = scope(v, runs);
    const order = inOrder(v, runs[0].livers);
    const t = spec.years.indexOf(v.after);
    const lines = [lineOf(order, spec.years, cut)];
    values[0].follow({ order, t, cut }, veiled);
    values[1].follow({ years: spec.years, lines, ...spec.data }, veiled);
    if (veiled) {
      herd.picture.innerHTML = trialVeil(herd.width(), HEIGHT);
      shares.picture.innerHTML = trialVeil(shares.width(), 190);
      return found;
    }
    putLayers(herd.picture, herdPicture(order, v, t, cut, herd.width(), found));
    const drawn = shareChart(shares.width(), spec.years, lines, v, spec.data);
    putLayers(shares.picture, { ...drawn, told: values[1].id });
    return found;
  };
  return {
    nodes: [herd.node, shares.node],
    values,
    runs: (v) => [drawnAs(v)],
    scope,
    draw,
  };
}

/** Those below the ceiling, in the chosen order. */
function inOrder(v, livers) {
  const { of } = SORTS[v.sort];
  return livers.filter(({ stop }) => stop < v.ceiling).sort((a, b) => of(a) - of(b));
}

function scopeOf(v, runs, years, cut) {
  const order = inOrder(v, runs[0].livers);
  const t = years.indexOf(v.after);
  const back = (some, at = t) => countOf(some, ({ area }) => area[at] < cut);
  const n = order.length;
  const quarter = Math.floor(n / 4);
  const { ready, n: come } = arrived(runs);
  return {
    ready,
    people: v.people,
    n: ready ? n : come,
    left_out: v.people - n,
    back: back(order),
    earlier: back(order, Math.max(t - 1, 0)),
    never: countOf(order, ({ stop }) => stop < cut),
    share: n ? (100 * back(order)) / n : 0,
    quarter,
    first: back(order.slice(0, quarter)),
    last: back(order.slice(n - quarter)),
    after: v.after,
    sort: v.sort,
    ceiling: v.ceiling,
    seed: v.seed,
  };
}

/** Share no longer cirrhotic at each reported year, in per cent. */
function lineOf(livers, years, cut) {
  const share = (t) => (100 * countOf(livers, ({ area }) => area[t] < cut)) / livers.length;
  return {
    values: livers.length ? years.map((_, t) => share(t)) : [],
    paint: ["ink", 2.5],
    label: "these people",
  };
}

function herdPicture(order, v, t, cut, width, { n, back }) {
  const left = 34,
    x = (i) => Number((left + 6 + ((width - left - 12) * (i + 0.5)) / v.people).toFixed(1)),
    y = trialScale(0, TOP, HEIGHT - 24, 14);
  const grid = trialGrid([0, 10, 20, 30], y, left, width);
  const size = Math.max(2.3, Math.min(3.4, width / 220));
  const falls = order.map(({ stop, area }, i) => [x(i), y(stop), x(i), y(area[t])]);
  const [below, above] = [(now) => now < cut, (now) => now >= cut].map((holds) =>
    falls.filter((_, i) => holds(order[i].area[t])).map(([at, , , now]) => [at, now]),
  );
  const marks =
    trialSpots(below, size, trialStroke("good", 1.8)) +
    trialDiamonds(above, size, trialFill("collagen"));
  const sort = SORTS[v.sort];
  const words =
    trialText(left, HEIGHT - 4, sort.low) +
    trialText(width, HEIGHT - 4, sort.high, 'text-anchor="end"') +
    trialText(left + 4, 11, "collagen area, %");
  return {
    width,
    height: HEIGHT,
    label: `${n} livers ${sort.high ? `from ${sort.low} to ${sort.high}` : sort.low}; ${back} of them below F4`,
    layers: [
      grid,
      trialLines(falls, trialStroke("muted", 1.2, 'opacity="0.6"')) + marks,
      cutLine(left, width, y(cut)) + words,
    ],
  };
}
