// What a reader of a forest plot can choose.

import { element, freshId } from "../../parts/dom.js";

export function forestControls(card) {
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
          card.change({
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
      onchange: () => card.change({ [name]: option.value }),
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
    onchange: () => card.change({ [name]: box.checked }),
  });
  card.switches.push({ name, box });
  return element("label.hep-segment", { "data-switch": name }, box, label);
}
