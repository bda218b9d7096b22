// Bars made of parts. Under each bar its parts are named with their numbers, so that colour is
// never alone.

import { element, putText } from "../parts/dom.js";
import { functionOf } from "../engine/code.js";
import { formatNumber } from "../engine/rules.js";

/**
 * Make a view of bars.
 * @param {HTMLElement} node the view's element
 * @param {object} view its part of the card's JSON
 * @returns {{draw: function}} draw(run, veiled)
 */
export function createBars(node, view) {
  const rows = view.rows.map((row) => barRow(row, view));
  const mark = view.mark
    ? element(
        "p.hep-bar-note",
        {},
        element("span.hep-bar-key", { "aria-hidden": "true" }),
        view.mark.label,
      )
    : null;
  node.append(
    element(
      "div.hep-bars",
      { role: "list", "aria-label": view.title },
      ...rows.map((row) => row.node),
    ),
    ...(mark ? [mark] : []),
  );
  return {
    draw: (run, veiled) => {
      for (const row of rows) row.draw(run.scope, veiled);
    },
  };
}

function barRow(row, view) {
  const high = row.high ?? view.high;
  const share = (value) => Math.max(0, Math.min(100, (100 * value) / (high - view.low)));
  const total = element("output.hep-value");
  const parts = row.parts.map((part) => barPart(part));
  const readTotal = functionOf(row.total);
  const readGrade = row.grade ? functionOf(row.grade) : null;
  const line = view.mark
    ? element("i.hep-bar-mark", { style: `left: ${share(view.mark.at - view.low)}%` })
    : null;
  const bar = element(
    "div.hep-bar",
    { "aria-hidden": "true" },
    ...parts.map((part) => part.piece),
    line,
  );
  const node = element(
    "div.hep-bar-row",
    { role: "listitem" },
    element("span.hep-bar-label", {}, row.label),
    total,
    bar,
    parts.length > 1 ? element("p.hep-bar-parts", {}, ...parts.map((part) => part.name)) : null,
  );
  const draw = (scope, veiled) => {
    node.dataset.veiled = String(veiled);
    const word = readGrade ? `${row.words[Math.round(readGrade(scope)) - 1]} ` : "";
    const read = () => `${word}${formatNumber(readTotal(scope), row.style)} ${view.unit}`.trim();
    putText(total, veiled ? "?" : read());
    // a single part is a length from the low end of the scale
    let taken = parts.length > 1 ? 0 : -view.low;
    let room = 100;
    for (const part of parts) {
      const value = part.value(scope);
      const width = Math.min(room, share(Math.max(0, value + taken)));
      room -= width;
      taken = Math.min(0, value + taken); // what is below zero shortens the next part
      part.piece.style.width = veiled ? "0" : `${width.toFixed(2)}%`;
      putText(part.number, veiled ? "?" : formatNumber(value, part.style));
    }
  };
  return { node, draw };
}

function barPart(part) {
  const paint = `background: var(--${part.role})`;
  const number = element("b");
  const name = element(
    "span",
    {},
    element("i", { style: paint, "aria-hidden": "true" }),
    `${part.label} `,
    number,
  );
  return {
    style: part.style,
    value: functionOf(part),
    piece: element("span", { style: paint }),
    number,
    name,
  };
}
