// The view of power.

import { patientsFor, powerOf } from "../../engine/distributions.js";
import { powerShape, powerTables, repeatTables } from "../../engine/told_trials.js";
import { element, putText } from "../../parts/dom.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_MARKS,
  putLayers,
  trialFill,
  trialGrid,
  trialKeys,
  trialLine,
  trialScale,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

const DRAWN = 60; // steps of an integral that a curve shows: right to less than its width

/** How many trials of a size see a true effect, with the sizes of real trials on the curve. */
export function viewPower() {
  const curve = viewOf("Trials out of a hundred that find the effect, by size"),
    repeats = viewOf("The same trial, a hundred times");
  curve.node.append(
    trialKeys([
      ["circle", trialFill("accent"), "your trial"],
      ["triangle", trialFill("macrophage"), "a real randomised trial of cells, at its size"],
    ]),
  );
  const names = element("p.hep-part-text"),
    list = element(
      "details.hep-parts-folded",
      {},
      element("summary", {}, "The real trials and their sizes"),
      names,
    );
  curve.node.append(list);
  repeats.node.append(
    trialKeys([
      ["square", trialFill("therapy"), "finds it"],
      ["square", trialStroke("muted", 1.6), "misses it"],
    ]),
  );
  const values = [
    valuesOfNamed(curve.node, curve.title, powerTables, powerShape),
    valuesOfNamed(repeats.node, repeats.title, repeatTables),
  ];
  const draw = (v, data, veiled) => {
    const arms = Math.round(v.n),
      power = powerOf(arms, v.benefit, v.sd_change),
      needed = patientsFor(0.8, v.benefit, v.sd_change);
    const told = { v, trials: data.trials, needed, found: Math.round(100 * power) };
    for (const one of values) one.follow(told, veiled);
    if (veiled) {
      curve.picture.innerHTML = trialVeil(curve.width(), 300);
      repeats.picture.innerHTML = trialVeil(repeats.width(), 120);
    } else {
      const drawn = powerPicture(v, data.trials, needed, curve.width());
      putLayers(curve.picture, { ...drawn, told: values[0].id });
      putLayers(repeats.picture, powerRepeats(told.found, repeats.width()));
    }
    putText(names, namesOf(data.trials));
    const large = data.trials.filter(
      (trial) => powerOf(trial.perArm, v.benefit, v.sd_change) >= 0.8,
    ).length;
    const found = 100 * power;
    return {
      n: arms,
      benefit: v.benefit,
      spread: v.sd_change,
      found,
      needed,
      large,
      trials: data.trials.length,
    };
  };
  return { nodes: [curve.node, repeats.node], values, buttons: [], draw };
}

/** The real trials and their sizes, the largest first. */
function namesOf(trials) {
  const one = (trial) => `${trial.name}: ${trial.treated} + ${trial.control}`;
  return `${[...trials]
    .sort((a, b) => b.perArm - a.perArm)
    .map(one)
    .join("; ")}.`;
}

function powerPicture(v, trials, needed, width) {
  const height = 300,
    size = trialScale(Math.log(3), Math.log(400), 40, width - 12),
    x = (n) => size(Math.log(n)),
    y = trialScale(0, 1, height - 44, 12);
  const power = (n) => powerOf(n, v.benefit, v.sd_change, DRAWN),
    sizes = Array.from({ length: 60 }, (_, i) => 3 * (400 / 3) ** (i / 59));
  const perCent = (tick) => Math.round(100 * tick);
  const grid = trialGrid([0, 0.2, 0.4, 0.6, 0.8, 1], y, 40, width - 12, perCent);
  const ticks = [5, 10, 25, 50, 100, 200, 400].map((tick) =>
    trialText(x(tick), height - 26, tick, 'text-anchor="middle"'),
  );
  const goal =
    trialLine(40, y(0.8), width - 12, y(0.8), trialStroke("good", 2, 'stroke-dasharray="6 4"')) +
    (needed <= 400
      ? trialLine(
          x(needed),
          y(0.8),
          x(needed),
          y(0),
          trialStroke("good", 2, 'stroke-dasharray="6 4"'),
        )
      : "");
  const real = trials.map(
    (trial) =>
      `<g><title>${trial.name}: ${trial.treated} and ${trial.control} patients</title>${TRIAL_MARKS.triangle(x(trial.perArm), y(power(trial.perArm)) - 1, 5, trialFill("macrophage", 'stroke="var(--paper)" stroke-width="1"'))}</g>`,
  );
  const here = TRIAL_MARKS.circle(
    x(v.n),
    y(power(Math.round(v.n))),
    7,
    trialFill("accent", 'stroke="var(--paper)" stroke-width="1.5"'),
  );
  const axis =
    trialText(width - 12, height - 6, "patients per arm", 'text-anchor="end"') +
    trialText(46, 26, "of 100 trials");
  const label = `Power against patients per arm: ${Math.round(100 * power(Math.round(v.n)))} of 100 at ${Math.round(v.n)}`;
  const line = `<path d="M${sizes.map((n) => `${x(n)} ${y(power(n))}`).join("L")}" ${trialStroke("ink", 2.5)}/>`;
  const layers = [grid + ticks.join(""), goal, line, real.join(""), here, axis];
  return { width, height, label, layers };
}

function powerRepeats(found, width) {
  const columns = width < 480 ? 20 : 25,
    step = Math.min(26, width / columns),
    rows = 100 / columns;
  const square = (i) => {
    const [x, y] = [(i % columns) * step, Math.floor(i / columns) * step];
    const side = 0.68 * step;
    return `M${(x + 0.16 * step).toFixed(1)} ${(y + 0.16 * step).toFixed(1)}h${side}v${side}h${-side}Z`;
  };
  const shape = (from, to, paint) =>
    `<path d="${Array.from({ length: to - from }, (_, i) => square(from + i)).join("")}" ${paint}/>`;
  return {
    width: Math.round(columns * step),
    height: Math.round(rows * step),
    label: `Of 100 repeats ${found} find the effect and ${100 - found} miss it`,
    layers: [shape(0, found, trialFill("therapy")) + shape(found, 100, trialStroke("muted", 1.4))],
  };
}
