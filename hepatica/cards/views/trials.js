// What the cards of virtual trials draw: three designs, regression to the mean, power, and a league
// of trials. Every picture is as wide as its place on the page, so that its words keep their size
// on a phone.

import { element } from "../parts/dom.js";
import { normalOf, patientsFor, powerOf } from "../engine/distributions.js";
import { chanceOf } from "../engine/luck.js";
import {
  analyseTrial,
  leagueOf,
  momentsOf,
  pooledOf,
  regressionToTheMean,
  trialChange,
  trialPatients,
} from "../engine/virtual_trial.js";

const TRIAL_WORDS = 13; // px
const TRIAL_MARKS = {
  circle: (x, y, r, paint) => `<circle cx="${x}" cy="${y}" r="${r}" ${paint}/>`,
  diamond: (x, y, r, paint) =>
    `<path d="M${x} ${y - 1.3 * r}L${x + 1.3 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.3 * r} ${y}Z" ${paint}/>`,
  square: (x, y, r, paint) =>
    `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}" ${paint}/>`,
  triangle: (x, y, r, paint) =>
    `<path d="M${x} ${y - 1.2 * r}L${x + 1.2 * r} ${y + r}H${x - 1.2 * r}Z" ${paint}/>`,
  cross: (x, y, r, paint) =>
    `<path d="M${x - r} ${y - r}L${x + r} ${y + r}M${x + r} ${y - r}L${x - r} ${y + r}" ${paint}/>`,
};

const trialFill = (role, more = "") => `fill="var(--${role})" ${more}`;
const trialStroke = (role, width, more = "") =>
  `fill="none" stroke="var(--${role})" stroke-width="${width}" ${more}`;
const trialScale = (low, high, from, to) => (x) =>
  Number(
    (from + ((Math.max(low, Math.min(high, x)) - low) / (high - low)) * (to - from)).toFixed(2),
  );
const trialLine = (x1, y1, x2, y2, paint) => `<path d="M${x1} ${y1}L${x2} ${y2}" ${paint}/>`;
const TRIAL_HALO =
  // for words on a line
  'style="paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round"';
const trialText = (x, y, words, more = "") =>
  `<text x="${x}" y="${y}" font-size="${TRIAL_WORDS}" fill="var(--ink)" ${more}>${words}</text>`;

