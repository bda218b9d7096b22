// The same livers, read by two needles: lines from the first reading to the second.

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
  const draw = (v, runs, veiled) => {
    pairs.picture.innerHTML = veiled
      ? trialVeil(pairs.width(), HEIGHT)
      : pairsPicture(runs[0].livers, v, at(v), cut, pairs.width());
    return scope(v, runs);
  };
  return { nodes: [pairs.node], runs: (v) => [drawnAs(v)], scope, draw };
}

function pairsPicture(livers, { truth, weeks }, t, cut, width) {
  const y = trialScale(0, TOP, HEIGHT - 26, 12);
  const [left, right] = [0.26, 0.8].map((share) => Math.round(share * width));
  const grid = trialGrid([0, 10, 20, 30, 40], y, 30, width);
  const pair = (liver) => {
    const [first, second] = truth ? [liver.stop, liver.area[t]] : [liver.read, liver.reading[t]];
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
  const below = livers.filter((one) => (truth ? one.area[t] : one.reading[t]) < cut).length;
  return trialSvg(
    width,
    HEIGHT,
    `Collagen area of ${livers.length} livers at entry and ${second}: ${below} then below the line`,
    grid + livers.map(pair).join("") + cutLine(30, width, y(cut)) + words,
  );
}
