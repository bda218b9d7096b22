// The view of six readings of the same trials.

import { READINGS, readTrials, readingLuck } from "../../engine/virtual_readings.js";
import { readingTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_HALO,
  TRIAL_MARKS,
  putLayers,
  trialFill,
  trialKeys,
  trialLine,
  trialNumber,
  trialScale,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

const READ_TRIALS = 100;
const READ_WORDS = {
  screening: "cells alone, from the screening value",
  baseline: "cells alone, from a new baseline",
  register: "against people of a register",
  end: "by lot: end against end",
  change: "by lot: change against change",
  ancova: "by lot: end, given the baseline (ANCOVA)",
};

/** A hundred trials, each read in six ways: where the estimates fall, and how many are “better”. */
export function viewReadings() {
  const view = viewOf("One hundred trials, each read in six ways");
  view.node.append(
    trialKeys([
      ["diamond", trialFill("ink"), "mean of the hundred"],
      ["line", trialStroke("therapy", 6), "where 95 of them fall"],
      ["line", trialStroke("ink", 2, 'stroke-dasharray="6 4"'), "the truth"],
    ]),
  );
  const names = READINGS.map((name) => READ_WORDS[name]);
  const values = valuesOfNamed(view.node, view.title, ({ v, found }) =>
    readingTables({ v, found, names }),
  );
  let luck = {};
  const draw = (v, _data, veiled) => {
    const arms = Math.round(v.n);
    if (luck.key !== `${v.seed} ${arms}`)
      luck = { key: `${v.seed} ${arms}`, trials: readingLuck(v.seed, READ_TRIALS, arms) };
    const found = readTrials(v, luck.trials);
    values.follow({ v, found }, veiled);
    if (veiled) view.picture.innerHTML = trialVeil(view.width(), 348);
    else putLayers(view.picture, readPicture(v, found, view.width()));
    return readScope(v, found);
  };
  return {
    nodes: [view.node],
    values: [values],
    buttons: [
      {
        label: "Run another hundred",
        primary: true,
        act: (v) => ({ seed: v.seed + READ_TRIALS }),
      },
    ],
    draw,
  };
}

function readPicture(v, found, width) {
  const step = 48,
    height = step * READINGS.length + 60,
    x = trialScale(-12, 6, 10, width - 44);
  const rows = found.map(({ mean, spread, wins }, i) => {
    const y = 50 + step * i;
    return (
      trialLine(x(mean - 1.96 * spread), y, x(mean + 1.96 * spread), y, trialStroke("therapy", 6)) +
      TRIAL_MARKS.diamond(x(mean), y, 6, trialFill("ink", 'stroke="var(--paper)"')) +
      trialText(width - 4, y + 5, Math.round(wins), 'text-anchor="end" style="font-weight: 600"')
    );
  });
  const words = READINGS.map((name, i) =>
    trialText(10, 36 + step * i, READ_WORDS[name], TRIAL_HALO),
  );
  const truth = trialLine(
    x(-v.benefit),
    20,
    x(-v.benefit),
    height - 44,
    trialStroke("ink", 2, 'stroke-dasharray="6 4"'),
  );
  const ticks = [-12, -9, -6, -3, 0, 3, 6].map((tick) =>
    trialText(x(tick), height - 24, trialNumber(tick, 0), `text-anchor="middle" ${TRIAL_HALO}`),
  );
  const ends =
    trialText(10, height - 6, "← MELD lower: better") +
    trialText(width - 4, 14, "of 100 “better”", 'text-anchor="end"');
  const told = READINGS.map(
    (name, i) =>
      `${READ_WORDS[name]} ${trialNumber(found[i].mean)}, ${Math.round(found[i].wins)} of 100 better`,
  );
  const label = `Mean estimates of a hundred trials: ${told.join("; ")}; the truth is ${trialNumber(-v.benefit)}`;
  return {
    width,
    height,
    label,
    layers: [truth, words.join(""), rows.join(""), ticks.join("") + ends],
  };
}

/** What the readings show, in the names of the card's sentence (kinds/virtual_trial/says_life.py). */
export function readScope(v, found) {
  const told = READINGS.flatMap((name, i) =>
    ["mean", "spread", "wins"].map((what) => [`${what}_${name}`, found[i][what]]),
  );
  return { benefit: v.benefit, ...Object.fromEntries(told) };
}
