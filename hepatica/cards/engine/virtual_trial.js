// Virtual patients and trials; the same patients as in hepatica/analysis/virtual_trial.py, draw by
// draw.

import { normalOf, normalShare, normalDensity, studentLimit, studentP } from "./distributions.js";
import { chanceOf } from "./luck.js";
import { poolTrials } from "./pooling.js";

export const VIRTUAL_DRAWS = {
  entry: 0,
  true: 1,
  drift: 2,
  sober: 3,
  second: 4,
  feeling: 5,
  leaves: 6,
  how: 7,
  published: 8,
};
export const LIFE_RISK_AT = 15; // the MELD at which the ledger gives the risk of death

/** Standard deviation, among everybody who is measured, of the MELD that decides about entry. */
function entrySpread(v) {
  return Math.sqrt(v.meld_sd ** 2 + v.noise ** 2 / v.measurements);
}

/** Points by which the mean MELD falls at the next measurement although nobody has changed. */
export function regressionToTheMean(v) {
  const spread = entrySpread(v),
    height = (v.entry - v.meld_mean) / spread;
  return (
    (v.noise ** 2 / v.measurements / spread ** 2) *
    spread *
    (normalDensity(height) / normalShare(-height))
  );
}

/** A function of two pieces of luck: the MELD that let somebody in, and the true one behind it. */
export function enterTrial(v) {
  const spread = entrySpread(v),
    below = normalShare((v.entry - v.meld_mean) / spread),
    reliability = (v.meld_sd / spread) ** 2,
    own = v.meld_sd * Math.sqrt(1 - reliability);
  return (share, normal) => {
    const entry = v.meld_mean + spread * normalOf(below + share * (1 - below));
    const expected = v.meld_mean + reliability * (entry - v.meld_mean);
    return { entry, before: expected + own * normal };
  };
}

/**
 * The patients of one trial, treated first.
 * @param {object} v all parameters of the model
 * @param {number} seed which trial
 * @returns {object[]} entry and final MELD, change in feeling without hope, cells, sober, dead,
 * transplanted
 */
export function trialPatients(v, seed, treated, control) {
  const enter = enterTrial(v);
  const recovered = v.recovery * (1 - Math.exp(-v.months / v.recovery_months));
  return Array.from({ length: treated + control }, (_, person) => {
    const luck = (draw) => chanceOf(seed, person, draw),
      cells = person < treated;
    const { entry, before } = enter(luck(VIRTUAL_DRAWS.entry), normalOf(luck(VIRTUAL_DRAWS.true)));
    const sober = luck(VIRTUAL_DRAWS.sober) < v.abstinent;
    const change =
      v.drift * normalOf(luck(VIRTUAL_DRAWS.drift)) -
      (sober ? recovered : 0) -
      (cells ? v.benefit : 0);
    const final = before + change + v.noise * normalOf(luck(VIRTUAL_DRAWS.second));
    const wellbeing =
      v.wellbeing_sd * normalOf(luck(VIRTUAL_DRAWS.feeling)) - v.wellbeing_per_point * change;
    return {
      entry,
      final,
      wellbeing,
      cells,
      sober,
      ...trialLeave(v, before + change / 2, cells, luck),
    };
  });
}

function trialLeave(v, meld, cells, luck) {
  let death = (v.risk_15 * Math.exp(v.risk_slope * (meld - LIFE_RISK_AT)) * v.months) / 12;
  const transplant = v.transplant * death;
  if (cells) death *= v.death_ratio;
  const gone = luck(VIRTUAL_DRAWS.leaves) < 1 - Math.exp(-(death + transplant)),
    dies = luck(VIRTUAL_DRAWS.how) * (death + transplant) < death;
  return { dead: gone && dies, transplanted: gone && !dies };
}

/** The change that a patient reports; hope changes the feeling, never the blood. */
export function trialChange(v, patient, design, outcome) {
  if (outcome === "meld") return patient.final - patient.entry;
  return (
    patient.wellbeing +
    v.expectation * v.wellbeing_sd * (design === "blinded" ? 0.5 : patient.cells ? 1 : 0)
  );
}

/** Mean, variance and number. */
export function momentsOf(numbers) {
  const n = numbers.length,
    mean = numbers.reduce((sum, x) => sum + x, 0) / n;
  return { mean, n, variance: numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) };
}

/**
 * What the trial reports: estimate, standard error, 95 % interval, p; only those who stay are
 * counted.
 */
export function analyseTrial(v, patients, design, outcome) {
  const stay = patients.filter((one) => !one.dead && !one.transplanted);
  const arm = (cells) =>
    momentsOf(
      stay.filter((one) => one.cells === cells).map((one) => trialChange(v, one, design, outcome)),
    );
  const treated = arm(true),
    control = arm(false);
  if (design === "before-after")
    return trialVerdict(
      treated.mean,
      Math.sqrt(treated.variance / treated.n),
      treated.n - 1,
      treated,
      control,
    );
  const df = treated.n + control.n - 2;
  const variance = ((treated.n - 1) * treated.variance + (control.n - 1) * control.variance) / df;
  return trialVerdict(
    treated.mean - control.mean,
    Math.sqrt(variance * (1 / treated.n + 1 / control.n)),
    df,
    treated,
    control,
  );
}

function trialVerdict(estimate, se, df, treated, control) {
  const half = studentLimit(df) * se;
  return {
    estimate,
    se,
    low: estimate - half,
    high: estimate + half,
    p: studentP(estimate / se, df),
    significant: Math.abs(estimate) > half,
    treated,
    control,
  };
}

/** A league: trials with the given sizes, each with its result and whether it was published. */
export function leagueOf(v, sizes, trials, seed) {
  return Array.from({ length: trials }, (_, i) => {
    const [treated, control] = sizes[i % sizes.length];
    const found = analyseTrial(v, trialPatients(v, seed + i, treated, control), "blinded", "meld");
    const winner = found.significant && found.estimate < 0,
      good = v.strict ? winner : found.estimate < 0;
    return {
      ...found,
      winner,
      good,
      published: good || chanceOf(seed + i, 0, VIRTUAL_DRAWS.published) < v.publish,
    };
  });
}

/** Random-effects mean (DerSimonian-Laird) with its 95 % interval. */
export function pooledOf(trials) {
  const { centre, low, high, tau2 } = poolTrials(
    trials.map((one) => ({ yi: one.estimate, vi: one.se ** 2 })),
    "DL",
    false,
  );
  return { estimate: centre, low, high, tau2 };
}
