// A forest plot: trials to put in and take out, their pool as a diamond, and the studies that say
// nothing as gaps. Marks are placed in per cent of the axis, so that the browser moves them
// smoothly and every width fits.

import { element, freshId } from "../../parts/dom.js";
import { formatNumber, minusSigns } from "../../engine/rules.js";
import { eggerTest, poolTrials } from "../../engine/pooling.js";
import { createFunnel } from "../../views/funnel.js";

const FOREST_WIDE = 860; // px; below this the chips are folded away
const FOREST_NORMAL = 1.959963984540054;

/** Mount a forest plot; its values are method, hartung, mode, off, split and the chips. */
export function mount(card) {
  const { spec } = card;
  Object.assign(card, { x: axisOf(spec.measure), chips: [], radios: [], switches: [] });
  card.rows = spec.trials.map((trial) => forestRow(card, trial)); // by year
  card.total = poolRow(card, "All trials");
  card.groups = spec.group ? groupsOf(spec).map((name) => groupOf(card, name)) : [];
  card.funnel = spec.funnel ? createFunnel(spec) : null;
  card.gaps = element("div.hep-forest-gaps");
  card.rowMeans = element("span");
  card.list = element("div.hep-forest-rows", { role: "list", "aria-label": "Trials" });
  card.published = spec.published.map((row) => publishedRow(card, row));
  return {
    views: [card.funnel?.node, plotOf(card), card.gaps],
    controls: forestControls(card),
    form: "form.hep-forest-controls",
    lay: ({ prediction, controls, views: [funnel, plot, gaps], sentence }) => [
      prediction,
      controls,
      funnel,
      ...sentence,
      plot,
      gaps,
    ],
    show: (values, veiled) => showControls(card, values, veiled),
    draw: (values, veiled) => drawForest(card, values, veiled),
    connect: () => {
      if (card.filter) card.filter.open = card.root.clientWidth >= FOREST_WIDE;
    },
    told: { pool: () => card.pool, kept: () => card.keptKeys },
  };
}

function change(card, values) {
  card.change(values);
}

function groupOf(card, name) {
  const head = element("div.hep-forest-group", { role: "presentation" }, name);
  return { name, head, pool: poolRow(card, name) };
}

function plotOf(card) {
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
    { "aria-hidden": "true" },
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

const ROW_MEANS = {
  all: "one trial; its size is its weight",
  without: "all the others, without this trial",
  "by-year": "all trials up to this one",
};

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
  );
}

// ---- the axis ----

