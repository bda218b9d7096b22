// The views of an explorable: each is made once and draws a run.

import { functionOf } from "../../engine/code.js";
import { shortName } from "../../engine/told.js";
import { element } from "../../parts/dom.js";
import { createBars } from "../../views/bars.js";
import { createChart } from "../../views/chart.js";
import { createDoses } from "../../views/doses.js";
import { createDrawing } from "../../views/drawing.js";
import { createIcons } from "../../views/icons.js";
import { createLives } from "../../views/lives.js";
import { createMap } from "../../views/map.js";
import { createTissue } from "../../views/tissue.js";
import { valuesOfChart, valuesOfPicture } from "../../views/values.js";

const MAKERS = {
  drawing: drawingView,
  tissue: tissueView,
  icons: (_card, view, node, id) => createIcons(node, view, id),
  lives: createLives,
  map: createMap,
  bars: (_card, view, node) => createBars(node, view),
  doses: (_card, view, node, id) => createDoses(node, view, id),
};

/** Make a view: its node and `draw(run, veiled)`, or a `chart` with the same and more. */
export function createView(card, view) {
  const title = view.title ? element("div.hep-view-title", {}, view.title) : null;
  const tag = view.small ? "div.hep-view.hep-small" : "div.hep-view";
  const node = element(tag, { "data-view": view.type }, title);
  const make = view.type === "chart" ? chartView : pictureView;
  return { node, view, ...make(card, view, node) };
}

/** A picture that is no chart, and its values; it may tell besides what it has `drawn`. */
function pictureView(card, view, node) {
  const made = {};
  const values = valuesOfPicture(view.type, view, () => made.drawn?.());
  Object.assign(made, MAKERS[view.type](card, view, node, values.id));
  node.append(values.node);
  const draw = (run, veiled) => {
    made.draw(run, veiled);
    values.follow(run, veiled);
  };
  return { draw, values };
}

/** A chart waits for plotly.js; until then it takes calls and does nothing. */
function chartView(card, view, node) {
  const waiting = element("p.hep-waiting", {}, "Drawing the chart …");
  const values = valuesOfChart(view);
  node.append(waiting, values.node);
  const chart = { draw: values.follow, keep: () => {}, forget: () => {}, retheme: () => {} };
  chart.connect = (Plotly) => {
    waiting.remove();
    const made = createChart(node, view, Plotly, values);
    const { update, keep, forget, redraw } = made;
    const draw = (run, veiled) => {
      update(run, veiled);
      values.follow(run, veiled);
    };
    Object.assign(chart, { draw, keep, forget, retheme: redraw });
    const { pad } = card;
    if (pad && card.spec.views[pad.view] === view) made.lay(pad);
    made.update(card.run, card.veiled);
  };
  chart.fail = (error) => {
    waiting.textContent = `The chart could not be drawn: ${error.message}`;
  };
  return { chart, values };
}

function drawingView(_card, view, node, id) {
  let picked = null;
  const drawing = createDrawing(node, { ...view, folded: true, told: id }, (part) => {
    picked = picked === part ? null : part;
    drawing.pick(picked);
  });
  const draw = (run, veiled) => {
    if (!veiled) drawing.update(run.scope); // no answer before the prediction
  };
  return { draw };
}

function tissueView(card, view, node, id) {
  const named = { role: "img", "aria-label": shortName(view.alt), "aria-describedby": id };
  const canvas = element("canvas.hep-tissue", named);
  node.append(canvas);
  const tissue = createTissue(canvas, {});
  canvas.tissue = tissue;
  const read = Object.entries(view.states).map(([name, formula]) => [name, functionOf(formula)]);
  const states = (scope) => Object.fromEntries(read.map(([name, value]) => [name, value(scope)]));
  const resized = () => {
    tissue.resize();
    if (card.run) tissue.update(states(card.run.scope));
  };
  new ResizeObserver(resized).observe(node);
  return { draw: (run) => tissue.update(states(run.scope)) };
}
