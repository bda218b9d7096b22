// An explorable: controls, a run of the model, views of it, and one sentence that says what
// happened.

import { compile } from "../../engine/models.js";
import { runAt, timesOf } from "../../engine/run.js";
import { createControl, createPlayHead } from "../../parts/controls.js";
import { element } from "../../parts/dom.js";
import { parameterTable } from "../../parts/table.js";
import { onTheme } from "../../parts/theme.js";
import { foldOf } from "../../views/values.js";
import { createView } from "./views.js";

/** Mount an explorable. */
export function mount(card) {
  const { spec } = card;
  card.model = compile(spec.model);
  card.published = Object.fromEntries(card.model.parameters.map((row) => [row.name, row.value]));
  card.times = timesOf(spec.run);
  card.views = spec.views.map((view) => createView(card, view));
  const charts = card.views.filter((view) => view.chart).map((view) => view.chart);
  const told = foldOf(card.views.filter((view) => view.values).map((view) => view.values));
  const controls = spec.controls.map((control) => controlOf(card, control));
  const head = spec.head
    ? createPlayHead(spec.head, spec.run.points, (at, done) => card.change({ head: at }, done))
    : null;
  return {
    run: true,
    views: card.views.map((view) => view.node),
    controls: [head?.node, ...controls.map(({ made }) => made.node)],
    below: [told?.node, equations(spec), parameterTable(spec)],
    show: (values) => {
      for (const { made, read } of controls) made.show(read(values));
    },
    draw: (values, veiled) => {
      const scope = draw(card, head, values, veiled);
      told?.follow(card.run, veiled);
      return scope;
    },
    at: (values) => columnsAt(card, values),
    play: () => head?.play(),
    stop: () => head?.stop(),
    keep: () => charts.forEach((chart) => chart.keep()),
    forget: () => charts.forEach((chart) => chart.forget()),
    connect: () => connectCharts(card, charts),
  };
}

/** A control and how it reads the card's values: one of them, or all. */
function controlOf(card, control) {
  const several = Boolean(control.values);
  const one = (name, value, settled) => card.change({ [name]: value }, settled);
  const many = (values, _, settled) => card.change(values, settled);
  const made = createControl(control, several ? many : one);
  return { made, read: (values) => (several ? values : values[control.name]) };
}

function connectCharts(card, charts) {
  if (!charts.length) return;
  const connect = (Plotly) => charts.forEach((chart) => chart.connect(Plotly));
  card.host.plotly().then(connect, (error) => charts.forEach((chart) => chart.fail(error)));
  onTheme(card.views[0].node, () => charts.forEach((chart) => chart.retheme()));
}

// ---- the run ----

/** A run at values, not drawn: its scope, and its columns by name. */
function columnsAt(card, values) {
  const { series, scope } = runAt(card, values);
  return { scope, columns: { ...series, time: card.times } };
}

/** Solve and draw: everything that follows a slider, within one frame. */
function draw(card, playHead, values, veiled) {
  // before the answer the pictures stand at the beginning
  const { series, head, scope } = runAt(card, veiled ? { ...values, head: 0 } : values);
  card.run = { series, times: card.times, scope };
  playHead?.show(head, card.times[head]);
  for (const view of card.views) (view.chart ?? view).draw(card.run, veiled);
  return card.run.scope;
}

function equations(spec) {
  if (!spec.equations) return null;
  const summary = element("summary", {}, "The equations that run here");
  return element("details.hep-equations", {}, summary, element("div", { html: spec.equations }));
}
