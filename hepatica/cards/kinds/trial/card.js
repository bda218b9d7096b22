// A card of virtual trials: controls, buttons that draw new trials, one of four views, and one sentence.

import { createControl, createPresets } from "../../parts/controls.js";
import { element, oncePerFrame, whenQuiet } from "../../parts/dom.js";
import { createPrediction } from "../../parts/predict.js";
import { parameterTable } from "../explorable/card.js";
import { readShared, shareLink } from "../../parts/share.js";
import { trialViewDesigns, trialViewLeague, trialViewPower, trialViewRegression } from "../../views/trials.js";

const TRIAL_VIEWS = { designs: trialViewDesigns, regression: trialViewRegression, power: trialViewPower, league: trialViewLeague };

/**
 * Mount a card of virtual trials.
 * @param {HTMLElement} root the card's article
 * @param {object} spec the card's JSON
 * @param {object} host {get, set, onChange, shareable}, see card.js
 */
export function mount(root, spec, host) {
  const defaults = { ...Object.fromEntries(spec.controls.map((control) => [control.name, control.value])), seed: spec.seed, many: 0 };
  if (spec.predict) defaults.prediction = null;
  const card = { root, spec, host, defaults, values: { ...defaults, ...host.get(), ...(host.shareable ? readShared(spec.id, defaults) : {}) } };
  card.view = TRIAL_VIEWS[spec.view]();
  trialBuild(card);
  card.paint = oncePerFrame(() => trialDraw(card));
  card.speak = whenQuiet(() => { card.quietly.textContent = card.sentence.textContent; }, 700);
  host.onChange((values) => { Object.assign(card.values, values); trialShow(card); card.paint(); });
  let width = 0;
  new ResizeObserver(([entry]) => { if (Math.abs(entry.contentRect.width - width) > 1) { width = entry.contentRect.width; card.paint(); } }).observe(card.pictures);
  trialShow(card);
  trialDraw(card);
}

function trialBuild(card) {
  const { spec, root } = card;
  const move = (name, value, settled) => { card.values[name] = value; trialChanged(card, settled); };
  card.controls = spec.controls.map((control) => [control.name, createControl(control, move)]);
  const set = (values) => { Object.assign(card.values, values); trialShow(card); trialChanged(card, true); };
  card.prediction = spec.predict ? createPrediction(spec.predict, (answer) => set({ prediction: answer })) : null;
  card.sentence = element("p.hep-live");
  card.quietly = element("p.hep-hidden", { "aria-live": "polite" });
  card.pictures = element("div.hep-views", {}, ...card.view.nodes, card.sentence);
  const button = (label, act, kind = "button") => element(kind, { type: "button", onclick: act }, label);
  const draws = card.view.buttons.map(({ label, act, primary }) => button(label, () => set(act(card.values)), primary ? "button.hep-primary" : "button"));
  const share = card.host.shareable ? button("Copy link", () => shareLink(card, share)) : null;
  const reset = button("Reset", () => set({ ...card.defaults, ...(spec.predict ? { prediction: card.values.prediction } : {}) }));
  card.runs = element("div.hep-runs", { role: "group", "aria-label": "Run trials" }, ...draws);
  card.form = element("form.hep-controls", { onsubmit: (event) => event.preventDefault() },
    createPresets(spec.presets, set), ...card.controls.map(([, control]) => control.node), element("div.hep-actions", {}, reset, share));
  root.append(...[card.prediction?.node, element("div.hep-stage", {}, draws.length ? card.runs : null, card.pictures, card.form), card.quietly, parameterTable(spec)].filter(Boolean));
}

function trialShow(card) {
  for (const [name, control] of card.controls) control.show(card.values[name]);
  card.prediction?.show(card.values.prediction);
  card.veiled = Boolean(card.spec.predict) && card.values.prediction === null;
  card.root.dataset.veiled = String(card.veiled);
  for (const part of [card.runs, card.form]) part.toggleAttribute("inert", card.veiled);
}

function trialChanged(card, settled) {
  card.paint();
  card.host.set({ ...card.values }, settled);
}

function trialDraw(card) {
  const words = card.view.draw({ ...card.spec.values, ...card.values }, card.spec.data, card.veiled);
  card.sentence.textContent = card.veiled ? "Predict first; then the trials run." : words;
  card.speak();
}