/** A number as one prints it: one decimal, a true minus. */
export function trialNumber(value, digits = 1) {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) !== 0 ? "−" : ""}${text}`;
}

/** Estimate and interval in words. */
export function trialInterval({ estimate, low, high }) {
  return `${trialNumber(estimate)} (${trialNumber(low)} to ${trialNumber(high)})`;
}

function trialP(p) {
  return p < 0.001 ? "p\u00a0<\u00a00.001" : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

function trialSvg(width, height, label, body) {
  return `<svg class="hep-trial-svg" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${body}</svg>`;
}

function trialView(title) {
  const picture = element("div"),
    node = element(
      "div.hep-view",
      { "data-view": "trial" },
      element("div.hep-view-title", {}, title),
      picture,
    );
  return { node, picture, width: () => Math.max(150, Math.round(node.clientWidth) || 320) };
}

function trialKeys(rows) {
  const sample = ([mark, paint]) =>
    `<svg viewBox="0 0 20 20" width="18" height="18">${mark === "line" ? `<path d="M1 10H19" ${paint}/>` : TRIAL_MARKS[mark](10, 10, 6, paint)}</svg>`;
  return element(
    "ul.hep-legend",
    {},
    ...rows.map(([mark, paint, words]) =>
      element(
        "li",
        {},
        element("span.hep-key", { "aria-hidden": "true", html: sample([mark, paint]) }),
        words,
      ),
    ),
  );
}

// ---- Three designs
// --------------------------------------------------------------------------------------------

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
export function trialViewDesigns() {
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
  const view = trialView(title),
    words = element("p.hep-trial-result");
  view.node.append(words);
  const draw = (state) => {
    const scale = TRIAL_OUTCOMES[state.outcome];
    view.picture.innerHTML = state.veiled
      ? trialVeil(view.width(), 348)
      : trialSlopes(design, state, scale, view.width()) +
        trialEstimates(state, scale, view.width());
    words.innerHTML = state.veiled ? "" : trialResultWords(design, state, scale);
  };
  return { node: view.node, draw };
}

function trialVeil(width, height) {
  return trialSvg(
    width,
    height,
    "hidden until you have predicted",
    `<rect width="${width}" height="${height}" fill="var(--panel)"/>${trialText(width / 2, height / 2, "?", 'text-anchor="middle" style="font-size: 40px"')}`,
  );
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
  const grid = scale.ticks.map(
    (tick) =>
      trialLine(32, y(tick), width, y(tick), trialStroke("line", 1)) +
      trialText(28, y(tick) + 4, trialNumber(tick, 0), 'text-anchor="end"'),
  );
  const room = (width - 34) / arms.length;
  const ends = (patient) =>
    outcome === "meld"
      ? [patient.entry, patient.final]
      : [0, trialChange(v, patient, design, outcome)];
  const parts = arms.map((cells, i) => {
    const left = 42 + i * room,
      right = left + room - 24,
      group = patients.filter((one) => one.cells === cells);
    return (
      trialArm(group, ends, left, right, y, cells) +
      trialText(
        (left + right) / 2,
        height - 6,
        arms.length === 1
          ? `entry to ${Math.round(v.months)} months`
          : cells
            ? "cells"
            : "controls",
        'text-anchor="middle"',
      )
    );
  });
  const label = `${scale.name} of each patient at entry and at the end, ${arms.length === 1 ? "cells only" : "cells and controls"}`;
  const name = trialText(34, 12, scale.name, TRIAL_HALO);
  return trialSvg(width, height, label, grid.join("") + name + parts.join(""));
}

function trialArm(group, ends, left, right, y, cells) {
  const role = cells ? "therapy" : "blood",
    dash = cells ? "" : 'stroke-dasharray="5 3"';
  const gone = (one) => one.dead || one.transplanted,
    stay = group.filter((one) => !gone(one)).map(ends);
  const lines = stay.map(([a, b]) =>
    trialLine(left, y(a), right, y(b), trialStroke(role, 1.2, 'opacity="0.6"')),
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
  return lines.join("") + thick + dots.join("") + lost.join("");
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
  const label = `estimate ${trialInterval(result)}${many.length ? `; of ${many.length} trials ${trialWins(many, scale)} significantly better` : ""}`;
  return trialSvg(width, height, label, bars.join("") + zero + axis + interval + better);
}

const ends = (name, { estimate, low, high }) => ({
  [`${name}_is`]: estimate,
  [`${name}_low`]: low,
  [`${name}_high`]: high,
});

/** What the three designs show, in the names of the card's sentence (kinds/trial/says.py). */
export function designScope(v, outcome, results, many, patients) {
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
    ...ends("alone", results[0]),
    ...ends("blinded", results[2]),
  };
}

// ---- Regression to the mean
// -----------------------------------------------------------------------------------

const CLINIC_PEOPLE = 240;
const CLINIC_DRAWS = { first: 10, true: 11, second: 12 };

/**
 * People of a clinic whom nobody treats: a first measurement that decides about entry, and a second
 * one.
 */
export function clinicPeople(v, seed, people) {
  return Array.from({ length: people }, (_, person) => {
    const luck = (draw) => normalOf(chanceOf(seed, person, draw)),
      own = v.meld_mean + v.meld_sd * luck(CLINIC_DRAWS.true);
    return {
      own,
      first: own + (v.noise / Math.sqrt(v.measurements)) * luck(CLINIC_DRAWS.first),
      second: own + v.noise * luck(CLINIC_DRAWS.second),
    };
  });
}

/** Who is measured high is measured lower next time. */
export function trialViewRegression() {
  const people = trialView(`${CLINIC_PEOPLE} people, measured twice, treated never`),
    curve = trialView("How far the mean falls, by the threshold");
  people.node.append(
    trialKeys([
      ["circle", trialFill("therapy"), "enters"],
      ["circle", trialStroke("muted", 1.6), "does not enter"],
      ["diamond", trialFill("ink"), "mean of those who enter"],
    ]),
  );
  curve.node.append(
    trialKeys([
      ["line", trialStroke("ink", 2.5), "formula"],
      ["circle", trialFill("accent"), "your threshold"],
      ["diamond", trialFill("therapy"), "these people"],
    ]),
  );
  const draw = (v, _data, veiled) => {
    const all = clinicPeople(v, v.seed, CLINIC_PEOPLE),
      enter = all.filter((one) => one.first >= v.entry);
    const [first, second] = ["first", "second"].map(
      (time) => momentsOf(enter.map((one) => one[time])).mean,
    );
    people.picture.innerHTML = veiled
      ? trialVeil(people.width(), 300)
      : clinicPicture(v, all, [first, second], people.width());
    curve.picture.innerHTML = veiled
      ? trialVeil(curve.width(), 190)
      : clinicCurve(v, enter.length ? first - second : null, curve.width());
    const means = enter.length
      ? { first, second, fall: first - second }
      : { first: 0, second: 0, fall: 0 };
    return {
      people: CLINIC_PEOPLE,
      enter: enter.length,
      entry: v.entry,
      ...means,
      expected: regressionToTheMean(v),
    };
  };
  return {
    nodes: [people.node, curve.node],
    buttons: [{ label: "Measure other people", primary: true, act: (v) => ({ seed: v.seed + 1 }) }],
    draw,
  };
}

function clinicPicture(v, all, means, width) {
  const height = 300,
    y = trialScale(2, 31, height - 26, 10),
    left = Math.round(0.3 * width),
    right = Math.round(0.74 * width);
  const wobble = (i) => (((i * 37) % 101) / 50 - 1) * 0.1 * width;
  const grid = [10, 20, 30].map(
    (tick) =>
      trialLine(30, y(tick), width, y(tick), trialStroke("line", 1)) +
      trialText(26, y(tick) + 4, tick, 'text-anchor="end"'),
  );
  const stays = all.map((one, i) =>
    one.first >= v.entry
      ? ""
      : TRIAL_MARKS.circle(left + wobble(i), y(one.first), 2.6, trialStroke("muted", 1.2)),
  );
  const lines = all.map((one, i) =>
    one.first < v.entry
      ? ""
      : trialLine(
          left + wobble(i),
          y(one.first),
          right + wobble(i),
          y(one.second),
          trialStroke("therapy", 1, 'opacity="0.35"'),
        ),
  );
  const dots = all.map((one, i) =>
    one.first < v.entry
      ? ""
      : TRIAL_MARKS.circle(left + wobble(i), y(one.first), 2.8, trialFill("therapy")) +
        TRIAL_MARKS.circle(right + wobble(i), y(one.second), 2.8, trialFill("therapy")),
  );
  const door =
    trialLine(
      30,
      y(v.entry),
      left + 0.13 * width,
      y(v.entry),
      trialStroke("ink", 2, 'stroke-dasharray="6 4"'),
    ) + (v.entry > 0 ? trialText(32, y(v.entry) - 6, "enter") : "");
  const mean = means.every(Number.isFinite) ? clinicMeans(means, left, right, y) : "";
  const axis =
    trialText(left, height - 6, "at entry", 'text-anchor="middle"') +
    trialText(right, height - 6, "next time", 'text-anchor="middle"') +
    trialText(34, 12, "MELD");
  return trialSvg(
    width,
    height,
    `MELD of ${all.length} people at entry and next time; mean of those who enter ${means.map((x) => trialNumber(x)).join(" and ")}`,
    grid.join("") + stays.join("") + lines.join("") + dots.join("") + door + mean + axis,
  );
}

function clinicMeans([first, second], left, right, y) {
  const halo =
    'style="paint-order: stroke; stroke: var(--paper); stroke-width: 5px; font-weight: 600"';
  return (
    trialLine(left, y(first), right, y(second), trialStroke("paper", 6)) +
    trialLine(left, y(first), right, y(second), trialStroke("ink", 3)) +
    [
      [left, first],
      [right, second],
    ]
      .map(
        ([x, mean]) =>
          TRIAL_MARKS.diamond(
            x,
            y(mean),
            6,
            trialFill("ink", 'stroke="var(--paper)" stroke-width="1.5"'),
          ) +
          trialText(
            x === left ? x - 14 : x + 14,
            y(mean) + 5,
            trialNumber(mean),
            `${halo} text-anchor="${x === left ? "end" : "start"}"`,
          ),
      )
      .join("")
  );
}

function clinicCurve(v, fall, width) {
  const height = 190,
    x = trialScale(0, 25, 34, width - 12),
    y = trialScale(0, 5, height - 40, 10);
  const points = Array.from(
    { length: 101 },
    (_, i) => `${x(i / 4)} ${y(regressionToTheMean({ ...v, entry: i / 4 }))}`,
  );
  const grid = [0, 1, 2, 3, 4].map(
    (tick) =>
      trialLine(34, y(tick), width - 12, y(tick), trialStroke("line", 1)) +
      trialText(28, y(tick) + 4, tick, 'text-anchor="end"'),
  );
  const ticks = [0, 5, 10, 15, 20, 25].map((tick) =>
    trialText(x(tick), height - 24, tick, 'text-anchor="middle"'),
  );
  const here = TRIAL_MARKS.circle(
    x(v.entry),
    y(regressionToTheMean(v)),
    6,
    trialFill("accent", 'stroke="var(--paper)" stroke-width="1.5"'),
  );
  const found =
    fall === null
      ? ""
      : TRIAL_MARKS.diamond(
          x(v.entry),
          y(fall),
          8,
          trialFill("therapy", 'stroke="var(--paper)" stroke-width="1.5"'),
        );
  const axis =
    trialText(width - 12, height - 6, "MELD needed to enter", 'text-anchor="end"') +
    trialText(40, 16, "points lower");
  return trialSvg(
    width,
    height,
    `Expected fall of the mean: ${trialNumber(regressionToTheMean(v))} points at a threshold of ${v.entry}`,
    `${grid.join("")}${ticks.join("")}<path d="M${points.join("L")}" ${trialStroke("ink", 2.5)}/>${found}${here}${axis}`,
  );
}

// ---- Power
// ----------------------------------------------------------------------------------------------------

/** How many trials of a size see a true effect, with the sizes of real trials on the curve. */
export function trialViewPower() {
  const curve = trialView("Trials out of a hundred that find the effect, by size"),
    repeats = trialView("The same trial, a hundred times");
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
  const draw = (v, data, veiled) => {
    const arms = Math.round(v.n),
      power = powerOf(arms, v.benefit, v.sd_change),
      needed = patientsFor(0.8, v.benefit, v.sd_change);
    curve.picture.innerHTML = veiled
      ? trialVeil(curve.width(), 300)
      : powerCurve(v, data.trials, needed, curve.width());
    repeats.picture.innerHTML = veiled
      ? trialVeil(repeats.width(), 120)
      : powerRepeats(Math.round(100 * power), repeats.width());
    names.textContent = `${[...data.trials]
      .sort((a, b) => b.perArm - a.perArm)
      .map((trial) => `${trial.name}: ${trial.treated} + ${trial.control}`)
      .join("; ")}.`;
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
  return { nodes: [curve.node, repeats.node], buttons: [], draw };
}

function powerCurve(v, trials, needed, width) {
  const height = 300,
    size = trialScale(Math.log(3), Math.log(400), 40, width - 12),
    x = (n) => size(Math.log(n)),
    y = trialScale(0, 1, height - 44, 12);
  const power = (n) => powerOf(n, v.benefit, v.sd_change),
    sizes = Array.from({ length: 60 }, (_, i) => 3 * (400 / 3) ** (i / 59));
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (tick) =>
      trialLine(40, y(tick), width - 12, y(tick), trialStroke("line", 1)) +
      trialText(34, y(tick) + 4, Math.round(100 * tick), 'text-anchor="end"'),
  );
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
  return trialSvg(
    width,
    height,
    `Power against patients per arm: ${Math.round(100 * power(Math.round(v.n)))} of 100 at ${Math.round(v.n)}`,
    `${grid.join("")}${ticks.join("")}${goal}<path d="M${sizes.map((n) => `${x(n)} ${y(power(n))}`).join("L")}" ${trialStroke("ink", 2.5)}/>${real.join("")}${here}${axis}`,
  );
}

function powerRepeats(found, width) {
  const columns = width < 480 ? 20 : 25,
    step = Math.min(26, width / columns),
    rows = 100 / columns;
  const squares = Array.from({ length: 100 }, (_, i) => {
    const at = [(i % columns) * step + step / 2, Math.floor(i / columns) * step + step / 2];
    return i < found
      ? TRIAL_MARKS.square(...at, 0.34 * step, trialFill("therapy"))
      : TRIAL_MARKS.square(...at, 0.34 * step, trialStroke("muted", 1.4));
  });
  return trialSvg(
    Math.round(columns * step),
    Math.round(rows * step),
    `Of 100 repeats ${found} find the effect and ${100 - found} miss it`,
    squares.join(""),
  );
}

// ---- A league
// -------------------------------------------------------------------------------------------------

const LEAGUE_TRIALS = 100;

/** A hundred trials, which of them are published, and what each pool says. */
export function trialViewLeague() {
  const funnel = trialView("A hundred blinded trials: effect against precision");
  funnel.node.append(
    trialKeys([
      ["circle", trialFill("therapy"), "published"],
      ["diamond", trialFill("therapy"), "published, significantly better"],
      ["circle", trialStroke("muted", 1.6), "in the drawer"],
      ["line", trialStroke("ink", 2, 'stroke-dasharray="6 4"'), "the truth"],
    ]),
  );
  const draw = (v, data, veiled) => {
    const trials = leagueOf(v, data.sizes, LEAGUE_TRIALS, v.seed),
      published = trials.filter((one) => one.published);
    const pools = [
      ["all 100", pooledOf(trials), "hepatocyte"],
      [`${published.length} published`, published.length ? pooledOf(published) : null, "accent"],
    ];
    funnel.picture.innerHTML = veiled
      ? trialVeil(funnel.width(), 412)
      : leaguePicture(v, trials, pools, funnel.width());
    return leagueScope(
      v,
      trials,
      published,
      pools.map((pool) => pool[1]),
    );
  };
  return {
    nodes: [funnel.node],
    buttons: [
      {
        label: "Run another hundred",
        primary: true,
        act: (v) => ({ seed: v.seed + LEAGUE_TRIALS }),
      },
    ],
    draw,
  };
}

/** What a league shows: all, what is published, and the winners. */
export function leagueScope(v, trials, published, [all, shown]) {
  const winners = trials.filter((one) => one.winner).map((one) => one.estimate);
  return {
    benefit: v.benefit,
    published: published.length,
    winners: winners.length,
    curse: winners.length ? momentsOf(winners).mean : 0,
    ...ends("all", all),
    ...ends("shown", shown ?? { estimate: 0, low: 0, high: 0 }),
  };
}

function leaguePicture(v, trials, pools, width) {
  const low = 300,
    narrow = width < 480,
    x = trialScale(-8, 8, 40, width - 10),
    y = trialScale(0, 2.6, 14, low);
  const grid = [0, 1, 2].map(
    (tick) =>
      trialLine(40, y(tick), width - 10, y(tick), trialStroke("line", 1)) +
      trialText(34, y(tick) + 4, tick, 'text-anchor="end"'),
  );
  const ticks = (narrow ? [-6, -3, 0, 3, 6] : [-8, -6, -4, -2, 0, 2, 4, 6, 8]).map((tick) =>
    trialText(x(tick), low + 20, trialNumber(tick, 0), `text-anchor="middle" ${TRIAL_HALO}`),
  );
  const side = (sign) =>
    trialLine(
      x(-v.benefit),
      y(0),
      x(-v.benefit + sign * 1.96 * 2.6),
      y(2.6),
      trialStroke("muted", 1, 'stroke-dasharray="3 4"'),
    );
  const truth = trialLine(
    x(-v.benefit),
    y(0),
    x(-v.benefit),
    low + 98,
    trialStroke("ink", 2, 'stroke-dasharray="6 4"'),
  );
  const dot = (one) =>
    TRIAL_MARKS[one.winner ? "diamond" : "circle"](
      x(one.estimate),
      y(one.se),
      one.winner ? 5 : 4.2,
      one.published
        ? trialFill("therapy", 'stroke="var(--paper)" stroke-width="0.8"')
        : trialStroke("muted", 1.3),
    );
  const axis =
    trialText(46, 28, "standard error") +
    trialText(46, low - 6, "imprecise", TRIAL_HALO) +
    trialText(40, low + 38, "← better") +
    trialText(
      (40 + width - 10) / 2,
      low + 38,
      "difference in MELD",
      `text-anchor="middle" ${TRIAL_HALO}`,
    ) +
    trialText(width - 10, low + 38, "worse →", 'text-anchor="end"');
  const rows = pools.map(([name, pool, role], i) =>
    leaguePool(name, pool, role, low + 66 + 30 * i, x),
  );
  const label = `Funnel of ${trials.length} trials; ${pools.map(([name, pool]) => `${name}, pooled ${pool ? trialInterval(pool) : "none"}`).join("; ")}`;
  return trialSvg(
    width,
    low + 112,
    label,
    grid.join("") +
      side(-1) +
      side(1) +
      truth +
      ticks.join("") +
      [...trials]
        .sort((a, b) => a.published - b.published)
        .map(dot)
        .join("") +
      axis +
      rows.join(""),
  );
}

function leaguePool(name, pool, role, at, x) {
  if (!pool) return trialText(x(1.5), at + 5, `${name}: nothing to pool`);
  const shape = `<path d="M${x(pool.low)} ${at}L${x(pool.estimate)} ${at - 8}L${x(pool.high)} ${at}L${x(pool.estimate)} ${at + 8}Z" ${trialFill(role)}/>`;
  return (
    shape +
    trialText(
      Math.max(x(pool.high), x(0)) + 8,
      at + 5,
      `${name}: ${trialNumber(pool.estimate)}`,
      'style="font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px"',
    )
  );
}
