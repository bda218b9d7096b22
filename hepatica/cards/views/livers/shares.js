// Shares of a crowd over the years after the stop: lines, a band, a published point, and now.

import {
  TRIAL_MARKS,
  trialFill,
  trialGrid,
  trialLine,
  trialScale,
  trialStroke,
  trialText,
} from "../virtual_trial/marks.js";

const HEIGHT = 190;

/**
 * @param {number} width of the picture, px
 * @param {number[]} years of the axis
 * @param {{values: number[], paint: [string, number], dash: string, from: number}[]} lines per
 * cent at each year, drawn from one of them on
 * @param {{after: number}} v the card's values
 * @param {{band: {years: number[], low: number[], high: number[]},
 * published: {year, value}}} data
 * @returns {object} a picture for `putLayers`
 */
export function shareChart(width, years, lines, v, data = {}) {
  const x = trialScale(0, years.at(-1), 40, width - 8);
  const y = trialScale(0, 100, HEIGHT - 36, 12);
  const path = (values, from = 0) =>
    values
      .map((value, t) => `${x(years[t])} ${y(value)}`)
      .slice(from)
      .join("L");
  const drawn = lines.filter(({ values }) => values.length);
  const line = ({ values, paint: [role, thick], dash, from }) => {
    const more = dash ? `stroke-dasharray="${dash}"` : "";
    return `<path d="M${path(values, from)}" ${trialStroke(role, thick, more)}/>`;
  };
  return {
    width,
    height: HEIGHT,
    label: `Per cent over the years after the stop: ${drawn.map(({ values }) => wordsOf(years, values)).join("; ")}`,
    layers: [
      axes(width, x, y, years.at(-1)) + (data.band ? bandPath(x, y, data.band) : ""),
      drawn.map(line).join(""),
      data.published ? publishedPoint(x, y, data.published) : "",
      trialLine(x(v.after), 12, x(v.after), HEIGHT - 36, trialStroke("accent", 1.5)),
    ],
  };
}

function axes(width, x, y, last) {
  const across = trialGrid([0, 25, 50, 75, 100], y, 40, width - 8);
  const along = [0, 5, 10, 15, 20]
    .filter((tick) => tick <= last)
    .map((tick) => trialText(x(tick), HEIGHT - 20, tick, 'text-anchor="middle"'));
  const words = trialText(
    (40 + width) / 2,
    HEIGHT - 4,
    "years after the stop",
    'text-anchor="middle"',
  );
  return across + along.join("") + words;
}

function bandPath(x, y, { years, low, high }) {
  const along = (ends) => years.map((year, i) => `${x(year)} ${y(ends[i])}`);
  const outline = [...along(high), ...along(low).toReversed()].join("L");
  return `<path d="M${outline}Z" ${trialFill("accent", 'opacity="0.18"')}/>`;
}

function publishedPoint(x, y, { year, value }) {
  return TRIAL_MARKS.circle(x(year), y(value), 5, trialFill("collagen"));
}

function wordsOf(years, values) {
  const at = (year) => Math.round(values[years.indexOf(year)]);
  return `${at(0)} at the stop, ${at(5)} after five years, ${at(20)} after twenty`;
}
