// A diagram: a drawing to explore part by part and layer by layer.

import { createDrawing } from "../../views/drawing.js";
import { element, freshId } from "../../parts/dom.js";
import { layStage } from "../../parts/stage.js";

/** Mount a diagram; its values are the part that is picked and the layer that is shown. */
export function mount(card) {
  const { spec } = card;
  const view = element("div.hep-view", { "data-view": "drawing" });
  const legend = element("div.hep-layer-text", { "aria-live": "polite" });
  const layers = layerChoice(spec.layers, (layer) => card.change({ layer }));
  const drawing = createDrawing(view, spec, (part) =>
    card.change({ part: card.values.part === part ? null : part }),
  );
  drawing.update({});
  const parts = view.querySelectorAll(".hep-parts, .hep-part-text"); // beside the drawing
  return {
    views: [view],
    controls: [layers?.node, ...parts],
    silent: () => true, // the layer's text stands beside it
    lay: (own) => layStage({ ...own, sentence: [legend, ...own.sentence] }),
    draw: (values, veiled) => {
      const asked = veiled ? spec.layers[0]?.id : values.layer;
      drawing.pick(veiled ? null : values.part);
      drawing.layer(asked);
      layers?.show(asked);
      const shown = spec.layers.find((layer) => layer.id === asked);
      const picked = spec.parts.find((part) => part.id === values.part);
      legend.innerHTML = shown?.html ?? "";
      return {
        alt: spec.alt,
        layered: shown ? 1 : 0,
        layer_no: spec.layers.indexOf(shown) + 1,
        layer_label: shown?.label ?? "",
        picked: picked ? 1 : 0,
        part_name: picked?.name ?? "",
      };
    },
  };
}

function layerChoice(layers, onChoose) {
  if (!layers.length) return null;
  const name = freshId("layers");
  const inputs = layers.map((layer) =>
    element("input", {
      type: "radio",
      name,
      value: layer.id,
      "data-name": "layer",
      onchange: () => onChoose(layer.id),
    }),
  );
  const labels = layers.map((layer, i) =>
    element("label.hep-segment", {}, inputs[i], element("span", {}, layer.label)),
  );
  const node = element("fieldset.hep-layers", {}, element("legend", {}, "Show"), ...labels);
  return {
    node,
    show: (id) =>
      inputs.forEach((input) => {
        input.checked = input.value === id;
      }),
  };
}
