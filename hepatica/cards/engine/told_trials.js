// The tables behind pictures of virtual trials, of a hundred livers and of a conviction, from the
// numbers that they were drawn from. Each function returns tables {heads, rows}; a cell that is a
// number is written to three digits, so what has a number of digits of its own comes as text.

import { powerOf } from "./distributions.js";
import { outline } from "./outline.js";
import { formatNumber } from "./rules.js";
import { trialChange, momentsOf, regressionToTheMean } from "./virtual_trial.js";

const NORMAL = 1.959963984540054; // 95 % of chance lie within so many standard errors

const one = (value) => formatNumber(value, "1f");
const two = (value) => formatNumber(value, "2f");
const whole = (value) => formatNumber(value, "0f");
const year = (value) => (Number.isInteger(value) ? whole(value) : one(value));
const NONE = "–";
const yesNo = (holds) => (holds ? "yes" : "no");
const ends = ({ estimate, low, high }) => [estimate, low, high].map(one);

// ---- virtual trials ----

/**
 * One design: its arms, its estimate, and where the estimates of many trials lie.
 * @param {object} state v, outcome, patients, result, many of `trialPanel`
 * @param {string} design
 * @param {{counts: object, wins: object, bin: number}} bins of the many trials
 */
export function designTables({ v, outcome, patients, result, many }, design, bins) {
  const heads = ["Arm", "People", "Died", "Transplanted", "At the end"];
  heads.push("Mean at entry", "Mean at the end", "Mean change");
  const arms = design === "before-after" ? [true] : [true, false];
  const rows = arms.map((cells) => {
    const all = patients.filter((each) => each.cells === cells);
    const stay = all.filter(({ dead, transplanted }) => !dead && !transplanted);
    const mean = (of) => (stay.length ? one(momentsOf(stay.map(of)).mean) : "nobody");
    const change = (each) => trialChange(v, each, design, outcome);
    const meld = outcome === "meld";
    return [
      cells ? "cells" : "controls",
      whole(all.length),
      whole(all.filter(({ dead }) => dead).length),
      whole(all.filter(({ transplanted }) => transplanted).length),
      whole(stay.length),
      mean(meld ? ({ entry }) => entry : () => 0),
      mean(meld ? ({ final }) => final : change),
      mean(change),
    ];
  });
  const found = {
    heads: ["Estimate", "Points", "95 % from", "to"],
    rows: [["this trial", ...ends(result)]],
  };
  return many.length ? [{ heads, rows }, found, binsTable(bins)] : [{ heads, rows }, found];
}

/** How many of many trials have their estimate where. */
function binsTable({ counts, wins, bin }) {
  const places = Object.keys(counts)
    .map(Number)
    .sort((a, b) => a - b);
  return {
    heads: ["Estimates from", "to", "Trials", "Significantly better"],
    rows: places.map((at) => [
      one(at * bin),
      one((at + 1) * bin),
      whole(counts[at]),
      whole(wins[at] ?? 0),
    ]),
  };
}

/** People of a clinic, measured twice; those who enter first, each by the first measurement. */
export function clinicTables({ v, all }) {
  const rows = all
    .toSorted((a, b) => b.first - a.first)
    .map(({ first, second }, n) => [
      `person ${n + 1}`,
      one(first),
      one(second),
      yesNo(first >= v.entry),
    ]);
  const heads = ["Person", "MELD at screening", "MELD on the day of infusion", "Enters"];
  return [{ heads, rows }];
}

const THRESHOLDS = Array.from({ length: 26 }, (_, entry) => entry); // MELD, the axis of the picture

/** The expected fall of the mean at each threshold, and that of these people. */
function fallCurve(v) {
  return { x: THRESHOLDS, y: THRESHOLDS.map((entry) => regressionToTheMean({ ...v, entry })) };
}

export function fallShape({ v }) {
  const x = { label: "MELD", unit: "", range: [0, 25], scale: "linear" };
  const y = { label: "fall", unit: "points", range: [0, 5], scale: "linear" };
  return outline({ x, y }, [{ label: "expected fall", ...fallCurve(v) }]);
}

export function fallTables({ v, fall }) {
  const { x, y } = fallCurve(v);
  const own = [
    ["your threshold, expected", whole(v.entry), two(regressionToTheMean(v))],
    ["these people", whole(v.entry), fall === null ? "nobody enters" : two(fall)],
  ];
  const rows = x.map((entry, i) => ["expected", whole(entry), two(y[i])]);
  return [
    { heads: ["Fall of the mean", "MELD needed to enter", "Points"], rows: [...own, ...rows] },
  ];
}

const SIZES = [3, 5, 7, 10, 15, 25, 35, 50, 75, 100, 150, 200, 300, 400]; // patients per arm

