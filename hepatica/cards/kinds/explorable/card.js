// An explorable: controls, a run of the model, views of it, and one sentence that says what happened.

import { createBars } from "../../views/bars.js";
import { createDoses } from "../../views/doses.js";
import { createDrawing } from "../../views/drawing.js";
import { createChart } from "../../views/chart.js";
import { createControl, createPlayHead, createPresets, statusMark } from "../../parts/controls.js";
import { createPrediction } from "../../parts/predict.js";
import { createTissue } from "../../views/tissue.js";
import { createIcons } from "../../views/icons.js";
import { createLives } from "../../views/lives.js";
import { compileLobule, createLobule, runLobule } from "../../views/map.js";
import { functionOf } from "../../engine/code.js";
import { compileDescription, summarise } from "../../engine/rules.js";
import { compileChain, runChain } from "../../engine/chain.js";
import { compileModel, linspace, solveModel, sweepModel } from "../../engine/solver.js";
import { element, freshId, oncePerFrame, whenQuiet } from "../../parts/dom.js";
import { readShared, shareLink } from "../../parts/share.js";

/**
 * Mount an explorable.
 * @param {HTMLElement} root the card's article
 * @param {object} spec the card's JSON
 * @param {object} host {get, set, onChange, plotly, shareable}, see card.js
 */
export function mount(root, spec, host) {
  const card = { root, spec, host, model: (COMPILERS[spec.model.kind] ?? compileModel)(spec.model), picked: null };
  card.defaults = defaultValues(spec);
  card.values = { ...card.defaults, ...host.get(), ...(host.shareable ? readShared(spec.id, card.defaults) : {}) };
  card.describe = compileDescription(spec.describe);
  card.times = spec.run.times ? spec.run.times : spec.run.sweep ? linspace(spec.run.from, spec.run.to, spec.run.points) : linspace(0, spec.run.until, spec.run.points);
  build(card);
  card.paint = oncePerFrame(() => draw(card));
  card.speak = whenQuiet(() => { card.quietly.textContent = card.sentence.textContent; }, 700);
  host.onChange((values) => { Object.assign(card.values, values); show(card); card.paint(); });
  show(card);
  draw(card);
  connectCharts(card);
  root.hepatica = { scope: () => card.run.scope }; // what the present run says, for tests and curious readers
}

function defaultValues(spec) {
  const values = Object.assign({}, ...spec.controls.map((control) => control.values ?? { [control.name]: control.value }));
  if (spec.head) values.head = spec.head.start;
  if (spec.predict) values.prediction = null;
  return values;
}

function build(card) {
  const { spec, root } = card;
  const move = (name, value, settled) => { card.values[name] = value; changed(card, settled); };
  const moveAll = (values, _, settled) => { Object.assign(card.values, values); changed(card, settled); };
  card.controls = spec.controls.map((control) => [control.name, createControl(control, control.values ? moveAll : move), control]);
  card.head = spec.head ? createPlayHead(spec.head, spec.run.points, (index, settled) => move("head", index, settled)) : null;
  card.prediction = spec.predict ? createPrediction(spec.predict, (answer) => { card.values.prediction = answer; show(card); changed(card, true); }) : null;
  card.sentence = element("p.hep-live");
  card.quietly = element("p.hep-hidden", { "aria-live": "polite" });
  const views = spec.views.map((view) => createView(card, view));
  card.views = views;
  const form = element("form.hep-controls", { onsubmit: (event) => event.preventDefault() },
    createPresets(spec.presets, (values) => { Object.assign(card.values, values); show(card); changed(card, true); }),
    ...card.controls.map(([, control]) => control.node), actions(card));
  card.form = form;
  const pictures = element("div.hep-views", {}, ...[...views.map((view) => view.node), card.head?.node, card.sentence].filter(Boolean));
  root.append(...[
    card.prediction?.node, element("div.hep-stage", {}, pictures, form), card.quietly,
    equations(spec), parameterTable(spec),
  ].filter(Boolean));
}

const COMPILERS = { chain: compileChain, lobule: compileLobule };

const VIEWS = { chart: chartView, drawing: drawingView, tissue: tissueView, icons: (_card, view, node) => createIcons(node, view), lives: createLives, lobule: createLobule, bars: (card, view, node) => createBars(node, view), doses: (_card, view, node) => createDoses(node, view) };

function createView(card, view) {
  const node = element(view.small ? "div.hep-view.hep-small" : "div.hep-view", { "data-view": view.type }, view.title ? element("div.hep-view-title", {}, view.title) : null);
  return { node, view, ...VIEWS[view.type](card, view, node) };
}

function chartView(card, view, node) {
  const waiting = element("p.hep-waiting", {}, "Drawing the chart …");
  node.append(waiting);
  const chart = { draw: () => {}, keep: () => {}, forget: () => {}, retheme: () => {} };
  chart.connect = (Plotly) => {
    waiting.remove();
    const made = createChart(node, view, Plotly);
    Object.assign(chart, { draw: made.update, keep: made.keep, forget: made.forget, retheme: made.redraw });
    made.update(card.run, card.veiled);
  };
  chart.fail = (error) => { waiting.textContent = `The chart could not be drawn: ${error.message}`; };
  return { chart };
}

function drawingView(card, view, node) {
  const drawing = createDrawing(node, { ...view, folded: true }, (id) => { card.picked = card.picked === id ? null : id; drawing.pick(card.picked); });
  return { draw: (run, veiled) => { if (!veiled) drawing.update(run.scope); } }; // no answer before the prediction
}

