// Every trial on the arrow that it tried to cut: a ring without the drug, a shape with it.

import { element } from "../../parts/dom.js";
import { layBoard } from "../../parts/stage.js";

const SHAPES = {
  met: '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>',
  missed: '<path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2.6"/>',
  "not tested":
    '<path d="M8 1.8 14.2 8 8 14.2 1.8 8z" fill="none" stroke="currentColor" stroke-width="2"/>',
  "no control":
    '<rect x="2.5" y="2.5" width="11" height="11" fill="none" stroke="currentColor" stroke-width="2"/>',
  stopped: '<path d="M2 8h12" stroke="currentColor" stroke-width="3.4"/>',
  "not read": '<circle cx="8" cy="8" r="2" fill="currentColor"/>',
  without: '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
};

function shape(name) {
  return element("i.hep-arm-shape", {
    "aria-hidden": "true",
    "data-shape": name,
    html: `<svg viewBox="0 0 16 16">${SHAPES[name]}</svg>`,
  });
}

/** Whether the filters let a row through. */
export const passes = (row, { arrow, f4, blind }) =>
  (arrow === "" || arrow === row.arrow) && (row.f4 || !f4) && (row.blind || !blind);

/** What the filters let pass, counted, and the picked row in words, as card.py does. */
function trialScope(spec, values) {
  const passing = spec.rows.filter((row) => passes(row, values));
  const pairs = passing.filter((row) => row.pair);
  const tally = (name) => pairs.filter((row) => row.verdict === name).length;
  const picked = passing.find((row) => row.key === values.row);
  const [met, missed] = [tally("met"), tally("missed")];
  const shares = pairs.map((row) => row.without);
  return {
    drawn: pairs.length,
    trials: new Set(pairs.map((row) => row.trial)).size,
    listed: passing.length - pairs.length,
    met,
    missed,
    other: pairs.length - met - missed,
    low: shares.length ? Math.min(...shares) : 0,
    high: shares.length ? Math.max(...shares) : 0,
    f4: values.f4 ? 1 : 0,
    blind: values.blind ? 1 : 0,
    one: values.arrow === "" ? 0 : 1,
    picked: picked ? 1 : 0,
    name: picked?.name ?? "",
    told: picked?.told ?? "",
    asked: spec.asked,
  };
}

/** Mount the pairs; the values are the filters and the row that is open. */
export function mount(card) {
  const { spec } = card;
  const board = element("div.hep-arms", { role: "group", "aria-label": "Trials by arrow" });
  const list = element("details.hep-arms-list");
  const controls = filters(card);
  return {
    views: [legend(spec), board, list],
    controls: [controls.node],
    lay: layBoard,
    show: (values) => controls.show(values),
    draw: (values, veiled) => {
      const rows = spec.rows.filter((row) => passes(row, values));
      const pairs = rows.filter((row) => row.pair);
      const focused = document.activeElement?.dataset?.row;
      board.replaceChildren(...columns(card, pairs, veiled));
      listed(card, list, veiled ? [] : rows.filter((row) => !row.pair));
      if (focused) (board.querySelector(`[data-row="${focused}"]`) ?? list).focus?.();
      return trialScope(spec, values);
    },
  };
}

function legend(spec) {
  const item = (name, label) => element("li", {}, shape(name), label);
  const drawn = new Set(spec.rows.filter((row) => row.pair).map((row) => row.verdict));
  const verdicts = spec.verdicts.filter(({ name }) => drawn.has(name));
  const all = verdicts.map(({ name, label }) => item(name, label));
  const shapes = [item("without", "without the drug"), ...all];
  const marks = new Map(spec.arrows.map(({ mark, words }) => [mark, words]));
  const levels = [...marks].map(([mark, words]) => `${mark} ${words}`).join(", ");
  return element(
    "div",
    {},
    element("ul.hep-legend.hep-arms-legend", {}, ...shapes),
    element("p.hep-arms-levels", {}, `What the arrow itself rests on: ${levels}.`),
  );
}

function filters(card) {
  const { spec } = card;
  const many = (key) => new Set(spec.rows.filter((r) => r.arrow === key).map((r) => r.trial)).size;
  const option = (key, label) => element("option", { value: key }, label);
  const select = element(
    "select",
    { "data-name": "arrow", onchange: () => card.change({ arrow: select.value, row: "" }) },
    option("", "all arrows"),
    ...spec.arrows.map(({ key, label }) => option(key, `${label} (${many(key)})`)),
  );
  const boxes = Object.entries({ f4: "cirrhosis (F4) only", blind: "double-blind only" });
  const box = ([name, label]) => {
    const input = element("input", {
      type: "checkbox",
      "data-name": name,
      onchange: () => card.change({ [name]: input.checked, row: "" }),
    });
    return { name, input, node: element("label.hep-arms-box", {}, input, label) };
  };
  const checks = boxes.map(box);
  const pick = element("label.hep-arms-pick", {}, "Arrow ", select);
  const node = element("div.hep-arms-filters", {}, pick, ...checks.map((check) => check.node));
  const show = (values) => {
    select.value = values.arrow;
    for (const { name, input } of checks) input.checked = values[name];
  };
  return { node, show };
}

