// What a chart shows, in words: where each curve starts, turns and ends, and where two cross.

import { formatNumber } from "./rules.js";

const STILL = 0.01; // of the axis: less than this is no change
const TURN = 0.03; // of the axis: less than this is no turn
const SAME = 0.002; // of the axis: closer than this, two curves lie on each other
const MANY = 6; // turns beyond this are counted, not told
const PLACES = 3; // crossings of one pair that are told

/**
 * The shape of a chart as sentences.
 * @param {object} axes {x, y}, each {label, unit, range, scale}
 * @param {object[]} lines {label, x, y, fixed}: rows; two that are fixed are not compared
 * @returns {string}
 */
export function outline(axes, lines) {
  const known = lines.map((line) => ({ ...line, ...finite(line) }));
  const told = known.map((line) => lineInWords(axes, line));
  return [...told, ...meetings(axes, known)].map(capital).join(" ");
}

/** A sentence with a capital; a symbol such as z or pH that opens it stays as it is. */
const capital = (said) => said.replace(/^[a-z](?=[a-z]+[\s:])/, (letter) => letter.toUpperCase());

/** A number with its unit. */
export function amount({ unit }, value) {
  return unit ? `${formatNumber(value, "3s")} ${unit}` : formatNumber(value, "3s");
}

const place = (axis, value) =>
  axis.unit ? amount(axis, value) : `${axis.label} ${formatNumber(value, "3s")}`;

/** The points of a line that have both numbers. */
function finite({ x, y }) {
  const kept = Array.from(x, (_, i) => i).filter(
    (i) => Number.isFinite(x[i]) && Number.isFinite(y[i]),
  );
  return { x: kept.map((i) => x[i]), y: kept.map((i) => y[i]) };
}

/** How high a value stands on its axis: 0 at its low end, 1 at its high end. */
function heightOn({ range: [low, high], scale }) {
  if (scale !== "log") return (value) => (value - low) / (high - low);
  return (value) => Math.log(Math.max(value, low) / low) / Math.log(high / low);
}

function lineInWords(axes, { label, x, y }) {
  if (!y.length) return `${label}: no values here.`;
  const at = (i) => `${amount(axes.y, y[i])} at ${place(axes.x, x[i])}`;
  if (y.length === 1) return `${label}: ${at(0)}.`;
  const last = y.length - 1;
  if (x.every((value) => value === x[0])) return `${label}: a mark at ${place(axes.x, x[0])}.`;
  if (!ascends(x)) return `${label}: leads from ${at(0)} to ${at(last)}.`;
  const heights = y.map(heightOn(axes.y));
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const span = `from ${place(axes.x, x[0])} to ${place(axes.x, x[last])}`;
  if (high - low <= STILL) return `${label}: stays near ${amount(axes.y, y[0])} ${span}.`;
  const found = turns(heights, TURN);
  if (found.length > MANY) {
    const bounds = `${amount(axes.y, Math.min(...y))} and ${amount(axes.y, Math.max(...y))}`;
    return `${label}: turns ${found.length} times between ${bounds} and ends with ${at(last)}.`;
  }
  const stops = [...found, last];
  const moves = stops.map((i, n) => `${moveTo(heights, stops[n - 1] ?? 0, i)} ${at(i)}`);
  return `${label}: starts with ${at(0)}, ${moves.join(", then ")}.`;
}

const moveTo = (heights, from, to) => (heights[to] >= heights[from] ? "rises to" : "falls to");

const ascends = (x) => x.every((value, i) => i === 0 || value > x[i - 1]);

/** The places where a row turns by more than `least`: peaks and troughs, without its two ends. */
export function turns(row, least) {
  const found = [];
  let [low, high, way] = [0, 0, 0];
  for (let i = 1; i < row.length; i++) {
    if (row[i] > row[high]) high = i;
    if (row[i] < row[low]) low = i;
    if (way >= 0 && row[high] - row[i] > least) {
      if (way > 0) found.push(high);
      [low, way] = [i, -1];
    } else if (way <= 0 && row[i] - row[low] > least) {
      if (way < 0) found.push(low);
      [high, way] = [i, 1];
    }
  }
  return found;
}

/** Where lines cross, one sentence per pair that does. */
function meetings(axes, lines) {
  const told = [];
  lines.forEach((one, n) => {
    for (const other of lines.slice(n + 1)) {
      if (one.fixed && other.fixed) continue;
      const all = crossings(axes.y, one, other);
      const where = all.slice(0, PLACES).map((x) => place(axes.x, x));
      const more = all.length > PLACES ? ` and ${all.length - PLACES} times more` : "";
      if (where.length)
        told.push(`${one.label} and ${other.label} cross at ${where.join(", ")}${more}.`);
    }
  });
  return told;
}

/** The x at which two lines change sides, both read on the points of the first. */
export function crossings(axis, one, other) {
  if (other.x.length < 2 || !ascends(one.x) || !ascends(other.x)) return [];
  const height = heightOn(axis);
  const found = [];
  let last = null; // the latest point at which they lay apart
  one.x.forEach((x, i) => {
    if (x < other.x[0] || x > other.x.at(-1)) return;
    const gap = height(one.y[i]) - height(between(other, x));
    if (Math.abs(gap) <= SAME) return;
    if (last && gap > 0 !== last.gap > 0)
      found.push(last.x + ((x - last.x) * last.gap) / (last.gap - gap));
    last = { x, gap };
  });
  return found;
}

/** The height of a line at x, straight between its points. */
function between({ x, y }, at) {
  const right = Math.max(
    1,
    x.findIndex((value) => value >= at),
  );
  const part = (at - x[right - 1]) / (x[right] - x[right - 1]);
  return y[right - 1] + part * (y[right] - y[right - 1]);
}
