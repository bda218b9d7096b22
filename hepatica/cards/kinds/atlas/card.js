// The atlas of causes: a list to pick from, one page per cause, and a comparison by one aspect.

import { statusMark } from "../../parts/controls.js";
import { element, freshId } from "../../parts/dom.js";
import { createPrediction } from "../../parts/predict.js";
import { answersKept, answersLate, keepAnswer } from "./answers.js";
import { ratioTrack, track, trackAxis } from "./bars.js";

const FACTORS = "factors";

/** Mount the atlas; its values are the cause, what is compared, the accelerator and the answers. */
export function mount(card) {
  const { spec } = card;
  card.traps = spec.traps.map((trap) => questionOf(card, trap));
  const go = (values) => card.change({ factor: "", ...values });
  const tabs = tabsOf(spec, (by) => go({ by }));
  const list = causeList(spec, (cause) => go({ cause, by: "" }));
  const page = element("section.hep-atlas-page.hep-view", { "data-view": "atlas" });
  const body = element("div.hep-atlas", {}, list.node, page);
  return {
    views: [page],
    controls: [],
    start: answersKept(card),
    connect: () => answersLate(card),
    lay: ({ prediction, sentence, controls }) => [
      prediction,
      element("div.hep-board", {}, tabs.node, list.picker, ...sentence, body, controls),
    ],
    draw: (values, veiled) => {
      const open = placeOf(spec, values);
      for (const way of [tabs, list]) way.show(values, veiled);
      body.dataset.compares = String(values.by !== "");
      const nodes = veiled ? [element("p.hep-atlas-cover", {}, "?")] : pageOf(card, values);
      put(page, nodes);
      const asks = card.traps.some((trap) => isAsked(trap, values) && trap.guards.has(open.row));
      return { told: (asks ? spec.asked : spec.told)[open.place], asks: asks ? 1 : 0 };
    },
  };
}

/** Which sentence belongs to what is open, and which row it speaks of. */
function placeOf(spec, { cause, by, factor }) {
  const own = spec.factors.find(({ key }) => key === factor);
  if (own && (by === FACTORS || (by === "" && own.cause === cause)))
    return { place: `factor ${factor}`, row: factor };
  if (by) return { place: `by ${by}`, row: `by-${by}` };
  return { place: `cause ${cause}`, row: `${cause}-pace` };
}

/** New content; the button in hand keeps the focus. */
function put(page, nodes) {
  const held = page.contains(document.activeElement) ? document.activeElement.dataset.factor : null;
  page.replaceChildren(...nodes);
  if (held) page.querySelector(`[data-factor="${held}"]`)?.focus();
}

// ---- questions inside the atlas ----

function questionOf(card, trap) {
  const spec = { ...card.spec, predict: trap.predict };
  const answer = (given) => {
    keepAnswer(card, trap, given);
    card.change({ [trap.name]: given });
  };
  const own = Object.create(card, { spec: { value: spec } });
  return { ...trap, guards: new Set(trap.guards), step: createPrediction(own, answer) };
}

const isAsked = (trap, values) => values[trap.name] === null;

/** The question that belongs to some rows, and whether it still covers them. */
function questionAt(card, values, rows) {
  const trap = card.traps.find(({ guards }) => rows.some((row) => guards.has(row)));
  trap?.step.show(values[trap.name]);
  return { question: trap ? [trap.step.node] : [], covered: trap && isAsked(trap, values) };
}

/** Whether a row waits for a question that stands on another page. */
const isCovered = (card, values, row) =>
  card.traps.some((trap) => trap.guards.has(row) && isAsked(trap, values));

const COVER = "a question first, on the page of the cause";

// ---- finding a place ----

function tabsOf(spec, onPick) {
  const places = [["", "One cause"], ...spec.headings, [FACTORS, "What speeds it up"]];
  const buttons = places.map(([by, words]) =>
    element("button", { type: "button", "data-by": by, onclick: () => onPick(by) }, words),
  );
  const said = element("span.hep-atlas-by", {}, "Compare all by");
  const [one, ...others] = buttons;
  const named = { role: "group", "aria-label": "What the atlas shows" };
  return {
    node: element("div.hep-atlas-tabs", named, one, said, ...others),
    show: ({ by }, veiled) =>
      buttons.forEach((button) => {
        button.disabled = veiled;
        button.setAttribute("aria-pressed", String(button.dataset.by === by));
      }),
  };
}

/** The causes as a list and, where there is no room, as a field to choose from. */
function causeList(spec, onPick) {
  const id = freshId("cause");
  const buttons = spec.causes.map(({ key, label }) =>
    element("button", {
      type: "button",
      "data-cause": key,
      html: label,
      onclick: () => onPick(key),
    }),
  );
  const options = spec.causes.map(({ key, label }) =>
    element("option", { value: key, html: label }),
  );
  const select = element("select", { id, onchange: () => onPick(select.value) }, ...options);
  return {
    node: element("div.hep-atlas-list", { role: "group", "aria-label": "Causes" }, ...buttons),
    picker: element("div.hep-picker", {}, element("label", { for: id }, "Cause"), select),
    show: ({ cause, by }, veiled) => {
      select.value = cause;
      select.disabled = veiled;
      buttons.forEach((button) => {
        button.disabled = veiled;
        const here = by === "" && button.dataset.cause === cause;
        button.setAttribute("aria-pressed", String(here));
      });
    },
  };
}

// ---- one cause ----

