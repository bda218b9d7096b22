// Sentences that state what a run shows. Rules, numbers and rounding match parts/sentence.py.

import { functionOf } from "./code.js";

const PLURAL = "plural "; // the style of a noun that follows a whole number

/**
 * A number as a reader wants it.
 * @param {number} x
 * @param {string} style "0f", "1f", … decimals; "2s", "3s", … significant digits; "plural year" or
 * "plural person people" the noun to a whole number
 */
export function formatNumber(x, style) {
  if (style.startsWith(PLURAL)) {
    const [one, many = `${one}s`] = style.slice(PLURAL.length).split(" ");
    return formatNumber(x, "0f") === "1" ? one : many;
  }
  if (!Number.isFinite(x)) return "–";
  const digits = Number(style.slice(0, -1));
  if (style.endsWith("f")) return groupThousands(x.toFixed(digits));
  if (Math.abs(x) < 1e-6) return "0";
  const rounded = Number(x.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return groupThousands(rounded.toFixed(Math.min(decimals, 12)));
}

function groupThousands(text) {
  const sign = text.startsWith("-") && Number(text) !== 0 ? "−" : "";
  const [whole, part] = text.replace("-", "").split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
  return sign + grouped + (part ? `.${part}` : "");
}

/**
 * Everything that sentences, points and drawings may name: each read-out at the play head, and its
 * value at the start and end, its extremes and the time of its peak.
 */
export function summarise(series, times, head, values) {
  const scope = { ...values };
  for (const [name, row] of Object.entries(series)) {
    const { top, low } = extremes(row);
    const [start, end, highest, lowest, peak] = namesOf(name);
    scope[name] = row[head];
    scope[start] = row[0];
    scope[end] = row[row.length - 1];
    scope[highest] = row[top];
    scope[lowest] = low;
    scope[peak] = times[top];
  }
  scope.time = times[head];
  return scope;
}

const named = new Map(); // names put together for every frame would take longer than all the rest

/** What a sentence calls the start, end, largest and smallest number of a row, and its peak. */
function namesOf(name) {
  if (!named.has(name))
    named.set(
      name,
      ["start", "end", "max", "min", "peak"].map((part) => `${name}_${part}`),
    );
  return named.get(name);
}

const known = new WeakMap(); // a run that is shown again is not searched again

const ALIKE = 1e-12; // relative; on a level row the browsers' last digits would choose the place

/** The place of a row's largest number, and its smallest number. */
function extremes(row) {
  if (!known.has(row)) {
    let top = 0;
    let low = row[0];
    for (let i = 1; i < row.length; i++) {
      if (row[i] - row[top] > ALIKE * Math.abs(row[top])) top = i;
      if (row[i] < low) low = row[i];
    }
    known.set(row, { top, low });
  }
  return known.get(row);
}

/**
 * Compile what a card says: in each group the first rule that holds speaks, with its numbers filled
 * in.
 */
export function compileDescription(groups) {
  const compiled = groups.map((rules) => rules.map(compileRule));
  return (scope) =>
    compiled
      .map((rules) => speak(rules, scope))
      .filter(Boolean)
      .join(" ");
}

function compileRule(rule) {
  return {
    holds: rule.when ? functionOf(rule.when) : () => true,
    parts: rule.parts.map(compilePart),
  };
}

/**
 * A part of a sentence as a function of the scope: fixed words, words of the scope, or a number.
 */
function compilePart(part) {
  if (typeof part === "string") return () => part;
  if (part.text) return (scope) => String(scope[part.text]);
  const value = functionOf(part);
  return (scope) => formatNumber(value(scope), part.style);
}

function speak(rules, scope) {
  const rule = rules.find((candidate) => candidate.holds(scope));
  return rule ? rule.parts.map((part) => part(scope)).join("") : "";
}

/** Words copied from print with minus signs before numbers and dashes between them. */
export function minusSigns(words) {
  return words.replace(/(^|[\s(])-(?=\d)/g, "$1−").replace(/(\d)-(?=\d)/g, "$1–");
}
