// A hundred livers: controls, a button that draws others, one of four views, and one sentence.
// Livers come one after the other while the page stays free, and are drawn as they come.

import { compile } from "../../engine/models.js";
import { createControl } from "../../parts/controls.js";
import { element } from "../../parts/dom.js";
import { parameterTable } from "../../parts/table.js";
import { foldOf } from "../../views/values.js";
import { viewArms } from "../../views/livers/arms.js";
import { viewLocked } from "../../views/livers/locked.js";
import { viewReread } from "../../views/livers/reread.js";
import { viewSorted } from "../../views/livers/sorted.js";
import { createRuns } from "./runs.js";

const VIEWS = {
  counted: viewSorted,
  sorted: viewSorted,
  locked: viewLocked,
  reread: viewReread,
  arms: viewArms,
};

/** Mount a hundred livers. */
export function mount(card) {
  const { spec } = card;
  const view = VIEWS[spec.view](spec);
  const fold = foldOf(view.values);
  const runs = createRuns(compile(spec.model), spec.years, () => card.paint());
  const move = (name, value, settled) => card.change({ [name]: value }, settled);
  const controls = spec.controls.map((control) => [control.name, createControl(control, move)]);
  const wanted = (values) => view.runs({ ...values, ...spec.settings });
  const play = playOf(card);
  return {
    run: true,
    views: view.nodes,
    controls: controls.map(([, control]) => control.node),
    runs: [othersButton(card)],
    below: [fold.node, spec.parameters.length ? parameterTable(spec) : null],
    show: (values) => {
      for (const [name, control] of controls) control.show(values[name]);
    },
    draw: (values, veiled) => {
      const found = card.atOnce ? wanted(values).map(runs.now) : wanted(values).map(runs.soon);
      const scope = view.draw({ ...values, ...spec.settings }, found, veiled);
      fold.follow(scope, veiled);
      return scope;
    },
    at: (values) => ({
      scope: view.scope({ ...values, ...spec.settings }, wanted(values).map(runs.now)),
      columns: {},
    }),
    play: play.start,
    stop: play.stop,
    connect: () => followWidth(card),
    told: { waiting: () => runs.waiting() },
  };
}

function othersButton(card) {
  const { seed } = card.spec.fields;
  const other = () => card.change({ seed: (card.values.seed % seed.high) + 1 });
  return element("button.hep-primary", { type: "button", onclick: other }, "Draw other people");
}

/** After the answer the years after the stop run once, where the card has them. */
function playOf(card) {
  const { after } = card.spec.fields;
  const SECONDS = 4;
  let frame = 0;
  const stop = () => cancelAnimationFrame(frame);
  const start = () => {
    if (!after) return;
    const end = after.start;
    const begun = performance.now();
    const step = (now) => {
      const part = Math.min(Math.max((now - begun) / (1000 * SECONDS), 0), 1);
      card.change({ after: Math.round(end * part) }, part === 1);
      if (part < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };
  return { start, stop };
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