function pageOf(card, values) {
  if (values.by === FACTORS) return factorsPage(card, values);
  if (values.by) return comparison(card, values);
  const { spec } = card;
  const cause = spec.causes.find(({ key }) => key === values.cause);
  const rows = Object.values(cause.rows).flat();
  const { question, covered } = questionAt(
    card,
    values,
    rows.map(({ key }) => key),
  );
  const named = { role: "heading", "aria-level": "4", html: cause.label };
  const head = element("div.hep-atlas-name", named);
  if (covered) return [head, ...question];
  const parts = spec.headings.map(([aspect, words]) => part(spec, words, cause.rows[aspect]));
  const own = spec.factors.filter((factor) => factor.cause === cause.key);
  const faster = own.length
    ? [factorList(card, values, "What speeds it up, slows it, or only seems to", own)]
    : [];
  return [head, ...question, element("dl.hep-atlas-parts", {}, ...parts), ...faster];
}

function part(spec, words, rows) {
  const shown = rows.map((row) => rowOf(spec, row));
  return element("div", {}, element("dt", {}, words), element("dd", {}, ...shown));
}

/** What a row says, its number and bar, and whence. */
function rowOf(spec, row) {
  const blank = row.text === spec.blank;
  return element(
    "div.hep-atlas-row",
    { "data-row": row.key, "data-blank": String(blank) },
    element("p", {}, element("span", { html: row.text }), amountOf(row.amount)),
    row.bar ? track(row.bar) : null,
    row.bar ? trackAxis(row.bar.most) : null,
    row.bar?.groups ? element("p.hep-atlas-groups", {}, groupWords(row.bar)) : null,
    blank ? null : whence(spec, row),
  );
}

const groupWords = ({ groups: [low, high] }) =>
  `Thin line: ${low} to ${high}, from group to group.`;

const amountOf = (amount) => (amount ? element("strong.hep-atlas-amount", {}, ` ${amount}`) : null);

function whence(spec, { evidence, status, source }) {
  const [name, link] = spec.sources[source];
  const words = evidence ? element("span", { html: `${evidence}. ` }) : null;
  const named = link ? element("a", { href: link }, name) : name;
  return element("p.hep-atlas-whence", {}, words, statusMark(status), " ", named);
}

// ---- accelerators, one at a time ----

function factorsPage(card, values) {
  const { causes, factors } = card.spec;
  const groups = [{ key: "all", label: "several causes" }, ...causes];
  const lists = groups
    .map(({ key, label }) => [label, factors.filter((factor) => factor.cause === key)])
    .filter(([, own]) => own.length)
    .map(([label, own]) => factorList(card, values, label, own));
  return [element("p.hep-atlas-note", {}, `Open one. ${card.spec.alone}`), ...lists];
}

function factorList(card, values, words, factors) {
  const items = factors.map((factor) => {
    if (isCovered(card, values, factor.key)) return element("li.hep-atlas-blank", {}, COVER);
    const open = values.factor === factor.key;
    const button = element(
      "button",
      {
        type: "button",
        "data-factor": factor.key,
        "aria-pressed": String(open),
        onclick: () => card.change({ factor: open ? "" : factor.key }),
      },
      element("b", {}, factor.name),
      ` · ${factor.comparison}`,
    );
    return element("li", {}, button, open ? factorOpen(card.spec, factor) : null);
  });
  const head = element("p.hep-atlas-head", { html: words });
  return element("div.hep-atlas-factors", {}, head, element("ul", {}, ...items));
}

const BARS = { ratio: ratioTrack, pair: pairOf, words: () => [] };

function factorOpen(spec, factor) {
  return element(
    "div.hep-atlas-row",
    { "data-row": factor.key },
    element("p", {}, `${factor.outcome}:`, amountOf(factor.amount || "no number in what was read")),
    ...BARS[factor.kind](factor),
    whence(spec, { ...factor, evidence: `${factor.direction}; ${factor.population}` }),
  );
}

/** Two groups, one above the other on the same axis. */
function pairOf({ value, against, most }) {
  const bar = (number) => track({ most, value: number, low: null, high: null, groups: null });
  const known = [value, against].filter((number) => number !== null);
  return [...known.map(bar), trackAxis(most)];
}

// ---- all causes by one aspect ----

function comparison(card, values) {
  const { by } = values;
  const { question, covered } = questionAt(card, values, [`by-${by}`]);
  if (covered) return question;
  if (by === "pace") return [...question, ...paces(card, values)];
  const rows = by === "regression" ? card.spec.order : everyRow(card.spec, by);
  return [...question, compared(card, values, rows)];
}

const everyRow = ({ causes }, by) =>
  causes.flatMap(({ key, rows }) => rows[by].map((row) => [key, row.key]));

/** Kinds of count apart, each with its own axis. */
function paces(card, values) {
  return Object.entries(card.spec.groups).map(([words, keys]) => {
    const rows = keys.map((key) => [causeOf(card.spec, key).key, key]);
    const head = element("p.hep-atlas-head", {}, words);
    return element("div.hep-atlas-kind", {}, head, compared(card, values, rows));
  });
}

const causeOf = ({ causes }, row) =>
  causes.find(({ rows }) =>
    Object.values(rows)
      .flat()
      .some(({ key }) => key === row),
  );

function compared(card, values, rows) {
  const { spec } = card;
  const items = rows.map(([cause, key]) => {
    const { label, rows: own } = spec.causes.find((each) => each.key === cause);
    const row = Object.values(own)
      .flat()
      .find((each) => each.key === key);
    const shown = isCovered(card, values, key)
      ? element("p.hep-atlas-blank", {}, COVER)
      : rowOf(spec, row);
    return element("div", {}, element("dt", { html: label }), element("dd", {}, shown));
  });
  return element("dl.hep-atlas-parts", {}, ...items);
}
