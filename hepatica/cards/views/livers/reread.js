// The same livers, read by two needles: lines from the first reading to the second.

import { pairTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_MARKS,
  trialFill,
  trialGrid,
  trialKeys,
  trialLine,
  trialScale,
  trialStroke,
  trialSvg,
  trialText,
  trialVeil,
  viewOf,
} from "../virtual_trial/marks.js";
import { arrived, countOf, cutLine, drawnAs } from "./marks.js";

const HEIGHT = 300;
const TOP = 45; // % of area; a needle may read more than there is

/** The view of two readings. */
export function viewReread(spec) {
  const pairs = viewOf("Each line a liver: the first needle, and the second", "livers");
  pairs.node.append(
    trialKeys([
      ["circle", trialStroke("good", 2), "below F4 the second time"],
      ["diamond", trialFill("collagen"), "F4 again"],
    ]),
  );
  const cut = spec.model.parameters.find(({ name }) => name === "cut_F4").value;
  const at = ({ weeks }) => spec.years.indexOf(spec.data.weeks[String(weeks)]);
  const scope = (v, runs) => {
    const [{ livers }] = runs;
    const t = at(v);
    const below = (read) => countOf(livers, (liver) => read(liver) < cut);
    return {
      ...arrived(runs),
      people: v.people,
      weeks: v.weeks,
      truth: v.truth,
      seed: v.seed,
      lower: below(({ reading }) => reading[t]),
      below: below(({ area }) => area[t]),
      never: below(({ stop }) => stop),
    };
  };
  const values = valuesOfNamed(pairs.node, pairs.title, pairTables);
  const draw = (v, runs, veiled) => {
    const both = runs[0].livers.map(pairOf(v, at(v)));
    values.follow({ pairs: both, cut }, veiled);
    pairs.picture.innerHTML = veiled
      ? trialVeil(pairs.width(), HEIGHT)
      : pairsPicture(both, v, cut, pairs.width());
    return scope(v, runs);
  };
  return { nodes: [pairs.node], values: [values], runs: (v) => [drawnAs(v)], scope, draw };
}

/** The first and the second reading of a liver, or its true areas. */
const pairOf =
  ({ truth }, t) =>
  ({ stop, area, read, reading }) =>
    truth ? [stop, area[t]] : [read, reading[t]];

function pairsPicture(pairs, { truth, weeks }, cut, width) {
  const y = trialScale(0, TOP, HEIGHT - 26, 12);
  const [left, right] = [0.26, 0.8].map((share) => Math.round(share * width));
  const grid = trialGrid([0, 10, 20, 30, 40], y, 30, width);
  const pair = ([first, second]) => {
    const back = second < cut;
    const role = back ? "good" : "muted";
    const mark = back
      ? TRIAL_MARKS.circle(right, y(second), 3.2, trialStroke("good", 1.8))
      : TRIAL_MARKS.diamond(right, y(second), 2.6, trialFill("collagen"));
    const line = trialLine(left, y(first), right, y(second), trialStroke(role, back ? 1.6 : 0.8));
    return line + TRIAL_MARKS.diamond(left, y(first), 2.6, trialFill("collagen")) + mark;
  };
  const second = weeks ? `${weeks} weeks later` : "the same day";
  const words =
    trialText(left, HEIGHT - 6, "at entry", 'text-anchor="middle"') +
    trialText(right, HEIGHT - 6, second, 'text-anchor="middle"') +
    trialText(34, 11, truth ? "collagen area, %" : "collagen area as read, %");
  const below = countOf(pairs, ([, then]) => then < cut);
  return trialSvg(
    width,
    HEIGHT,
    `Collagen area of ${pairs.length} livers at entry and ${second}: ${below} then below the line`,
    grid + pairs.map(pair).join("") + cutLine(30, width, y(cut)) + words,
  );
}
