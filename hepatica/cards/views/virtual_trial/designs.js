// The view of three designs.

import { analyseTrial, momentsOf, trialChange, trialPatients } from "../../engine/virtual_trial.js";
import { designTables } from "../../engine/told_trials.js";
import { element } from "../../parts/dom.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_HALO,
  TRIAL_MARKS,
  putLayers,
  trialEnds,
  trialFill,
  trialGrid,
  trialInterval,
  trialKeys,
  trialLine,
  trialLines,
  trialNumber,
  trialScale,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

function trialP(p) {
  return p < 0.001 ? "p\u00a0<\u00a00.001" : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

const TRIAL_DESIGNS = [
  ["before-after", "No control group"],
  ["open", "Randomised, open"],
  ["blinded", "Randomised, blinded"],
];
const TRIAL_OUTCOMES = {
  meld: {
    levels: [4, 31],
    ticks: [10, 20, 30],
    changes: [-11, 7],
    marks: [-10, -5, 0, 5],
    bin: 0.5,
    better: -1,
    name: "MELD",
    good: "lower",
  },
  wellbeing: {
    levels: [-45, 65],
    ticks: [-40, 0, 40],
    changes: [-20, 32],
    marks: [-15, 0, 15, 30],
    bin: 2,
    better: 1,
    name: "change",
    good: "better",
  },
};
const TRIAL_MANY = 200;

/**
 * One trial of useless cells (or not) on the same people, read in three designs; then two hundred
 * of them.
 */
export function viewDesigns() {
  const panels = TRIAL_DESIGNS.map(([design, title]) => trialPanel(design, title));
  const keys = trialKeys([
    ["line", trialStroke("therapy", 3), "cells"],
    ["line", trialStroke("blood", 3, 'stroke-dasharray="5 3"'), "controls"],
    ["cross", trialStroke("injury", 2.4), "died or transplanted, missing from the mean"],
  ]);
  const buttons = [
    { label: "Run again", primary: true, act: (v) => ({ seed: v.seed + (v.many || 1) }) },
    {
      label: `Run ${TRIAL_MANY} trials`,
      act: (v) => ({ seed: v.many ? v.seed + v.many : v.seed, many: TRIAL_MANY }),
    },
  ];
  const draw = (v, _data, veiled) => {
    const outcome = v.asked ? "wellbeing" : "meld",
      arms = Math.round(v.n);
    const patients = trialPatients(v, v.seed, arms, arms);
    const results = TRIAL_DESIGNS.map(([design]) => analyseTrial(v, patients, design, outcome));
    const many = veiled ? [] : manyTrials(v, outcome, arms);
    const highest = Math.max(
      1,
      ...many.flatMap((rows) => Object.values(trialBins(rows, TRIAL_OUTCOMES[outcome]).counts)),
    );
    panels.forEach((panel, i) =>
      panel.draw({
        v,
        outcome,
        patients,
        result: results[i],
        many: many[i] ?? [],
        highest,
        veiled,
      }),
    );
    return designScope(v, outcome, results, many, patients);
  };
  return {
    nodes: [element("div.hep-trial-panels", {}, ...panels.map((panel) => panel.node)), keys],
    values: panels.map(({ values }) => values),
    buttons,
    draw,
  };
}

/** The same many trials in each design. */
function manyTrials(v, outcome, arms) {
  const seeds = Array.from({ length: v.many }, (_, i) => v.seed + i);
  const groups = seeds.map((seed) => trialPatients(v, seed, arms, arms));
  return v.many
    ? TRIAL_DESIGNS.map(([design]) =>
        groups.map((group) => analyseTrial(v, group, design, outcome)),
      )
    : [];
}

function trialWins(rows, scale) {
  return rows.filter((one) => one.significant && Math.sign(one.estimate) === scale.better).length;
}

function trialPanel(design, title) {
  const view = viewOf(title),
    words = element("p.hep-trial-result");
  const [veil, slopes, estimates] = [element("div"), element("div"), element("div")];
  view.picture.append(veil, slopes, estimates);
  view.node.append(words);
  const values = valuesOfNamed(view.node, title, (state) => {
    const scale = TRIAL_OUTCOMES[state.outcome];
    return designTables(state, design, { ...trialBins(state.many, scale), bin: scale.bin });
  });
  const draw = (state) => {
    const scale = TRIAL_OUTCOMES[state.outcome];
    const width = view.width();
    values.follow(state, state.veiled);
    veil.innerHTML = state.veiled ? trialVeil(width, 348) : "";
    [veil, slopes, estimates].forEach((part, i) => {
      part.hidden = state.veiled ? i > 0 : i === 0;
    });
    words.innerHTML = state.veiled ? "" : trialResultWords(design, state, scale);
    if (state.veiled) return;
    putLayers(slopes, trialSlopes(design, state, scale, width));
    putLayers(estimates, trialEstimates(state, scale, width));
  };
  return { node: view.node, draw, values };
}

function trialResultWords(design, { result, many }, scale) {
  const good = Math.sign(result.estimate) === scale.better;
  const verdict = result.significant
    ? good
      ? "“significantly better”"
      : "significantly worse"
    : "not significant";
  const wins = many.length
    ? `<br>Of ${many.length} trials <b>${trialWins(many, scale)}</b> “significantly better”.`
    : "";
  return `${design === "before-after" ? "Change" : "Difference"} <b>${trialInterval(result)}</b>, ${trialP(result.p)}: ${verdict}.${wins}`;
}

/** Everybody's line from entry to the end, and the means of those who stayed. */
function trialSlopes(design, { v, outcome, patients }, scale, width) {
  const height = 216,
    y = trialScale(...scale.levels, height - 26, 8),
    arms = design === "before-after" ? [true] : [true, false];
  const grid = trialGrid(scale.ticks, y, 32, width);
  const room = (width - 34) / arms.length;
  const ends = (patient) =>
    outcome === "meld"
      ? [patient.entry, patient.final]
      : [0, trialChange(v, patient, design, outcome)];
  const parts = arms.map((cells, i) => {
    const left = 42 + i * room,
      right = left + room - 24,
      group = patients.filter((one) => one.cells === cells);
    const words =
      arms.length === 1 ? `entry to ${Math.round(v.months)} months` : cells ? "cells" : "controls";
    return [
      trialArm(group, ends, left, right, y, cells),
      trialText((left + right) / 2, height - 6, words, 'text-anchor="middle"'),
    ];
  });
  const told = arms.map((cells) => slopesInWords(patients, cells, ends));
  const label = `${scale.name} of each patient at entry and at the end: ${told.join("; ")}`;
  const name = trialText(34, 12, scale.name, TRIAL_HALO);
  return { width, height, label, layers: [grid + name, ...parts.flat()] };
}

/** Means of those of an arm who are there at the end. */
function slopesInWords(patients, cells, ends) {
  const stay = patients.filter((one) => one.cells === cells && !one.dead && !one.transplanted);
  const mean = (k) => stay.reduce((sum, one) => sum + ends(one)[k], 0) / stay.length;
  const name = `${cells ? "cells" : "controls"}, ${stay.length} at the end`;
  return stay.length ? `${name}, mean ${trialNumber(mean(0))} to ${trialNumber(mean(1))}` : name;
}

function trialArm(group, ends, left, right, y, cells) {
  const role = cells ? "therapy" : "blood",
    dash = cells ? "" : 'stroke-dasharray="5 3"';
  const gone = (one) => one.dead || one.transplanted,
    stay = group.filter((one) => !gone(one)).map(ends);
  const lines = trialLines(
    stay.map(([a, b]) => [left, y(a), right, y(b)]),
    trialStroke(role, 1.2, 'opacity="0.6"'),
  );
  const lost = group
    .filter(gone)
    .map(
      (one, i) =>
        TRIAL_MARKS.cross(left + 14 + 8 * (i % 3), y(ends(one)[0]), 4, trialStroke("paper", 4)) +
        TRIAL_MARKS.cross(left + 14 + 8 * (i % 3), y(ends(one)[0]), 4, trialStroke("injury", 2)),
    );
  const mean = [0, 1].map((end) => momentsOf(stay.map((pair) => pair[end])).mean),
    [a, b] = mean.map(y);
  const thick =
    trialLine(left, a, right, b, trialStroke("paper", 7)) +
    trialLine(left, a, right, b, trialStroke(role, 4, dash));
  const dots = [
    [left, a],
    [right, b],
  ].map(([x, at]) =>
    TRIAL_MARKS.circle(x, at, 5, trialFill(role, 'stroke="var(--paper)" stroke-width="1.5"')),
  );
  return lines + thick + dots.join("") + lost.join("");
}

function trialBins(rows, scale) {
  const counts = {},
    wins = {};
  for (const one of rows) {
    const at = Math.floor(
      Math.max(scale.changes[0], Math.min(scale.changes[1] - scale.bin, one.estimate)) / scale.bin,
    );
    counts[at] = (counts[at] ?? 0) + 1;
    if (one.significant && Math.sign(one.estimate) === scale.better) wins[at] = (wins[at] ?? 0) + 1;
  }
  return { counts, wins };
}

/** The estimate with its interval on a line, and above it the estimates of many trials. */
function trialEstimates({ result, many, highest }, scale, width) {
  const height = 132,
    base = 84,
    x = trialScale(...scale.changes, 8, width - 8);
  const { counts, wins } = trialBins(many, scale),
    tall = (count) => (74 * count) / highest;
  const bar = (at, count, paint) =>
    `<rect x="${x(at * scale.bin)}" y="${(base - tall(count)).toFixed(2)}" width="${(x((Number(at) + 1) * scale.bin) - x(at * scale.bin) - 0.7).toFixed(2)}" height="${tall(count).toFixed(2)}" ${paint}/>`;
  const bars = Object.entries(counts).map(
    ([at, count]) =>
      bar(at, count, trialFill("muted", 'opacity="0.55"')) +
      (wins[at] ? bar(at, wins[at], trialFill("therapy")) : ""),
  );
  const zero = trialLine(
    x(0),
    0,
    x(0),
    base + 22,
    trialStroke("muted", 1.5, 'stroke-dasharray="4 3"'),
  );
  const axis =
    trialLine(8, base, width - 8, base, trialStroke("muted", 1)) +
    scale.marks
      .map((mark) =>
        trialText(x(mark), height - 22, trialNumber(mark, 0), `text-anchor="middle" ${TRIAL_HALO}`),
      )
      .join("");
  const interval =
    trialLine(x(result.low), base + 12, x(result.high), base + 12, trialStroke("ink", 3)) +
    TRIAL_MARKS.diamond(x(result.estimate), base + 12, 5, trialFill("ink"));
  const better =
    scale.better < 0
      ? trialText(8, height - 4, "← better")
      : trialText(width - 8, height - 4, "better →", 'text-anchor="end"');
  const label = `Estimate ${trialInterval(result)}${many.length ? `; of ${many.length} trials ${trialWins(many, scale)} significantly better` : ""}`;
  const layers = [bars.join("") + zero, axis, interval, better];
  return { width, height, label, layers };
}

/** What the three designs show, in the names of the card's sentence (kinds/virtual_trial/says.py). */
function designScope(v, outcome, results, many, patients) {
  const wins = TRIAL_DESIGNS.map((_, i) => [
    `wins_${i}`,
    many[i] ? trialWins(many[i], TRIAL_OUTCOMES[outcome]) : 0,
  ]);
  return {
    benefit: v.benefit,
    many: many.length ? v.many : 0,
    n: Math.round(v.n),
    what: outcome === "meld" ? "MELD" : "how patients feel",
    gone: patients.filter((one) => one.cells && (one.dead || one.transplanted)).length,
    ...Object.fromEntries(wins),
    ...trialEnds("alone", results[0]),
    ...trialEnds("blinded", results[2]),
  };
}
