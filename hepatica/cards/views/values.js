// What a chart shows without its picture: a sentence on its shape, which is the chart's accessible
// description, and a folded table of its values, made only when somebody opens it.

import { functionOf } from "../engine/code.js";
import { outline } from "../engine/outline.js";
import { formatNumber } from "../engine/rules.js";
import { element, freshId, putText, whenQuiet } from "../parts/dom.js";

const REST = 250; // ms; words and table follow when the controls rest, as the chart's digits do
const ROWS = 21; // of a curve, evenly taken
const COVERED = "The curves are covered until you have answered.";

/** The name of a chart. */
export const nameOf = ({ title, x, y }) => title || `${y.label} against ${x.label}`;

/**
 * The sentence and the table of a chart.
 * @param {object} view the chart's part of the card's JSON
 * @returns {{nodes: HTMLElement[], id: string, follow: function}} follow(run, veiled)
 */
export function createValues(view) {
  const id = freshId("shape");
  const words = element("p", { id, hidden: true });
  const hidden = element("span.hep-hidden", {}, `: ${nameOf(view)}`);
  const box = element("div.hep-scroll", { tabindex: "0", role: "group", "aria-label": "Values" });
  const fold = element("details.hep-values", { hidden: true });
  fold.append(element("summary", {}, "Values as a table", hidden), box);
  const now = { run: null, veiled: true };
  const tell = () => {
    fold.hidden = now.veiled;
    putText(words, now.veiled ? COVERED : shapeOf(view, now.run));
    if (fold.open && !now.veiled)
      box.replaceChildren(element("p", {}, words.textContent), ...tablesOf(view, now.run));
  };
  fold.addEventListener("toggle", tell);
  const later = whenQuiet(tell, REST);
  const follow = (run, veiled) => {
    const first = !now.run || now.veiled !== veiled;
    Object.assign(now, { run, veiled });
    if (first) tell();
    else later();
  };
  return { nodes: [words, fold], id, follow };
}

const rowOf = (run, name) => (name === "time" ? run.times : run.series[name]);

/** The shape of all that has a name: the curves of a run, and the lines behind them. */
export function shapeOf(view, run) {
  const curves = view.curves.map((curve) => ({
    label: curve.label || view.y.label,
    x: rowOf(run, curve.x),
    y: rowOf(run, curve.y),
  }));
  const named = view.background.filter(({ label }) => label);
  const lines = named
    .filter(({ kind }) => kind === "line")
    .map((line) => ({ ...line, fixed: true }));
  const others = named.filter(({ kind }) => kind !== "line").map(({ label }) => label);
  const beside = others.length ? ` Also drawn: ${others.join("; ")}.` : "";
  return outline(view, [...curves, ...lines]) + beside;
}

// ---- the table ----

/** A table for the curves over each of their x, and one for all single points. */
function tablesOf(view, run) {
  const sources = [...new Set(view.curves.map((curve) => curve.x))];
  const curves = sources.map((source) => {
    const over = view.curves.filter((curve) => curve.x === source);
    const x = rowOf(run, source);
    const heads = [headOf(view.x), ...over.map(({ label }) => headOf({ ...view.y, label }))];
    const rows = stepsOf(x.length).map((i) => [x[i], ...over.map(({ y }) => rowOf(run, y)[i])]);
    return tableOf(heads, rows);
  });
  const points = pointsOf(view, run);
  if (!points.length) return curves;
  return [...curves, tableOf(["Point", headOf(view.x), headOf(view.y)], points)];
}

/** Single points with their names: those of the run, then the measured ones behind it. */
function pointsOf(view, { scope }) {
  const moving = view.points.map(({ label, x, y }) => [
    label,
    functionOf(x)(scope),
    functionOf(y)(scope),
  ]);
  const still = view.background
    .filter(({ kind }) => kind === "points")
    .flatMap(({ label, text, x, y }) => x.map((at, i) => [text?.[i] || label || "", at, y[i]]));
  return [...moving, ...still];
}

const headOf = ({ label, unit }) => (unit ? `${label} (${unit})` : label);

/** Places of ROWS rows among `count`, both ends with them. */
function stepsOf(count) {
  const rows = Math.min(ROWS, count);
  return Array.from({ length: rows }, (_, n) => Math.round((n * (count - 1)) / (rows - 1 || 1)));
}

function tableOf(heads, rows) {
  const say = (cell) => (typeof cell === "number" ? formatNumber(cell, "3s") : String(cell));
  const head = heads.map((words) => element("th", { scope: "col" }, words));
  const body = rows.map(([first, ...rest]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, say(first)),
      ...rest.map((cell) => element("td", {}, say(cell))),
    ),
  );
  return element(
    "table.hep-table.hep-values-table",
    {},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
}
