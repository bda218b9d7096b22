// The frame of a forest plot: head, axis, legend, and the rows of trials and pools.

import { formatNumber, minusSigns } from "../../engine/rules.js";
import { element, freshId } from "../../parts/dom.js";
import { biasLegend, biasOf } from "./bias.js";
import { effectText } from "./scope.js";

export function plotOf(card) {
  const { spec } = card;
  const kind = spec.measure.log ? "ratio" : "difference";
  const plot = element(
    "div.hep-forest",
    { "data-kind": kind },
    forestHead(spec),
    card.list,
    card.total.node,
    ...card.published,
    axisRow(card),
    forestLegend(card),
  );
  if (!card.funnel) return plot;
  const summary = element("summary", {}, "Put single trials in and take them out");
  return element("details.hep-forest-single", {}, summary, plot);
}

function forestHead(spec) {
  const what = spec.measure.log ? spec.measure.happened : `mean ± SD (patients)`;
  return element(
    "div.hep-forest-row.hep-forest-head",
    { "aria-hidden": "true", "data-heads": "" },
    element("span", {}, "Trial"),
    element("span", {}, `Treated v control${what ? `, ${what}` : ""}`),
    element("span"),
    element(
      "span",
      {},
      `${spec.measure.words[0].toUpperCase()}${spec.measure.words.slice(1)} (95 %)`,
    ),
    element("span", {}, "Weight"),
  );
}

function forestLegend({ spec, rowMeans }) {
  const key = (mark, words) =>
    element("li", {}, element(`i.${mark}`, { "aria-hidden": "true" }), words);
  const keys = [
    key("hep-forest-square", rowMeans),
    key("hep-forest-diamond", "all together, with 95 % interval"),
    key("hep-forest-ahead", "where the effect of a new trial could lie"),
  ];
  return element(
    "ul.hep-legend.hep-forest-legend",
    {},
    ...keys,
    spec.published.length ? key("hep-forest-diamond.hep-forest-hollow", "published") : null,
    ...(spec.trials.some((trial) => trial.bias) ? biasLegend() : []),
  );
}

// ---- the axis ----

/** Where a value stands, in per cent of the axis. */
export function axisOf(measure) {
  const on = measure.log ? Math.log : (value) => value;
  const low = on(measure.low),
    high = on(measure.high);
  const place = (value) => (100 * (value - low)) / (high - low); // of an effect as it is pooled
  return {
    place,
    clipped: (value) => Math.max(0, Math.min(100, place(value))),
    on,
    none: place(0),
  };
}

function axisRow(card) {
  const { measure } = card.spec;
  const ticks = measure.ticks.map((tick) =>
    element(
      "span",
      { style: `left: ${card.x.place(card.x.on(tick))}%` },
      String(tick).replace("-", "−"),
    ),
  );
  const sides = element(
    "div.hep-forest-sides",
    {},
    element("span", {}, `← ${measure.left}`),
    element("span", {}, `${measure.right} →`),
  );
  return element(
    "div.hep-forest-row.hep-forest-axis",
    {},
    element(
      "div.hep-forest-track",
      {},
      element("i.hep-forest-none", { style: `left: ${card.x.none}%` }),
      element("div.hep-forest-ticks", { "aria-hidden": "true" }, ...ticks),
      sides,
    ),
  );
}

function trackOf(card, ...marks) {
  return element(
    "div.hep-forest-track",
    { "aria-hidden": "true" },
    element("i.hep-forest-none", { style: `left: ${card.x.none}%` }),
    ...marks,
  );
}

/** Stretch a mark from `low` to `high`; ends beyond the axis are marked. */
export function stretch(mark, x, low, high) {
  const left = x.clipped(low),
    right = x.clipped(high);
  mark.style.left = `${left.toFixed(3)}%`;
  mark.style.width = `${Math.max(0, right - left).toFixed(3)}%`;
  mark.dataset.beyond =
    `${x.place(low) < 0 ? "left " : ""}${x.place(high) > 100 ? "right" : ""}`.trim();
}

// ---- rows ----

export function forestRow(card, trial) {
  const id = freshId("trial");
  const box = element("input", { type: "checkbox", id, "data-name": trial.key });
  box.addEventListener("change", () =>
    card.change({
      off: box.checked
        ? card.values.off.filter((key) => key !== trial.key)
        : [...card.values.off, trial.key],
    }),
  );
  const line = element("i.hep-forest-line"),
    square = element("i.hep-forest-square"),
    text = element("span.hep-forest-effect"),
    weight = element("span.hep-forest-weight");
  const told = Object.keys(trial.tags).filter(
    (name) => new Set(card.spec.trials.map((each) => each.tags[name])).size > 1,
  ); // what differs
  const tags = [
    ...told.map((name) => trial.tags[name]),
    trial.blinded ? "blinded" : "",
    trial.months === null
      ? ""
      : `${formatNumber(trial.months, trial.months % 1 ? "1f" : "0f")}\u00a0months`,
  ].filter(Boolean);
  const prefix = element("span.hep-forest-prefix");
  const name = element(
    "div.hep-forest-name",
    {},
    box,
    element("label", { for: id }, element("span", {}, prefix, trial.label)),
    trial.estimated || trial.note ? moreAbout(trial) : null,
    element("small", {}, tags.join(" · ")),
  );
  const node = element(
    "div.hep-forest-row.hep-forest-trial",
    { role: "listitem", "data-trial": trial.key },
    name,
    element("span.hep-forest-counts", {}, trial.counts),
    trackOf(card, line, square),
    text,
    weight,
    biasOf(trial),
  );
  return { trial, node, box, prefix, line, square, text, weight };
}

/** What to know about the numbers of a trial, folded behind a sign. */
function moreAbout(trial) {
  const body = element(
    "p",
    {},
    [
      trial.estimated ? `${trial.estimated[0].toUpperCase()}${trial.estimated.slice(1)}.` : "",
      trial.note ? `${trial.note}.` : "",
      trial.printed ? `Printed: ${trial.printed}.` : "",
    ]
      .filter(Boolean)
      .map(minusSigns)
      .join(" "),
    " ",
    element("a", { href: trial.link, target: "_blank", rel: "noopener" }, trial.source),
  );
  return element(
    "details.hep-forest-more",
    {},
    element("summary", { "aria-label": `How read: the numbers of ${trial.label}` }, "how read"),
    body,
  );
}

export function poolRow(card, label) {
  const diamond = element("i.hep-forest-diamond"),
    ahead = element("i.hep-forest-ahead"),
    text = element("span.hep-forest-effect"),
    spread = element("span.hep-forest-counts");
  const node = element(
    "div.hep-forest-row.hep-forest-pool",
    {},
    element("strong.hep-forest-name", {}, label),
    spread,
    trackOf(card, ahead, diamond),
    text,
    element("span.hep-forest-weight"),
  );
  return { node, diamond, ahead, text, spread };
}

export function publishedRow(card, row) {
  const { x } = card,
    diamond = element("i.hep-forest-diamond.hep-forest-hollow"),
    [value, low, high] = [row.value, row.low, row.high].map(x.on);
  stretch(diamond, x, low, high);
  const name = element(
    "span.hep-forest-name",
    {},
    row.label,
    element(
      "small",
      {},
      "published: ",
      element("a", { href: row.link, target: "_blank", rel: "noopener" }, row.source),
    ),
  );
  return element(
    "div.hep-forest-row.hep-forest-published",
    {},
    name,
    element("span.hep-forest-counts"),
    trackOf(card, diamond),
    element("span.hep-forest-effect", {}, effectText(card.spec, value, low, high)),
    element("span"),
  );
}
