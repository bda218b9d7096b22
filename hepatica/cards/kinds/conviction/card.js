// A boundary for whoever looks after each trial, and a prior that the trials move.

import { normalShare } from "../../engine/distributions.js";
import { boundariesOf, looksOf, peopleNeeded, posteriorOf } from "../../engine/sequential.js";
import { createControl } from "../../parts/controls.js";
import { foldOf } from "../../views/values.js";
import { beliefPicture, boundaryPicture } from "./pictures.js";

const NORMAL = 1.959963984540054;
const RATHER = 0.8; // a fifth fewer deaths
const AHEAD = [0.4, 0.6, 0.8, 1]; // shares of the information at which the boundary is drawn on

/** Mount both pictures; the values are the effect that matters, the prior and the trials. */
export function mount(card) {
  const move = (name, value, settled) => card.change({ [name]: value }, settled);
  const controls = card.spec.controls.map((control) => [
    control.name,
    createControl(control, move),
  ]);
  const pictures = [boundaryPicture(), beliefPicture()];
  const fold = foldOf(pictures.map(({ values }) => values));
  const state = (values) => stateOf(card.spec, values);
  return {
    views: pictures.map(({ node }) => node),
    controls: controls.map(([, control]) => control.node),
    show: (values) => controls.forEach(([name, control]) => control.show(values[name])),
    draw: (values, veiled) => {
      const found = state(values);
      for (const { draw, values: told } of pictures) {
        draw(veiled ? null : found);
        told.follow(found, veiled);
      }
      fold.follow(found, veiled);
      return scopeOf(values, found);
    },
    below: [fold.node],
    at: (values) => ({ scope: scopeOf(values, state(values)), columns: {} }),
  };
}

function stateOf({ tables, leave_out: left }, values) {
  const used = Object.entries(tables).filter(([name]) => values.whole || name !== left);
  const looks = looksOf(used.map(([, table]) => table));
  const sum = (at) => used.reduce((total, [, table]) => total + table[at], 0);
  const needed = peopleNeeded(sum(2) / sum(3), values.reduction / 100);
  const times = looks.map(({ people }) => people / needed);
  const ahead = AHEAD.filter((time) => time > times.at(-1) + 0.02);
  const heights = boundariesOf([...times, ...ahead]);
  const last = looks.at(-1);
  const after = posteriorOf(values.guess, values.factor, last);
  const prior = { mean: Math.log(values.guess), sd: Math.log(values.factor) / NORMAL };
  const trials = { mean: last.centre, sd: last.se };
  const names = used.map(([name]) => name);
  return { names, looks, needed, times, ahead, heights, last, after, prior, trials };
}

/** The same as `Conviction.scope` in card.py. */
function scopeOf(values, { looks, needed, heights, last, after }) {
  const { mean, sd } = after;
  return {
    reduction: values.reduction,
    guess: values.guess,
    whole: values.whole,
    needed,
    people: last.people,
    share: (100 * last.people) / needed,
    z: last.z,
    boundary: heights[looks.length - 1],
    prior_low: values.guess / values.factor,
    prior_high: values.guess * values.factor,
    post: Math.exp(mean),
    post_low: Math.exp(mean - NORMAL * sd),
    post_high: Math.exp(mean + NORMAL * sd),
    fewer: 100 * normalShare(-mean / sd),
    rather: 100 * normalShare((Math.log(RATHER) - mean) / sd),
  };
}
