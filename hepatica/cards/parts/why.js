// The Why? button under the live sentence: the causal steps from what the reader has moved, one
// under another.

import { compileWhy } from "../engine/why.js";
import { element, freshId, whenQuiet } from "./dom.js";

const QUIET = 250; // ms without movement before an open list is written anew
const START = "the start";

/**
 * Make the button and its list.
 * @param {object} card see frame.js; needs `card.model`, and `card.own.at` where that has a clock
 * @returns {{node: HTMLElement, follow: function}} `follow()` after each change of the card's values
 */
export function createWhy(card) {
  const read = (values) => card.model.evaluate?.(values) ?? card.own.at(values).scope;
  const why = compileWhy(card.spec.why, { parameters: card.model.parameters, read });
  const id = freshId("why");
  const list = element("ol.hep-why-steps");
  const nothing = element("p.hep-why-none", { role: "status" });
  const choice = comparedWith(card, () => write());
  const panel = element("div.hep-why-panel", { id, hidden: true }, choice.node, nothing, list);
  const ask = () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) write();
  };
  const options = { type: "button", "aria-expanded": "false", "aria-controls": id, onclick: ask };
  const button = element("button.hep-why-button", options, "Why?");
  const write = () => {
    choice.offer();
    const steps = why.steps(card.values, choice.values());
    list.replaceChildren(...steps.map((step, i) => lineOf(why.say(step), i)));
    nothing.textContent = steps.length ? "" : choice.silence();
  };
  const rewrite = whenQuiet(write, QUIET);
  const node = element("div.hep-why", {}, button, panel);
  const follow = () => {
    node.hidden = card.veiled;
    if (!panel.hidden) rewrite();
  };
  return { node, follow };
}

/** One step, its cause set off from its effect. */
function lineOf(words, place) {
  const [cause, effect] = words.split(/(?<=:) (?=it )/);
  const line = element("li", {}, element("strong", {}, cause), ` ${effect}`);
  line.style.setProperty("--place", String(place));
  return line;
}

/** With what the present values are compared: the start, or one of the card's buttons. */
function comparedWith(card, onChoose) {
  const { presets, why } = card.spec;
  const settings = new Map([
    [START, card.defaults],
    ...presets.map(({ label, values }) => [`“${label}”`, { ...card.defaults, ...values }]),
  ]);
  const moving = why.nodes.map(({ name }) => name).filter((name) => name in card.spec.fields);
  const differs = (name) => moving.some((key) => settings.get(name)[key] !== card.values[key]);
  const options = [...settings.keys()].map((name) => element("option", { value: name }, name));
  const select = element("select", { "data-name": "why", onchange: onChoose }, ...options);
  return {
    node: element("label.hep-why-with", {}, "Compared with ", select),
    values: () => atTheSameTime(settings.get(select.value), card.values),
    offer: () => {
      for (const option of options) option.disabled = !differs(option.value);
      if (differs(select.value)) return;
      select.value = options.find((option) => !option.disabled)?.value ?? START;
    },
    silence: () =>
      differs(select.value)
        ? "Nothing that was asked about has changed by a hundredth."
        : "Nothing differs yet. Move a control.",
  };
}

/** Settings read at the moment that is looked at, where the card has a play head. */
function atTheSameTime(settings, { head }) {
  return head === undefined ? settings : { ...settings, head };
}