/** Where a value stands, in per cent of the axis. */
function axisOf(measure) {
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
function stretch(mark, x, low, high) {
  const left = x.clipped(low),
    right = x.clipped(high);
  mark.style.left = `${left.toFixed(3)}%`;
  mark.style.width = `${Math.max(0, right - left).toFixed(3)}%`;
  mark.dataset.beyond =
    `${x.place(low) < 0 ? "left " : ""}${x.place(high) > 100 ? "right" : ""}`.trim();
}

// ---- rows ----

function forestRow(card, trial) {
  const id = freshId("trial");
  const box = element("input", { type: "checkbox", id, "data-name": trial.key });
  box.addEventListener("change", () =>
    change(card, {
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
    element("summary", { "aria-label": `How the numbers of ${trial.label} were read` }, "how read"),
    body,
  );
}

function poolRow(card, label) {
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

function publishedRow(card, row) {
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

function groupsOf(spec) {
  return [...new Set(spec.trials.map((trial) => trial.group))].sort();
}

// ---- controls ----

function forestControls(card) {
  const { spec } = card;
  const made = [];
  if (spec.filters.length) {
    const summary = element("summary", {}, "Which trials?");
    const rows = spec.filters.map((chips) => chipRow(card, chips));
    card.filter = element("details.hep-forest-filter", {}, summary, ...rows);
    made.push(card.filter);
  }
  if (spec.modes.length > 1) made.push(segmentOf(card, "mode", "Show", spec.modes));
  if (spec.group) made.push(switchOf(card, "split", `Split by ${spec.group}`));
  if (spec.models) {
    const models = [
      { value: "DL", label: "random effects" },
      { value: "fixed", label: "one common effect" },
    ];
    made.push(
      segmentOf(card, "method", "Model", models),
      switchOf(card, "hartung", "Knapp–Hartung"),
    );
  }
  return made;
}

function chipRow(card, chips) {
  const buttons = chips.options.map((option) =>
    element(
      "button.hep-forest-chip",
      {
        type: "button",
        "data-chip": option.label,
        onclick: () => {
          const on = card.values[chips.name];
          change(card, {
            [chips.name]: on.includes(option.label)
              ? on.filter((label) => label !== option.label)
              : [...on, option.label],
          });
        },
      },
      option.label,
    ),
  );
  card.chips.push({ name: chips.name, buttons });
  return element("fieldset.hep-forest-chips", {}, element("legend", {}, chips.label), ...buttons);
}

function segmentOf(card, name, legend, options) {
  const group = freshId(name);
  const radios = options.map((option) =>
    element("input", {
      type: "radio",
      name: group,
      value: option.value,
      onchange: () => change(card, { [name]: option.value }),
    }),
  );
  card.radios.push({ name, radios });
  return element(
    "fieldset.hep-forest-segment",
    {},
    element("legend", {}, legend),
    ...options.map((option, i) => element("label.hep-segment", {}, radios[i], option.label)),
  );
}

function switchOf(card, name, label) {
  const box = element("input", {
    type: "checkbox",
    onchange: () => change(card, { [name]: box.checked }),
  });
  card.switches.push({ name, box });
  return element("label.hep-segment", { "data-switch": name }, box, label);
}

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
  card.funnel?.draw(
    card.rows.map((row) => ({ ...row.trial, in: kept.includes(row) })),
    kept.map((row) => row.trial),
    hide,
  );
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
  row.ahead.hidden = !Number.isFinite(pool.predictionLow);
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

// ---- words ----

function back(spec, value) {
  return spec.measure.log ? Math.exp(value) : value;
}

function effectText(spec, centre, low, high) {
  const [middle, from, to] = [centre, low, high].map((end) => formatNumber(back(spec, end), "2f"));
  return `${middle} (${from} to ${to})`;
}

/**
 * What the trials that count say together, in the names of the card's sentence
 * (kinds/forest/card.py).
 */
export function forestScope(spec, values, trials) {
  const groups = spec.group ? groupsOf(spec) : [];
  const own = groups.map((name, n) =>
    groupScope(
      spec,
      values,
      trials.filter((trial) => trial.group === name),
      n,
    ),
  );
  const base = {
    ...EMPTY,
    k: trials.length,
    fixed: values.method === "fixed" ? 1 : 0,
    split: values.split ? 1 : 0,
    measure: spec.measure.words,
    heaviest: "",
    trials: trials.length === 1 ? "trial" : "trials",
  };
  const tested = spec.funnel && trials.length > 2 ? { asked: 1, p: eggerTest(trials).p } : {};
  return Object.assign(
    base,
    ...own,
    trials.length ? pooledScope(spec, values, trials) : {},
    tested,
  );
}

const EMPTY = Object.fromEntries(
  "counted patients ratio centre low high ahead wide ahead_low ahead_high i2 tau2 heavy asked p"
    .split(" ")
    .map((name) => [name, 0]),
);

function pooledScope(spec, values, trials) {
  const pool = poolTrials(trials, values.method, values.hartung);
  const of = (value) => back(spec, value);
  const ahead = Number.isFinite(pool.predictionLow);
  const [from, to] = ahead ? [of(pool.predictionLow), of(pool.predictionHigh)] : [0, 0];
  const heavy = Math.max(...pool.weights);
  return {
    counted: trials.every((trial) => trial.patients !== null) ? 1 : 0,
    patients: trials.reduce((sum, trial) => sum + (trial.patients ?? 0), 0),
    ratio: spec.measure.log ? 1 : 0,
    centre: of(pool.centre),
    low: of(pool.low),
    high: of(pool.high),
    ahead: ahead ? 1 : 0,
    wide: ahead && spec.measure.log && (from < 0.01 || to > 100) ? 1 : 0,
    ahead_low: from,
    ahead_high: to,
    i2: Number.isFinite(pool.i2) ? pool.i2 : 0,
    tau2: pool.tau2,
    heavy: 100 * heavy,
    heaviest: trials[pool.weights.indexOf(heavy)].label,
  };
}

function groupScope(spec, values, trials, n) {
  const pool = trials.length ? poolTrials(trials, values.method, values.hartung) : null;
  const ends = pool
    ? [pool.centre, pool.low, pool.high].map((value) => back(spec, value))
    : [0, 0, 0];
  return {
    [`g${n}_k`]: trials.length,
    [`g${n}_centre`]: ends[0],
    [`g${n}_low`]: ends[1],
    [`g${n}_high`]: ends[2],
  };
}