/** Trials of a hundred that find the effect, by patients per arm. */
function powerCurve(v) {
  return { x: SIZES, y: SIZES.map((n) => 100 * powerOf(n, v.benefit, v.sd_change)) };
}

export function powerShape({ v, needed }) {
  const x = { label: "size", unit: "patients per arm", range: [3, 400], scale: "log" };
  const y = { label: "found", unit: "of 100", range: [0, 100], scale: "linear" };
  const shape = outline({ x, y }, [{ label: "trials that find it", ...powerCurve(v) }]);
  const reached = Number.isFinite(needed) ? `with ${whole(needed)} patients per arm` : "by no size";
  return `${shape} 80 of 100 find it ${reached}.`;
}

export function powerTables({ v, trials, needed }) {
  const of = (n) => one(100 * powerOf(n, v.benefit, v.sd_change));
  const { x, y } = powerCurve(v);
  const rows = [
    ["your trial", whole(v.n), of(Math.round(v.n))],
    ["needed for 80", whole(needed), Number.isFinite(needed) ? of(needed) : NONE],
    ...trials.map(({ name, perArm }) => [name, formatNumber(perArm, "3s"), of(perArm)]),
    ...x.map((n, i) => ["a trial of this size", whole(n), one(y[i])]),
  ];
  return [{ heads: ["Trial", "Patients per arm", "Of 100 that find the effect"], rows }];
}

export function repeatTables({ found }) {
  const rows = [
    ["finds the effect", whole(found)],
    ["misses it", whole(100 - found)],
  ];
  return [{ heads: ["The same trial", "Of 100"], rows }];
}

/** Six readings; `found` has mean, spread and wins of each. */
export function readingTables({ v, found, names }) {
  const rows = found.map(({ mean, spread, wins }, i) => [
    names[i],
    one(mean),
    one(mean - NORMAL * spread),
    one(mean + NORMAL * spread),
    whole(wins),
  ]);
  rows.push(["the truth", one(-v.benefit), NONE, NONE, NONE]);
  return [
    { heads: ["Reading", "Mean estimate", "95 of 100 from", "to", "“Better”, of 100"], rows },
  ];
}

/** What became of the lives in each field. */
export function lifeTables({ designs, fates, names }) {
  const heads = ["Field", ...Object.values(fates)];
  const rows = designs.flatMap(({ cells, control }, i) =>
    [cells, control].map((arm, across) => [
      `${names[i]}, ${across ? "without" : "with cells"}`,
      ...Object.keys(fates).map((fate) => whole(arm.filter((life) => life.fate === fate).length)),
    ]),
  );
  return [{ heads, rows }];
}

/** Ratios of each reading, blinded and open; `found` are pairs, `words` name them. */
export function ratioTables({ found, words }) {
  const rows = found.map((pair, i) => [words[i], ...pair.map(two)]);
  return [{ heads: ["Counted", "Ratio, blinded", "Ratio, open"], rows }];
}

/** What became of the people of an audit. */
export function fateTables({ now }) {
  const { dead, people, printed_control, saved, transplanted, control, others } = now;
  const waiting = transplanted - saved;
  const rows = [
    ["macrophages", people, dead, "none drawn", "none drawn", people - dead],
    ["without", others, printed_control, saved, waiting, others - control - waiting],
  ].map((row) => row.map((cell) => (typeof cell === "number" ? whole(cell) : cell)));
  const heads = ["Arm", "People", "Dead", "Transplanted, else dead"];
  return [{ heads: [...heads, "Transplanted, else alive", "Alive without transplant"], rows }];
}

/** The risk ratio under each assumption; `each` are scopes of the audit. */
export function auditTables({ each, now }) {
  const rows = each.map(({ saved, ratio, low, high }) => [
    `${saved} of ${now.transplanted}${saved === now.saved ? " (chosen)" : ""}`,
    ...[ratio, low, high].map(two),
  ]);
  return [{ heads: ["Transplanted, else dead", "Risk ratio", "95 % from", "to"], rows }];
}

/** A league: its pools, then its trials, the most precise first. */
export function leagueTables({ v, trials, pools }) {
  const pooled = pools.map(([name, pool]) => [
    name,
    ...(pool ? ends(pool) : ["nothing to pool", NONE, NONE]),
  ]);
  const rows = trials
    .toSorted((a, b) => a.se - b.se)
    .map(({ estimate, se, published, winner }, n) => [
      `trial ${n + 1}`,
      two(estimate),
      two(se),
      yesNo(published),
      yesNo(winner),
    ]);
  return [
    {
      heads: ["Pool", "Difference in MELD", "95 % from", "to"],
      rows: [["the truth", one(-v.benefit), NONE, NONE], ...pooled],
    },
    {
      heads: ["Trial", "Difference", "Standard error", "Published", "Significantly better"],
      rows,
    },
  ];
}