// ---- the pairs ----

/** Two columns of about the same height where there is room; each has its own axis. */
function columns(card, pairs, veiled) {
  const groups = card.spec.arrows
    .map((arrow) => ({ arrow, rows: pairs.filter((row) => row.arrow === arrow.key) }))
    .filter(({ rows }) => rows.length);
  const size = ({ rows }) => rows.length + 1.5;
  const half = groups.reduce((sum, each) => sum + size(each), 0) / 2;
  const [left, right] = [[], []];
  let height = 0;
  for (const each of groups) {
    (height + size(each) / 2 <= half ? left : right).push(each);
    height += size(each);
  }
  return [left, right]
    .filter((column) => column.length)
    .map((column) =>
      element(
        "div.hep-arms-column",
        {},
        axis(card.spec),
        ...column.map((each) => group(card, each, veiled)),
      ),
    );
}

function at(node, name, value, [low, high]) {
  node.style.setProperty(name, `${(100 * (value - low)) / (high - low)}%`);
  return node;
}

function axis(spec) {
  const [low, high, step] = spec.axis;
  const ticks = [];
  for (let tick = low; tick <= high; tick += step)
    ticks.push(at(element("span", {}, `${tick}`), "--at", tick, spec.axis));
  const track = element("span.hep-arms-ticks", {}, ...ticks);
  const unit = element("span", {}, "% better");
  return element("div.hep-arms-axis", { "aria-hidden": "true" }, unit, track);
}

function group(card, { arrow, rows }, veiled) {
  const mark = element("span.hep-arms-mark", { title: arrow.words, "aria-hidden": "true" });
  mark.textContent = arrow.mark;
  const words = element("span.hep-hidden", {}, ` (${arrow.words})`);
  const head = element("h4.hep-arms-head", {}, mark, arrow.label, words);
  const nodes = rows.flatMap((row, n) => pair(card, row, rows[n - 1], veiled));
  return element("section.hep-arms-group", {}, head, ...nodes);
}

function pair(card, row, before, veiled) {
  const open = !veiled && card.values.row === row.key;
  const again = before?.trial === row.trial;
  const name = element("span.hep-arm-name", {}, again ? "" : row.name);
  const who = element("small", {}, again ? row.arm : `${row.who}; ${row.arm}`);
  const button = element(
    "button.hep-arm",
    {
      type: "button",
      "data-row": row.key,
      "aria-expanded": String(open),
      disabled: veiled ? "" : null,
      onclick: () => card.change({ row: open ? "" : row.key }),
    },
    element("span.hep-arm-words", {}, name, who),
    trackOf(card.spec, row, veiled),
    element("span.hep-arm-numbers", {}, veiled ? `${row.without}` : `${row.without} → ${row.drug}`),
    element("span.hep-hidden", {}, veiled ? " % without the drug" : `: ${spoken(row)}`),
  );
  return open ? [button, about(row)] : [button];
}

const spoken = (row) => `${row.name}, ${row.who}: ${row.told}`;

function trackOf(spec, row, veiled) {
  const [low, high] = [row.without, row.drug].sort((a, b) => a - b);
  const line = at(element("i.hep-arm-line"), "--from", low, spec.axis);
  at(line, "--to", high, spec.axis);
  const ring = at(shape("without"), "--at", row.without, spec.axis);
  const drug = at(shape(row.verdict), "--at", row.drug, spec.axis);
  return element("span.hep-arm-track", {}, ...(veiled ? [ring] : [line, ring, drug]));
}

function about(row) {
  const { text, link } = row.source;
  const source = link
    ? element("a", { href: link, target: "_blank", rel: "noopener" }, text)
    : element("span", {}, text);
  const lines = row.lines.map((line) => element("p", {}, line));
  return element("div.hep-arm-about", {}, ...lines, element("p", {}, source));
}

// ---- rows without two numbers on this axis ----

function listed(card, list, rows) {
  const item = (row) =>
    element(
      "li",
      { "data-row": row.key },
      shape(row.verdict),
      element("span", {}, element("strong", {}, row.name), ` (${row.who}). `, sentence(row), " "),
    );
  list.hidden = !rows.length;
  list.replaceChildren(
    element("summary", {}, `Not on this axis: ${rows.length} more, in words`),
    element("ul", {}, ...rows.map(item)),
  );
}

const sentence = (row) => `${row.told[0].toUpperCase()}${row.told.slice(1)}.`;
