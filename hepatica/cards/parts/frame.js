// The frame of every card: values and their one door, the prediction and its veil, the live
// sentence and its quiet voice, reset, keep and share. A kind supplies what is its own:
//
//   export function mount(card) → {
//     views: [nodes]        what follows the values
//     controls: [nodes]     what moves them (presets come before, actions after)
//     run: true             optional: the card runs a model or trials, so a run can be kept
//     runs: [nodes]         optional: buttons above the views
//     show(values, veiled)  optional: put the values into controls
//     draw(values, veiled)  draw, and return the scope of which the sentence speaks
//     below: [nodes]        optional: under the card
//     lay(parts)            optional: another order of {prediction, runs, views, sentence,
//                           controls, actions}; the actions are the last of the controls
//     keep(), forget()      optional: keep a picture for comparison
//     start                 optional: values kept from an earlier visit
//     connect()             optional: called when the first picture stands
//     silent(values)        optional: whether the sentence is for screen readers only
//     free: true            optional: the controls may be moved before the prediction
//     at(values)            optional: {scope, columns} of a run at values, without drawing; needed
//                           where a curve is drawn as the prediction
//     play()                optional: play the run once, when the answer is shown
//     form, again           optional: the element around the controls, the word on the reset button
//     told: {…}             optional: what `root.hepatica` tells besides, for tests
//   }

import { admit, canTravel, readLink, startValues, toldOf } from "../engine/door.js";
import { heightAt, stations } from "../engine/guess.js";
import { compileDescription } from "../engine/rules.js";
import { createPresets } from "./controls.js";
import { element, oncePerFrame, putText, whenQuiet } from "./dom.js";
import { viewOf } from "./draw.js";
import { createKept } from "./keep.js";
import { createMission } from "./mission.js";
import { createPrediction } from "./predict.js";
import { keepPrediction, recalled } from "./recall.js";
import { openRecord, today } from "./record.js";
import { shareLink } from "./share.js";
import { layStage, longestSentence } from "./stage.js";
import { createWhy } from "./why.js";

const QUIET = 700; // ms; a moving slider would flood a screen reader

/**
 * Mount a card of some kind.
 * @param {HTMLElement} root the card's article
 * @param {object} spec the card's JSON
 * @param {object} host get() → values, set(values, settled), onChange(callback), plotly() →
 * Promise, shareable
 * @param {function} mount the kind's own part, see above
 * @param {object} heading show(veiled): the question or, once answered, the finding
 */
export function mountFrame(root, spec, host, mount, heading) {
  const card = { root, spec, host, heading, defaults: startValues(spec.fields), note: noteOf() };
  card.values = { ...card.defaults };
  card.change = (values, settled = true) => change(card, values, settled);
  card.speech = compileDescription(spec.describe);
  card.record = openRecord(host);
  card.remember = (part, entry) => card.record.put(part, spec.id, { ...entry, on: today() });
  card.own = mount(card);
  card.atStart = () => card.own.at?.(card.defaults).scope ?? card.first;
  card.heights = () => heightsOf(card);
  build(card);
  card.paint = oncePerFrame(() => draw(card));
  Object.assign(card.values, card.own.start, recalled(card));
  letIn(card, admit(spec.fields, host.get()));
  if (host.shareable) letIn(card, readLink(location.hash, spec.id, spec.fields));
  host.onChange((values) => {
    letIn(card, admit(spec.fields, values));
    show(card);
    card.paint();
  });
  card.veiled = isVeiled(card);
  draw(card);
  card.first = card.scope;
  show(card);
  for (const touch of ["click", "input", "keydown"])
    root.addEventListener(touch, () => (card.moved = true), { capture: true, once: true });
  card.record.listen({ root, say: card.note.say });
  card.record.ready.then(() => recallLate(card));
  card.own.connect?.();
  root.hepatica = toldTo(card);
}

/**
 * What a card tells tests and curious readers, and how they set it: through the same door as
 * everybody.
 */
function toldTo(card) {
  const put = (values) => {
    letIn(card, admit(card.spec.fields, values));
    show(card);
    card.atOnce = true; // a kind that works in the page's pauses does not wait for them here
    draw(card);
    card.atOnce = false;
    return card.sentence.textContent;
  };
  return { scope: () => card.scope, values: () => ({ ...card.values }), put, ...card.own.told };
}

/** Take what the door let in; say what it did not. */
function letIn(card, { values, refused }) {
  Object.assign(card.values, values);
  if (refused.length) card.note.say(toldOf(refused));
}

function noteOf() {
  const node = element("p.hep-note", { role: "status", hidden: true });
  const say = (words) => {
    node.textContent = words;
    node.hidden = false;
  };
  return { node, say };
}

// ---- building ----

