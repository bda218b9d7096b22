// The same lives, lived four times; the same lives as in hepatica/analysis/virtual_life.py, draw by
// draw.

import { normalOf } from "./distributions.js";
import { chanceOf } from "./luck.js";
import { LIFE_RISK_AT, VIRTUAL_DRAWS, enterTrial } from "./virtual_trial.js";

const OTHER = 30;
const FATES = { dead: 31, moved: 32, lost: 33 };
const LIFE_YEAR = 12; // months

/** The luck of so many lives: what no setting changes, kept for the next move of a slider. */
export function lifeLuck(seed, people) {
  const of = (draw) => Float64Array.from({ length: people }, (_, i) => chanceOf(seed, i, draw));
  const slow = (draw) => of(draw).map((u) => -Math.log(u));
  return {
    people,
    entry: of(VIRTUAL_DRAWS.entry),
    true: of(VIRTUAL_DRAWS.true).map(normalOf),
    drift: of(VIRTUAL_DRAWS.drift).map(normalOf),
    sober: of(VIRTUAL_DRAWS.sober),
    other: of(OTHER),
    dead: slow(FATES.dead),
    moved: slow(FATES.moved),
    lost: slow(FATES.lost),
  };
}

/** True MELD before, without care and cells half of the way to the end, of each life. */
function lifeMidway(v, luck) {
  const recovered = v.recovery * (1 - Math.exp(-v.follow / v.recovery_months));
  const enter = enterTrial(v);
  return Float64Array.from({ length: luck.people }, (_, i) => {
    const { before } = enter(luck.entry[i], luck.true[i]);
    const change = v.drift * luck.drift[i] - (luck.sober[i] < v.abstinent ? recovered : 0);
    return before + change / 2;
  });
}

/**
 * One arm: what a report sees of each life ("alive", "moved", "dead", "lost"), who is dead in
 * truth, who ever got the treatment of the arm.
 * @param {object} v all parameters of the model
 * @param {object} luck of `lifeLuck`
 * @param {boolean} cells whether they get cells
 * @param {boolean} informed whether everybody knows, as in an open trial
 */
function lifeArm(v, luck, cells, informed, midway = lifeMidway(v, luck)) {
  const knows = informed && !cells;
  const known = informed ? (cells ? v.attention : v.others) : 1;
  const least = 1e-12; // a rate of nothing
  const risk = v.risk_15 * (cells ? v.death_ratio : 1),
    move = v.risk_15 * v.transplant * (knows ? v.listed : 1),
    loss = v.lost * (knows ? v.lost_ratio : 1);
  const years = v.follow / LIFE_YEAR,
    wait = cells ? v.wait / LIFE_YEAR : 0;
  return Array.from(midway, (meld, i) => {
    const care = luck.other[i] < v.care_share * known ? v.care_points : 0;
    const own = meld - (cells ? v.benefit / 2 : 0) - care;
    const weight = Math.exp(v.risk_slope * (own - LIFE_RISK_AT));
    const dies = luck.dead[i] / Math.max(risk * weight, least),
      moves = luck.moved[i] / Math.max(move * weight, least),
      goes = luck.lost[i] / Math.max(loss * weight, least);
    const first = Math.min(dies, moves, goes);
    const fate = first === dies ? "dead" : first === moves ? "moved" : "lost";
    return {
      fate: first < years ? fate : "alive",
      dead: dies < years && dies < moves,
      given: first >= wait,
    };
  });
}

/** The four arms: blinded and open, with cells and without. */
export function fourLives(v, luck) {
  const midway = lifeMidway(v, luck);
  const arm = (cells, informed) => lifeArm(v, luck, cells, informed, midway);
  return [false, true].map((informed) => ({
    cells: arm(true, informed),
    control: arm(false, informed),
  }));
}

export const LIFE_READINGS = {
  deaths: (one) => one.fate === "dead",
  protocol: (one) => one.given && one.fate === "dead",
  composite: (one) => one.fate === "dead" || one.fate === "moved",
  truth: (one) => one.dead,
};

/** Risk with cells over risk without, by one reading; no event without counts as half of one. */
export function lifeRatio(reading, { cells, control }) {
  const event = LIFE_READINGS[reading];
  const share = (arm) => {
    const all = reading === "protocol" ? arm.filter((one) => one.given).length : arm.length;
    return arm.filter(event).length / Math.max(all, 1);
  };
  return share(cells) / Math.max(share(control), 0.5 / control.length);
}
