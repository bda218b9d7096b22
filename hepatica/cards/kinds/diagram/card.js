// A diagram: a drawing to explore part by part and layer by layer.

import { createDrawing } from "../../views/drawing.js";
import { element, freshId } from "../../parts/dom.js";

/** Mount a diagram; its values are the part that is picked and the layer that is shown. */
export function mount(root, spec, host) {
  const values = { part: null, layer: spec.layers[0]?.id ?? null, ...host.get() };
  const view = element("div.hep-view", { "data-view": "drawing" });
  const legend = element("div.hep-layer-text", { "aria-live": "polite" });
  const change = (next) => {
    Object.assign(values, next);
    show();
    host.set({ ...values }, true);
  };
  const layers = layerChoice(spec.layers, (layer) => change({ layer }));
  const drawing = createDrawing(view, spec, (part) => change({ part: values.part === part ? null : part }));
  const show = () => {
    drawing.pick(values.part);
    drawing.layer(values.layer);
    layers?.show(values.layer);
    legend.innerHTML = spec.layers.find((layer) => layer.id === values.layer)?.html ?? "";
  };
  root.append(...[layers?.node, spec.layers.length ? legend : null, element("div.hep-stage", { "data-single": "true" }, element("div.hep-views", {}, view))].filter(Boolean));
  drawing.update({});
  host.onChange((next) => { Object.assign(values, next); show(); });
  show();
}

function layerChoice(layers, onChoose) {
  if (!layers.length) return null;
  const name = freshId("layers");
  const inputs = layers.map((layer) => element("input", { type: "radio", name, value: layer.id, "data-name": "layer", onchange: () => onChoose(layer.id) }));
  const labels = layers.map((layer, i) => element("label.hep-segment", {}, inputs[i], element("span", {}, layer.label)));
  const node = element("fieldset.hep-layers", {}, element("legend", {}, "Show"), ...labels);
  return { node, show: (id) => inputs.forEach((input) => { input.checked = input.value === id; }) };
}
