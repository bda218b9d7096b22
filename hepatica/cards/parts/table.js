// The folded table of the numbers behind a card.

import { statusMark } from "./controls.js";
import { element } from "./dom.js";

const HEADS = ["Symbol", "Meaning", "Value", "Unit", "Status", "Source"];

/** The folded table of a card's parameters, or null. */
export function parameterTable(spec) {
  if (!spec.parameters?.length) return null;
  const heads = HEADS.map((name) => element("th", { scope: "col" }, name));
  const head = element("thead", {}, element("tr", {}, ...heads));
  const table = element(
    "table.hep-table",
    {},
    head,
    element("tbody", {}, ...spec.parameters.map(row)),
  );
  const named = { tabindex: "0", role: "region", "aria-label": `Parameters of ${spec.title}` };
  const summary = element("summary", {}, "Where its numbers come from");
  return element("details.hep-parameters", {}, summary, element("div.hep-scroll", named, table));
}

function row(parameter) {
  const { symbol, label, value, unit, status, link, source } = parameter;
  const away = { href: link, target: "_blank", rel: "noopener" };
  const cells = [
    label,
    value,
    unit,
    statusMark(status),
    link ? element("a", away, source) : source,
  ];
  const first = element("th", { scope: "row", html: symbol });
  return element("tr", {}, first, ...cells.map((cell) => element("td", {}, cell)));
}
