// A card of virtual trials: controls, buttons that draw new trials, one of seven views, and one
// sentence.

import { createControl } from "../../parts/controls.js";
import { element } from "../../parts/dom.js";
import { parameterTable } from "../../parts/table.js";
import { foldOf } from "../../views/values.js";
import { viewAudit } from "../../views/virtual_trial/audit.js";
import { viewDesigns } from "../../views/virtual_trial/designs.js";
import { viewLeague } from "../../views/virtual_trial/league.js";
import { viewLife } from "../../views/virtual_trial/life.js";
import { viewPower } from "../../views/virtual_trial/power.js";
import { viewReadings } from "../../views/virtual_trial/readings.js";
import { viewRegression } from "../../views/virtual_trial/regression.js";

const VIEWS = {
  designs: viewDesigns,
  regression: viewRegression,
  readings: viewReadings,
  life: viewLife,
  audit: viewAudit,
  power: viewPower,
  league: viewLeague,
};

/** Mount a card of virtual trials. */
export function mount(card) {
  const { spec } = card;
  const view = VIEWS[spec.view]();
  const fold = foldOf(view.values);
  const move = (name, value, settled) => card.change({ [name]: value }, settled);
  const controls = spec.controls.map((control) => [control.name, createControl(control, move)]);
  return {
    run: true,
    views: view.nodes,
    controls: controls.map(([, control]) => control.node),
    runs: view.buttons.map((button) => runButton(card, button)),
    below: [fold.node, parameterTable(spec)],
    show: (values) => {
      for (const [name, control] of controls) control.show(values[name]);
    },
    draw: (values, veiled) => {
      const scope = view.draw({ ...spec.values, ...values }, spec.data, veiled);
      fold.follow(scope, veiled);
      return scope;
    },
    connect: () => followWidth(card),
  };
}

function runButton(card, { label, act, primary }) {
  const run = () => card.change(act({ ...card.spec.values, ...card.values }));
  return element(
    primary ? "button.hep-primary" : "button",
    { type: "button", onclick: run },
    label,
  );
}

/** The pictures are as wide as their place: draw again when that changes. */
function followWidth(card) {
  let width = 0;
  const resized = ([entry]) => {
    if (Math.abs(entry.contentRect.width - width) <= 1) return;
    width = entry.contentRect.width;
    card.paint();
  };
  new ResizeObserver(resized).observe(card.root.querySelector(".hep-views"));
}
