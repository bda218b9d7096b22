// A mission: a goal that the card checks, with the ways to miss it, and the reader's path to it.

import { compileDescription } from "../engine/rules.js";
import { functionOf } from "../engine/code.js";
import { element } from "./dom.js";

const KEPT_STEPS = 12; // of the path, the last ones

/**
 * Make the place of a card's mission.
 * @param {object} card see frame.js
 * @returns {{node: HTMLElement, follow: function}} follow() is called when the card has settled
 */
export function createMission(card) {
  const { mission } = card.spec;
  const own = { card, path: [], on: false, reached: functionOf(mission.reached) };
  own.speech = compileDescription(mission.says);
  own.verdict = element("p.hep-verdict", { "aria-live": "polite" });
  own.list = element("ol");
  own.fold = element("details", { hidden: true }, element("summary", {}, "Your path"), own.list);
  own.button = element("button", { type: "button", onclick: () => begin(own) }, "Take it on");
  const goal = element(
    "p",
    {},
    element("strong", {}, "Mission. "),
    element("span", { html: mission.goal }),
  );
  const node = element(
    "div.hep-mission",
    { role: "group", "aria-label": "Mission" },
    goal,
    own.button,
  );
  node.append(own.verdict, own.fold);
  return { node, follow: () => own.on && requestAnimationFrame(() => follow(own)) };
}

/** From the start values, or from those that the mission names. */
function begin(own) {
  const { card } = own;
  const { prediction } = card.values;
  own.path = [];
  own.on = true;
  own.button.textContent = "Begin again";
  card.change({ ...structuredClone(card.defaults), ...card.spec.mission.start, prediction }, false);
  follow(own);
}

/** What has moved since the last step joins the path; the card says how things stand. */
function follow(own) {
  const { card } = own;
  const words = own.speech(card.scope);
  const done = own.reached(card.scope);
  own.verdict.textContent = words;
  own.verdict.dataset.state = done ? "right" : "";
  const values = structuredClone(card.values);
  const last = own.path.at(-1);
  if (!last || JSON.stringify(last.values) !== JSON.stringify(values)) {
    own.path = [...own.path, { values, words: card.sentence.textContent }].slice(-KEPT_STEPS);
  }
  tell(own);
  if (done) card.remember("missions", { done: true, path: own.path.map((step) => step.words) });
}

function tell(own) {
  const { card, path } = own;
  own.fold.hidden = path.length < 2;
  const back = (step) => () => card.change(structuredClone(step.values));
  own.list.replaceChildren(
    ...path.map((step) =>
      element(
        "li",
        {},
        step.words,
        " ",
        element("button.hep-quiet", { type: "button", onclick: back(step) }, "Back to it"),
      ),
    ),
  );
}
