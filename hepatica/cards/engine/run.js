// A run of an explorable's model, without a picture: what parts/sentence.py and
// kinds/explorable/card.py do in Python.

import { summarise } from "./rules.js";
import { linspace } from "./solver.js";

const TIE = 1e-9; // of a sweep

/** The times of a run, or the places of a sweep, in the run's unit. */
export function timesOf(run) {
  if (run.times) return run.times;
  return run.sweep ? linspace(run.from, run.to, run.points) : linspace(0, run.until, run.points);
}

/**
 * A run at values.
 * @param {object} card spec, model (compiled), times, published (values of the model's parameters)
 * @returns {{series, head, scope}} the rows by name, which of their places is read, and what
 * formulas may name
 */
export function runAt(card, values) {
  const { series, head } = runModel(card, values);
  const known = { ...card.published, ...values };
  return { series, head, scope: summarise(series, card.times, head, known) };
}

function runModel({ spec, model, times, published }, values) {
  const { run } = spec;
  if (run.sweep) {
    const head = nearest(times, values[run.sweep] ?? published[run.sweep]);
    return { series: model.sweep(values, run.sweep, times), head };
  }
  const ticks = times.map((time) => time * run.ticksPerUnit);
  const series = { ...model.series(values, ticks), ...runWithout(spec, model, values, ticks) };
  return { series, head: spec.head ? values.head : times.length - 1 };
}

/** Where in a sweep a value lies; of two places equally near to it the first. */
function nearest(times, value) {
  const away = Array.from(times, (time) => Math.abs(time - value));
  const least = Math.min(...away) + TIE * (times.at(-1) - times[0]);
  return away.findIndex((far) => far <= least);
}

/**
 * Read-outs of the second run of a card, such as the same liver untreated, each with `_without` at
 * its end.
 */
function runWithout(spec, model, values, ticks) {
  if (!spec.without) return {};
  const series = model.series({ ...values, ...spec.without }, ticks);
  return Object.fromEntries(Object.entries(series).map(([name, row]) => [`${name}_without`, row]));
}