function build(card) {
  const { spec, own, root } = card;
  card.sentence = element("p.hep-live", { "data-longest": longestSentence(spec.describe) });
  card.quietly = element("p.hep-hidden", { "aria-live": "polite" });
  card.speak = whenQuiet(() => {
    putText(card.quietly, card.sentence.textContent);
  }, QUIET);
  card.prediction = spec.predict ? createPrediction(card, (given) => commit(card, given)) : null;
  card.mission = spec.mission ? createMission(card) : null;
  card.why = spec.why ? createWhy(card) : null;
  card.kept = createKept(card);
  card.actions = actionsOf(card);
  card.form = controlsOf(card);
  card.runs = own.runs?.length
    ? element("div.hep-runs", { role: "group", "aria-label": "Run trials" }, ...own.runs)
    : null;
  const parts = {
    prediction: card.prediction?.node,
    runs: card.runs,
    views: own.views,
    sentence: [card.sentence, card.why?.node, card.kept.node].filter(Boolean),
    controls: card.form,
    actions: card.actions,
  };
  const nodes = [
    card.note.node,
    ...(own.lay ?? layStage)(parts),
    card.quietly,
    ...(own.below ?? []),
  ];
  root.append(...nodes.filter(Boolean));
}

function controlsOf(card) {
  const presets = createPresets(card.spec.presets ?? [], (values) => card.change(values));
  const name = card.own.form ?? "form.hep-controls";
  const quiet = { onsubmit: (event) => event.preventDefault() };
  const mission = card.mission?.node;
  return element(name, quiet, presets, ...(card.own.controls ?? []), mission, card.actions);
}

function actionsOf(card) {
  const { spec, own } = card;
  const fields = Object.values(spec.fields);
  if (!fields.length) return null;
  const button = (label, act) => element("button", { type: "button", onclick: act }, label);
  const keep = button(own.run ? "Keep this run" : "Keep this view", () => card.kept.keep());
  const share = button("Copy link", () => shareLink(card, share));
  const travels = card.host.shareable && fields.some(canTravel);
  const reset = button(own.again ?? "Reset", () => resetCard(card));
  const all = [reset, fields.some(canTravel) ? keep : null, travels ? share : null];
  return element("div.hep-actions.hep-card-actions", {}, ...all);
}

/** Everything as at the start; the prediction stays, since its answer has been seen. */
function resetCard(card) {
  const { prediction } = card.values;
  card.own.stop?.();
  card.change({ ...structuredClone(card.defaults), ...(card.spec.predict ? { prediction } : {}) });
}

// ---- the prediction ----

/** The reader commits: what was covered comes into sight, and the run plays once. */
function commit(card, given) {
  card.change({ prediction: given });
  keepPrediction(card, given);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.prediction.node.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  if (!still) card.own.play?.();
}

/** In JupyterLab the record comes after the card; whoever has answered meanwhile keeps that. */
function recallLate(card) {
  const { prediction } = recalled(card);
  if (!card.veiled || prediction === undefined) return;
  card.values.prediction = prediction;
  show(card);
  card.paint();
}

const isVeiled = ({ spec, values }) => Boolean(spec.predict) && values.prediction === null;

/** The five heights of the model's own curve, at the start values, where one is drawn. */
function heightsOf({ spec, own, defaults }) {
  const { predict } = spec;
  if (predict?.way !== "draw") return [];
  const view = spec.views[viewOf(spec)];
  const { columns } = own.at(defaults);
  const curve = view.curves.find(({ y }) => y === predict.curve);
  const row = { x: columns[curve.x], y: columns[curve.y] };
  return stations(view.x).map((x) => heightAt(row, x));
}

// ---- changing and drawing ----

function change(card, values, settled) {
  Object.assign(card.values, values);
  if (settled) show(card);
  card.paint();
  if (settled) card.mission?.follow();
  card.host.set({ ...card.values }, settled);
}

/** Put the present values into all controls. */
function show(card) {
  const { values, root } = card;
  card.veiled = isVeiled(card);
  card.prediction?.show(values.prediction);
  card.heading.show(card.veiled);
  root.dataset.veiled = String(card.veiled);
  const free = card.own.free === true; // controls that may be moved before the answer
  for (const part of [card.runs, card.form, card.actions])
    part?.toggleAttribute("inert", card.veiled && !free);
  if (card.mission) card.mission.node.hidden = card.veiled; // its goal would tell
  card.own.show?.(values, card.veiled);
}

function draw(card) {
  card.scope = card.own.draw(card.values, card.veiled) ?? {};
  const covered = card.veiled && hidesSentence(card);
  putText(card.sentence, covered ? card.spec.predict.waiting : card.speech(card.scope));
  const silent = card.own.silent?.(card.values) ?? false;
  card.sentence.hidden = silent || !card.sentence.textContent;
  if (card.moved) card.speak(); // a page that opens keeps silent
  card.why?.follow();
}

/** Whether the sentence waits for the prediction: always, unless the question hides nothing. */
function hidesSentence(card) {
  return card.spec.predict.hides !== "nothing";
}