// ---- a hundred livers ----

/** Livers in their order: years of the cause, area at the stop and at reported year `t`. */
export function herdTables({ order, t, cut }) {
  const rows = order.map(({ years, stop, area }, n) => [
    `liver ${n + 1}`,
    one(years),
    one(stop),
    one(area[t]),
    yesNo(area[t] < cut),
  ]);
  const heads = ["Liver", "Years of the cause", "Area at the stop (%)", "Area now (%)"];
  return [{ heads: [...heads, "Below F4"], rows }];
}

/**
 * Shares over the years; lines are not told before they are drawn.
 * @param {{years: number[], lines: {label, values, from}[], band, published}} drawn
 */
export function shareTables({ years, lines, band, published }) {
  const heads = ["Years after the stop", ...lines.map(({ label }) => `${label} (%)`)];
  const at = ({ values, from = 0 }, t) => (t < from || !values.length ? NONE : one(values[t]));
  const inBand = (when) => {
    const place = band.years.indexOf(when);
    return place < 0 ? [NONE, NONE] : [one(band.low[place]), one(band.high[place])];
  };
  if (band) heads.push("Nine of ten draws from (%)", "to (%)");
  const rows = years.map((when, t) => [
    year(when),
    ...lines.map((line) => at(line, t)),
    ...(band ? inBand(when) : []),
  ]);
  const tables = [{ heads, rows }];
  if (!published) return tables;
  const row = [published.label, year(published.year), one(published.value)];
  return [...tables, { heads: ["Published", "Years after the stop", "%"], rows: [row] }];
}

export function shareShape({ years, lines }) {
  const x = { label: "year", unit: "years", range: [0, years.at(-1)], scale: "linear" };
  const y = { label: "share", unit: "%", range: [0, 100], scale: "linear" };
  const drawn = lines
    .filter(({ values }) => values.length)
    .map(({ label, values, from = 0 }) => ({
      label,
      x: years.slice(from),
      y: values.slice(from),
    }));
  return outline({ x, y }, drawn);
}

/** Pairs of readings of each liver, [first, second]. */
export function pairTables({ pairs, cut }) {
  const rows = pairs.map(([first, second], n) => [
    `liver ${n + 1}`,
    one(first),
    one(second),
    yesNo(second < cut),
  ]);
  return [{ heads: ["Liver", "At entry (%)", "The second time (%)", "Then below F4"], rows }];
}

/** Changes of each liver of the two arms, and their means. */
export function armTables({ arms, found }) {
  const [drug, placebo] = arms;
  const rows = drug.map((change, n) => [`liver ${n + 1}`, one(change), one(placebo[n] ?? NaN)]);
  const means = ["mean of the arm", two(found.drug), two(found.placebo)];
  return [{ heads: ["Change of the area", "Drug (%)", "Placebo (%)"], rows: [means, ...rows] }];
}

export function differenceTables({ found: { difference, low, high, effect } }) {
  const rows = [
    ["what the trial found", ...[difference, low, high].map(two)],
    ["what the drug does in truth", two(effect), NONE, NONE],
  ];
  return [{ heads: ["Drug minus placebo", "% of area", "95 % from", "to"], rows }];
}

// ---- what trials prove together ----

/** z and its boundary after each trial, then the boundary ahead. */
export function boundaryTables({ names, looks, times, ahead, heights, needed }) {
  const done = looks.map(({ people, z }, n) => [names[n], whole(people), two(z), two(heights[n])]);
  const rest = ahead.map((time, n) => [
    "boundary ahead",
    whole(time * needed),
    NONE,
    two(heights[times.length + n]),
  ]);
  return [{ heads: ["After", "People so far", "z", "Boundary"], rows: [...done, ...rest] }];
}

export function boundaryShape({ looks, times, ahead, heights, needed }) {
  const x = { label: "people", unit: "people", range: [0, needed], scale: "linear" };
  const y = { label: "z", unit: "", range: [0, 8], scale: "linear" };
  const people = looks.map((look) => look.people);
  const later = [...times, ...ahead].map((time) => time * needed);
  return outline({ x, y }, [
    { label: "z", x: people, y: looks.map(({ z }) => z) },
    { label: "the boundary", x: later, y: heights },
  ]);
}

/** Each belief as risk ratios: its middle and 95 %. */
export function beliefTables(found, words) {
  const rows = Object.entries(words).map(([kind, name]) => {
    const { mean, sd } = found[kind];
    return [name, ...[0, -NORMAL, NORMAL].map((by) => two(Math.exp(mean + by * sd)))];
  });
  return [{ heads: ["Belief", "Risk ratio", "95 % from", "to"], rows }];
}
