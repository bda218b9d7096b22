// The view of regression to the mean.

import { normalOf } from "../../engine/distributions.js";
import { chanceOf } from "../../engine/luck.js";
import { clinicTables, fallShape, fallTables } from "../../engine/told_trials.js";
import { momentsOf, regressionToTheMean } from "../../engine/virtual_trial.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_MARKS,
  putLayers,
  trialFill,
  trialGrid,
  trialKeys,
  trialLine,
  trialLines,
  trialNumber,
  trialScale,
  trialSpots,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

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
export function viewRegression() {
  const people = viewOf(`${CLINIC_PEOPLE} people, measured twice, treated never`),
    curve = viewOf("How far the mean falls, by the threshold");
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
  const values = [
    valuesOfNamed(people.node, people.title, clinicTables),
    valuesOfNamed(curve.node, curve.title, fallTables, fallShape),
  ];
  const draw = (v, _data, veiled) => {
    const all = clinicPeople(v, v.seed, CLINIC_PEOPLE),
      enter = all.filter((one) => one.first >= v.entry);
    const [first, second] = ["first", "second"].map(
      (time) => momentsOf(enter.map((one) => one[time])).mean,
    );
    const fall = enter.length ? first - second : null;
    for (const one of values) one.follow({ v, all, fall }, veiled);
    if (veiled) {
      people.picture.innerHTML = trialVeil(people.width(), 300);
      curve.picture.innerHTML = trialVeil(curve.width(), 190);
    } else {
      putLayers(people.picture, clinicPicture(v, all, [first, second], people.width()));
      const drawn = clinicCurve(v, fall, curve.width());
      putLayers(curve.picture, { ...drawn, told: values[1].id });
    }
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
    values,
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
  const grid = trialGrid([10, 20, 30], y, 30, width);
  const entry = (one, i) => [left + wobble(i), y(one.first)];
  const next = (one, i) => [right + wobble(i), y(one.second)];
  const enters = ({ first }) => first >= v.entry;
  const pick = (test, place) => all.flatMap((one, i) => (test(one) ? [place(one, i)] : []));
  const stays = pick((one) => !enters(one), entry);
  const ends = pick(enters, (one, i) => [...entry(one, i), ...next(one, i)]);
  const moving =
    trialSpots(stays, 2.6, trialStroke("muted", 1.2)) +
    trialLines(ends, trialStroke("therapy", 1, 'opacity="0.35"')) +
    trialSpots([...pick(enters, entry), ...pick(enters, next)], 2.8, trialFill("therapy"));
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
    trialText(left, height - 6, "at screening", 'text-anchor="middle"') +
    trialText(right, height - 6, "day of infusion", 'text-anchor="middle"') +
    trialText(34, 12, "MELD");
  const label = `MELD of ${all.length} people at screening and on the day of the infusion; mean of those who enter ${means.map((x) => trialNumber(x)).join(" and ")}`;
  return { width, height, label, layers: [grid, moving, door, mean, axis] };
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
  const grid = trialGrid([0, 1, 2, 3, 4], y, 34, width - 12);
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
  const label = `Expected fall of the mean: ${trialNumber(regressionToTheMean(v))} points at a threshold of ${v.entry}`;
  const line = `<path d="M${points.join("L")}" ${trialStroke("ink", 2.5)}/>`;
  const layers = [grid + ticks.join(""), line, found + here, axis];
  return { width, height, label, layers };
}
