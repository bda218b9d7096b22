// What a picture shows without being seen: a sentence, which is its accessible description, and a
// folded table of its values, made only when somebody opens it.

import { functionOf } from "../engine/code.js";
import { amount, outline } from "../engine/outline.js";
import { formatNumber } from "../engine/rules.js";
import { TOLD, shortName } from "../engine/told.js";
import { element, freshId, putText, whenQuiet } from "../parts/dom.js";

const REST = 250; // ms; words and table follow when the controls rest, after a map's full picture
const TOLD_POINTS = 12; // that are told one by one
const ROWS = 21; // of a curve, evenly taken
const COVERED = {
  chart: "The curves are covered until you have answered.",
  other: "What it shows is covered until you have answered.",
};

/** The name of a chart. */
export const nameOf = ({ title, x, y }) => title || `${y.label} against ${x.label}`;

/** The values of a chart; `view` is its part of the card's JSON. */
export function valuesOfChart(view) {
  const shape = (run) => shapeOf(view, run);
  const tables = (run) => tablesOf(view, run);
  return createValues({ name: nameOf(view), covered: COVERED.chart, shape, tables });
}

/**
 * The values of a picture that is no chart.
 * @param {string} type one of `TOLD`
 * @param {object} view its part of the card's JSON
 * @param {function} [drawn] what it has drawn besides its run
 */
export function valuesOfPicture(type, view, drawn = () => null) {
  const { alt = "" } = view;
  const read = (run) => TOLD[type](view, run, drawn());
  const shape = (run) => read(run).words;
  const tables = (run) => {
    const { heads, rows } = read(run);
    return rows.length ? [tableOf(heads, rows)] : [];
  };
  const name = view.title || shortName(alt) || "The picture";
  return createValues({ name, alt, covered: COVERED.other, shape, tables, late: true });
}

/**
 * The values of pictures that say their result in their own names.
 * @param {HTMLElement} node holds the pictures
 * @param {string} name
 * @param {function} tablesFor run → tables {heads, rows}
 * @param {function} [shapeFor] run → a sentence on the shape of a curve, for the description
 */
export function valuesOfNamed(node, name, tablesFor, shapeFor) {
  const named = () => [...node.querySelectorAll("svg[role=img]")];
  const own = () => named().map((one) => `${one.getAttribute("aria-label")}. `);
  const tables = (run) => tablesFor(run).map(({ heads, rows }) => tableOf(heads, rows));
  const values = createValues({
    name,
    covered: COVERED.other,
    shape: shapeFor ?? (() => ""),
    tables,
    own: () => own().join(""),
  });
  if (shapeFor) node.append(values.node);
  return values;
}

/**
 * The values of a picture.
 * @param {object} picture name; alt: what is always said of it; covered: said before the answer;
 * shape(run), tables(run); late: whether its first words wait too, until it is drawn; own(): what
 * its name says
 * @returns {{node: HTMLElement, id: string, follow: function, told: function}} the node with the
 * sentence, its id; follow(run, veiled); told() → nodes with the sentence and the tables
 */
function createValues({ name, alt = "", covered, shape, tables, late = false, own = () => "" }) {
  const id = freshId("shape");
  const node = element("p", { id, hidden: true }, `${alt} ${covered}`.trim());
  const now = { run: null, veiled: true };
  const words = () => (now.veiled ? covered : shape(now.run));
  const tell = () => putText(node, `${alt} ${words()}`.trim());
  const told = () => [
    element(
      "p",
      {},
      element("strong", {}, `${name}${/[.?]$/.test(name) ? "" : "."} `),
      own(),
      shape(now.run),
    ),
    ...tables(now.run),
  ];
  return { node, id, follow: following(now, tell, late ? () => putText(node, alt) : tell), told };
}

/** The fold under a card with the values of all its pictures, or null; follow(run, veiled). */
export function foldOf(pictures) {
  if (!pictures.length) return null;
  const named = { tabindex: "0", role: "group", "aria-label": "Values of the pictures" };
  const box = element("div.hep-scroll", named);
  const summary = element("summary", {}, "The values as a table");
  const node = element("details.hep-values", { hidden: true }, summary, box);
  const now = { run: null, veiled: true };
  const tell = () => {
    node.hidden = now.veiled;
    if (node.open && !now.veiled) box.replaceChildren(...pictures.flatMap((one) => one.told()));
  };
  node.addEventListener("toggle", tell);
  return { node, follow: following(now, tell) };
}

/**
 * Take a run in and tell it when the controls rest and every picture is drawn in full; a picture
 * that is new at once as well, or `late`, what one that takes its time says meanwhile.
 */
function following(now, tell, late = tell) {
  const later = whenQuiet(tell, REST);
  return (run, veiled) => {
    const fresh = !now.run || now.veiled !== veiled;
    Object.assign(now, { run, veiled });
    if (fresh) (veiled ? tell : late)();
    later();
  };
}

const rowOf = (run, name) => (name === "time" ? run.times : run.series[name]);

/** The shape of all that has a name: the curves of a run, and the lines behind them. */
function shapeOf(view, run) {
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
  const words = outline(view, [...curves, ...lines]) || pointsInWords(view, run);
  return words + beside;
}

/** A chart of single points alone. */
function pointsInWords(view, run) {
  const told = pointsOf(view, run).map(
    ([label, x, y]) => `${label}: ${amount(view.x, x)}, ${amount(view.y, y)}`,
  );
  const more = told.length > TOLD_POINTS ? `; and ${told.length - TOLD_POINTS} more` : "";
  return told.length ? `${told.slice(0, TOLD_POINTS).join("; ")}${more}.` : "";
}

// ---- the table ----

/** A table for the curves over each of their x, and one for all single points. */
function tablesOf(view, run) {
  const sources = [...new Set(view.curves.map((curve) => curve.x))];
  const curves = sources.map((source) => {
    const over = view.curves.filter((curve) => curve.x === source);
    const x = rowOf(run, source);
    const named = over.map(({ label }) => headOf({ ...view.y, label: label || view.y.label }));
    const heads = [headOf(view.x), ...named];
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
    .flatMap(({ label, text, x, y }) => x.map((at, i) => [text?.[i]?.trim() || label, at, y[i]]));
  return [...moving, ...still].map(([label, ...at]) => [label?.trim() || "a point", ...at]);
}

/** The head of a column; the axis of a chart that only lays things out has no name. */
const headOf = ({ label, unit }) =>
  unit ? `${label} (${unit})` : label?.trim() || "place on the axis";

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