function tissueView(card, view, node) {
  const canvas = element("canvas.hep-tissue", { role: "img", "aria-label": view.alt });
  node.append(canvas);
  const tissue = createTissue(canvas, {});
  canvas.tissue = tissue;
  const read = Object.entries(view.states).map(([name, js]) => [name, functionOf(js)]);
  const states = (scope) => Object.fromEntries(read.map(([name, value]) => [name, value(scope)]));
  new ResizeObserver(() => { tissue.resize(); if (card.run) tissue.update(states(card.run.scope)); }).observe(node);
  return { draw: (run) => tissue.update(states(run.scope)) };
}

function connectCharts(card) {
  const charts = card.views.filter((view) => view.chart).map((view) => view.chart);
  if (!charts.length) return;
  card.host.plotly().then((Plotly) => charts.forEach((chart) => chart.connect(Plotly)), (error) => charts.forEach((chart) => chart.fail(error)));
  const repaint = () => charts.forEach((chart) => chart.retheme());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  new MutationObserver(repaint).observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
}

function actions(card) {
  const button = (label, act) => element("button", { type: "button", onclick: act }, label);
  const charts = () => card.views.filter((view) => view.chart).map((view) => view.chart);
  const forget = button("Forget kept run", () => { charts().forEach((chart) => chart.forget()); forget.hidden = true; });
  forget.hidden = true;
  const keep = button("Keep this run", () => { charts().forEach((chart) => chart.keep()); forget.hidden = false; });
  const reset = button("Reset", () => {
    card.head?.stop();
    Object.assign(card.values, card.defaults, card.spec.predict ? { prediction: card.values.prediction } : {});
    show(card);
    changed(card, true);
  });
  const share = card.host.shareable ? button("Copy link", () => shareLink(card, share)) : null;
  return element("div.hep-actions", {}, reset, card.spec.views.some((view) => view.type === "chart" && view.curves.length) ? keep : null, forget, share);
}

/** Put the present values into all controls. */
function show(card) {
  for (const [name, control, { values }] of card.controls) control.show(values ? card.values : card.values[name]);
  card.prediction?.show(card.values.prediction);
  card.veiled = Boolean(card.spec.predict) && card.values.prediction === null;
  card.root.dataset.veiled = String(card.veiled);
  card.form.toggleAttribute("inert", card.veiled);
  card.head?.node.toggleAttribute("inert", card.veiled);
}

function changed(card, settled) {
  card.paint();
  card.host.set({ ...card.values }, settled);
}

function runModel(card) {
  const { spec, model, values, times } = card;
  if (spec.run.sweep) {
    const series = sweepModel(model, values, spec.run.sweep, times);
    const nearest = times.reduce((best, x, i) => (Math.abs(x - values[spec.run.sweep]) < Math.abs(times[best] - values[spec.run.sweep]) ? i : best), 0);
    return { series, head: nearest };
  }
  const head = values.head ?? times.length - 1;
  if (spec.model.kind === "chain") return { series: runChain(model, values, spec.run.until), head };
  const days = times.map((time) => time * spec.run.daysPerUnit);
  if (spec.model.kind === "lobule") return { series: runLobule(model, values, days), head };
  return { series: { ...solveModel(model, values, days), ...runWithout(spec, model, values, days) }, head };
}

/** Read-outs of the second run of a card, such as the same liver untreated, each under its name with `_without`. */
function runWithout(spec, model, values, days) {
  if (!spec.without) return {};
  const series = solveModel(model, { ...values, ...spec.without }, days);
  return Object.fromEntries(Object.entries(series).map(([name, row]) => [`${name}_without`, row]));
}

/** Solve and draw: everything that follows a slider, within one frame. */
function draw(card) {
  const { series, head } = runModel(card);
  const published = Object.fromEntries(card.model.parameters.map((row) => [row.name, row.value]));
  card.run = { series, times: card.times, scope: summarise(series, card.times, head, { ...published, ...card.values }) };
  card.head?.show(head, card.times[head]);
  for (const view of card.views) (view.chart ?? view).draw(card.run, card.veiled);
  card.sentence.textContent = card.veiled ? "Predict first; then the model answers." : card.describe(card.run.scope);
  card.speak();
}

function equations(spec) {
  return spec.equations ? element("details.hep-equations", {}, element("summary", {}, "The equations that run here"), element("div", { html: spec.equations })) : null;
}

/** The folded table of a card's parameters, or null. */
export function parameterTable(spec) {
  if (!spec.parameters?.length) return null;
  const row = (p) => element("tr", {}, element("th", { scope: "row", html: p.symbol }), element("td", {}, p.label), element("td", {}, p.value),
    element("td", {}, p.unit), element("td", {}, statusMark(p.status)), element("td", {}, p.link ? element("a", { href: p.link, target: "_blank", rel: "noopener" }, p.source) : p.source));
  const head = ["Symbol", "Meaning", "Value", "Unit", "Status", "Source"].map((name) => element("th", { scope: "col" }, name));
  return element("details.hep-parameters", {}, element("summary", {}, "Where its numbers come from"),
    element("div.hep-scroll", { tabindex: "0", role: "region", "aria-label": `Parameters of ${spec.title}` },
      element("table.hep-table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...spec.parameters.map(row)))));
}
