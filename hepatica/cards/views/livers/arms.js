// Two arms of a trial: how the collagen area of each liver changed, the means, and what the trial
// can say of their difference.

import { armTables, differenceTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_MARKS,
  trialFill,
  trialInterval,
  trialKeys,
  trialLine,
  trialNumber,
  trialScale,
  trialStroke,
  trialSvg,
  trialText,
  trialVeil,
  viewOf,
} from "../virtual_trial/marks.js";
import { arrived, drawnAs, meanOf } from "./marks.js";

const HEIGHT = 300;
const REACH = 15; // % of area of change at either end
const Z_95 = 1.96; // standard errors on each side of a 95 % interval

/** The view of two arms. */
export function viewArms(_spec) {
  const arms = viewOf("Change of the collagen area in 96 weeks, each dot a liver", "livers");
  const difference = viewOf("Drug minus placebo");
  arms.node.append(
    trialKeys([
      ["circle", trialStroke("muted", 1.6), "a liver"],
      ["diamond", trialFill("ink"), "mean of the arm"],
    ]),
  );
  difference.node.append(
    trialKeys([
      ["circle", trialFill("ink"), "what the trial found, with its 95 % interval"],
      ["triangle", trialFill("therapy"), "what the drug does in truth"],
    ]),
  );
  const values = [
    valuesOfNamed(arms.node, arms.title, armTables),
    valuesOfNamed(difference.node, difference.title, differenceTables),
  ];
  const draw = (v, runs, veiled) => {
    const found = scopeOf(v, runs);
    const changes = changesOf(v, runs);
    for (const one of values) one.follow({ arms: changes, found }, veiled);
    arms.picture.innerHTML = veiled
      ? trialVeil(arms.width(), HEIGHT)
      : armsPicture(changes, found, arms.width());
    difference.picture.innerHTML = veiled
      ? trialVeil(difference.width(), 96)
      : differencePicture(found, difference.width());
    return found;
  };
  return {
    nodes: [arms.node, difference.node],
    values,
    runs: (v) => [v.anti_lox, 0].map((dose) => drawnAs(v, { anti_lox: dose })),
    scope: scopeOf,
    draw,
  };
}

const changeOf = (truth) => (liver) =>
  truth ? liver.area[1] - liver.stop : liver.reading[1] - liver.read;

/** Changes of the drug's arm and of the placebo's: the first half of the people, and the others. */
function changesOf({ people, truth }, [drug, placebo]) {
  const half = Math.floor(people / 2);
  return [
    drug.livers.slice(0, half).map(changeOf(truth)),
    placebo.livers.slice(half).map(changeOf(truth)),
  ];
}

function scopeOf(v, runs) {
  const own = { ...arrived(runs), people: v.people, anti_lox: v.anti_lox };
  const arms = changesOf(v, runs);
  const empty = { drug: 0, placebo: 0, difference: 0, low: 0, high: 0, effect: 0 };
  const base = { ...own, truth: v.truth, seed: v.seed, ...empty };
  if (arms.some(({ length }) => length < 2)) return base;
  const [drug, placebo] = arms.map(meanOf);
  const error = Math.sqrt(arms.reduce((sum, arm) => sum + variance(arm) / arm.length, 0));
  const [treated, not] = runs.map(({ livers }) => meanOf(livers.map(changeOf(1))));
  return {
    ...base,
    drug,
    placebo,
    difference: drug - placebo,
    low: drug - placebo - Z_95 * error,
    high: drug - placebo + Z_95 * error,
    effect: treated - not,
  };
}

function variance(numbers) {
  const mean = meanOf(numbers);
  return numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1);
}

function armsPicture(arms, { drug, placebo }, width) {
  const y = trialScale(-REACH, REACH, HEIGHT - 26, 12);
  const grid = [-10, 0, 10].map(
    (tick) =>
      trialLine(36, y(tick), width, y(tick), trialStroke(tick ? "line" : "muted", 1)) +
      trialText(32, y(tick) + 4, tick < 0 ? `−${-tick}` : tick, 'text-anchor="end"'),
  );
  const centres = [0.32, 0.78].map((share) => share * width);
  const wobble = (i) => (((i * 37) % 101) / 50 - 1) * 0.13 * width;
  const dots = arms.map((arm, k) =>
    arm
      .map((change, i) =>
        TRIAL_MARKS.circle(
          (centres[k] + wobble(i)).toFixed(1),
          y(change),
          2.6,
          trialStroke("muted", 1.2),
        ),
      )
      .join(""),
  );
  const means = [drug, placebo].map((mean, k) =>
    TRIAL_MARKS.diamond(centres[k], y(mean), 6, trialFill("ink")),
  );
  const words = ["drug", "placebo"].map((word, k) =>
    trialText(centres[k], HEIGHT - 6, word, 'text-anchor="middle"'),
  );
  return trialSvg(
    width,
    HEIGHT,
    `Change of the collagen area in two arms of ${arms[0].length} livers: mean ${trialNumber(drug)} with the drug, ${trialNumber(placebo)} with placebo`,
    [...grid, ...dots, ...means, ...words, trialText(40, 11, "% of area")].join(""),
  );
}

function differencePicture({ difference, low, high, effect }, width) {
  const x = trialScale(-3, 3, 20, width - 20);
  const ticks = [-2, -1, 0, 1, 2].map(
    (tick) =>
      trialLine(x(tick), 8, x(tick), 62, trialStroke(tick ? "line" : "muted", 1)) +
      trialText(x(tick), 78, tick < 0 ? `−${-tick}` : tick, 'text-anchor="middle"'),
  );
  const body =
    trialLine(x(low), 28, x(high), 28, trialStroke("ink", 2)) +
    TRIAL_MARKS.circle(x(difference), 28, 5, trialFill("ink")) +
    TRIAL_MARKS.triangle(x(effect), 50, 6, trialFill("therapy"));
  const words = trialText(width / 2, 93, "% of area", 'text-anchor="middle"');
  const label = `Drug minus placebo, % of area: ${trialInterval({ estimate: difference, low, high })}`;
  return trialSvg(width, 96, label, ticks.join("") + body + words);
}
