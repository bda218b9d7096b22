// A forest plot: trials to put in and take out, their pool as a diamond, and the studies that say
// nothing as gaps. Marks are placed in per cent of the axis, so that the browser moves them
// smoothly and every width fits.

import { poolTrials } from "../../engine/pooling.js";
import { formatNumber } from "../../engine/rules.js";
import { element } from "../../parts/dom.js";
import { layBoard } from "../../parts/stage.js";
import { createFunnel } from "../../views/funnel.js";
import { foldOf, valuesOfPicture } from "../../views/values.js";
import { forestControls } from "./controls.js";
import { axisOf, forestRow, plotOf, poolRow, publishedRow, stretch } from "./plot.js";
import { effectText, forestScope, groupsOf } from "./scope.js";

const FOREST_WIDE = 860; // px; below this the chips are folded away
const FOREST_NORMAL = 1.959963984540054;

/** Mount a forest plot; its values are method, hartung, mode, off, split and the chips. */
export function mount(card) {
  const { spec } = card;
  Object.assign(card, { x: axisOf(spec.measure), chips: [], radios: [], switches: [] });
  card.rows = spec.trials.map((trial) => forestRow(card, trial)); // by year
  card.total = poolRow(card, "All trials");
  card.groups = spec.group ? groupsOf(spec).map((name) => groupOf(card, name)) : [];
  const told = spec.funnel ? valuesOfPicture("funnel", { ...spec, title: "Funnel plot" }) : null;
  card.funnel = told ? createFunnel(spec, told.id) : null;
  card.funnel?.node.append(told.node);
  const fold = told ? foldOf([told]) : null;
  card.gaps = element("div.hep-forest-gaps");
  card.rowMeans = element("span");
  card.list = element("div.hep-forest-rows", { role: "list", "aria-label": "Trials" });
  card.published = spec.published.map((row) => publishedRow(card, row));
  return {
    views: [card.funnel?.node, plotOf(card), card.gaps],
    controls: forestControls(card),
    form: "form.hep-forest-controls",
    lay: layBoard,
    show: (values, veiled) => showControls(card, values, veiled),
    draw: (values, veiled) => {
      const scope = drawForest(card, values, veiled);
      for (const part of told ? [told, fold] : []) part.follow(card.drawn, card.drawn.hide);
      return scope;
    },
    below: [fold?.node],
    connect: () => {
      if (card.filter) card.filter.open = card.root.clientWidth >= FOREST_WIDE;
    },
    told: { pool: () => card.pool, kept: () => card.keptKeys },
  };
}

function groupOf(card, name) {
  const head = element("div.hep-forest-group", { role: "presentation" }, name);
  return { name, head, pool: poolRow(card, name) };
}

const ROW_MEANS = {
  all: "one trial; its size is its weight",
  without: "all the others, without this trial",
  "by-year": "all trials up to this one",
};

// ---- drawing ----

function drawForest(card, values, veiled) {
  const { spec } = card;
  const kept = card.rows.filter((row) => isIn(row.trial, values));
  const pool = (rows) =>
    rows.length
      ? poolTrials(
          rows.map((row) => row.trial),
          values.method,
          values.hartung,
        )
      : null;
  const all = pool(kept);
  Object.assign(card, { pool: all, keptKeys: kept.map((row) => row.trial.key) });
  placeRows(card);
  for (const row of card.rows) drawRow(card, row, kept, all, pool);
  const hide = veiled && spec.predict.hides !== "nothing";
  for (const node of card.published) node.hidden = hide;
  drawPool(card, card.total, hide ? null : all, kept.length);
  for (const group of card.groups) {
    const rows = kept.filter((row) => row.trial.group === group.name);
    drawPool(card, group.pool, hide ? null : pool(rows), rows.length);
    group.pool.node.hidden = rows.length < 2; // one trial is its own diamond
  }
  if (card.funnel) card.funnel.node.dataset.veiled = String(hide);
  const trials = (rows) => rows.map((row) => row.trial);
  card.drawn = { all: trials(card.rows), kept: trials(kept), hide };
  card.funnel?.draw(card.drawn.all, card.drawn.kept, hide);
  drawGaps(card, kept.length);
  return forestScope(
    spec,
    values,
    kept.map((row) => row.trial),
  );
}

function isIn(trial, values) {
  return !values.off.includes(trial.key) && passes(trial, values);
}

function passes(trial, values) {
  return Object.entries(trial.tags).every(
    ([name, tag]) => !(name in values) || values[name].includes(tag),
  );
}

function showControls(card, values, veiled) {
  card.root.dataset.mode = values.mode;
  card.rowMeans.textContent = ROW_MEANS[values.mode];
  for (const { name, buttons } of card.chips)
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(values[name].includes(button.dataset.chip)));
  for (const { name, radios } of card.radios)
    for (const radio of radios) radio.checked = radio.value === values[name];
  for (const { name, box } of card.switches) box.checked = Boolean(values[name]);
  const hartung = card.switches.find((item) => item.name === "hartung");
  if (hartung) hartung.box.disabled = values.method === "fixed";
  for (const row of card.rows) {
    const passing = passes(row.trial, values);
    row.box.checked = isIn(row.trial, values);
    row.box.disabled = veiled || !passing;
    row.node.dataset.in = String(row.box.checked);
  }
}

const ROW_PREFIX = { all: "", without: "without ", "by-year": "up to " };

/**
 * Put the rows, and the groups if the reader splits them, into the list; nodes already in place
 * stay untouched.
 */
function placeRows(card) {
  const nodes = card.values.split
    ? card.groups.flatMap((group) => [
        group.head,
        ...card.rows.filter((row) => row.trial.group === group.name).map((row) => row.node),
        group.pool.node,
      ])
    : card.rows.map((row) => row.node);
  const present = [...card.list.children];
  if (nodes.length !== present.length || nodes.some((node, i) => node !== present[i])) {
    const focused = document.activeElement;
    card.list.replaceChildren(...nodes);
    if (card.list.contains(focused)) focused.focus({ preventScroll: true });
  }
}

function drawRow(card, row, kept, all, pool) {
  const { spec, values, x } = card,
    { trial } = row,
    place = kept.indexOf(row);
  const peers = values.split ? kept.filter((each) => each.trial.group === trial.group) : kept;
  const error = Math.sqrt(trial.vi),
    own = {
      centre: trial.yi,
      low: trial.yi - FOREST_NORMAL * error,
      high: trial.yi + FOREST_NORMAL * error,
    };
  const shown =
    place < 0 || values.mode === "all"
      ? own
      : values.mode === "without"
        ? pool(peers.filter((each) => each !== row))
        : pool(peers.slice(0, peers.indexOf(row) + 1));
  const share = place < 0 ? 0 : all.weights[place];
  row.node.dataset.mode = values.mode;
  row.prefix.textContent = place < 0 ? "" : ROW_PREFIX[values.mode];
  row.square.style.setProperty("--size", `${(6 + 20 * Math.sqrt(share)).toFixed(1)}px`);
  row.weight.textContent = place < 0 ? "–" : `${formatNumber(100 * share, "0f")} %`;
  if (!shown) {
    row.text.textContent = "nothing left";
    row.line.style.width = "0";
    return;
  }
  stretch(row.line, x, shown.low, shown.high);
  row.square.style.left = `${x.clipped(shown.centre).toFixed(3)}%`;
  row.text.textContent = effectText(spec, shown.centre, shown.low, shown.high);
}

function drawPool(card, row, pool, trials) {
  const { spec, x } = card;
  row.node.dataset.empty = String(!pool);
  row.spread.textContent = !pool
    ? ""
    : trials > 1 && Number.isFinite(pool.i2)
      ? `I² ${formatNumber(pool.i2, "0f")} %, τ² ${formatNumber(pool.tau2, "2f")}`
      : "";
  row.text.textContent = pool
    ? effectText(spec, pool.centre, pool.low, pool.high)
    : trials
      ? "?"
      : "–";
  if (!pool) return;
  stretch(row.diamond, x, pool.low, pool.high);
  const span = x.clipped(pool.high) - x.clipped(pool.low);
  row.diamond.style.setProperty(
    "--centre",
    `${span > 0 ? ((100 * (x.clipped(pool.centre) - x.clipped(pool.low))) / span).toFixed(2) : 50}%`,
  );
  row.ahead.hidden = trials < 4 || !Number.isFinite(pool.predictionLow);
  if (!row.ahead.hidden) stretch(row.ahead, x, pool.predictionLow, pool.predictionHigh);
}

/**
 * The studies that say nothing about this outcome, by reason; the chips of the design apply to them
 * too.
 */
function drawGaps(card, kept) {
  const { spec, values } = card;
  if (!spec.missing.length) return;
  const design = spec.filters.find((chips) => chips.name === "design");
  const every = design?.options.every((option) => values.design.includes(option.label)) ?? true;
  const missing = spec.missing.filter((gap) => every || values.design.includes(gap.tags.design));
  const reasons = [...new Set(missing.map((gap) => gap.why))].map((why) => [
    why,
    missing.filter((gap) => gap.why === why).map((gap) => gap.label),
  ]);
  reasons.sort((a, b) => b[1].length - a[1].length);
  const open = card.gaps.querySelector("details")?.open ?? false;
  const rows = reasons.map(([why, labels]) =>
    element(
      "li",
      {},
      element("strong", {}, `${labels.length} × ${why}`),
      element("span", {}, labels.join("; ")),
    ),
  );
  card.gaps.replaceChildren(
    element(
      "div.hep-forest-void",
      { "aria-hidden": "true" },
      ...Array.from({ length: kept }, () => element("i", { "data-known": "true" })),
      ...missing.map(() => element("i")),
    ),
    element(
      "details",
      { open },
      element(
        "summary",
        {},
        `${missing.length} more ${missing.length === 1 ? "study has" : "studies have"} no number that could stand here`,
      ),
      element("ul", {}, ...rows),
    ),
  );
}
