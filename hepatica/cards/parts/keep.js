// A run kept for comparison: its sentence stays under the live one, and its values can be brought
// back.

import { element } from "./dom.js";

/**
 * Make the place for a kept run.
 * @param {object} card see frame.js; `card.own.keep` and `card.own.forget` may keep a picture
 * besides
 */
export function createKept(card) {
  const words = element("span");
  const back = element(
    "button",
    { type: "button", onclick: () => card.change(kept) },
    "Back to it",
  );
  const forget = element("button", { type: "button", onclick: () => clear() }, "Forget it");
  const node = element("p.hep-kept", { hidden: true }, "Kept: ", words, " ", back, " ", forget);
  let kept = {};
  const keep = () => {
    kept = structuredClone(card.values);
    delete kept.prediction; // its answer has been seen
    words.textContent = card.sentence.textContent;
    node.hidden = false;
    card.own.keep?.();
  };
  const clear = () => {
    node.hidden = true;
    card.own.forget?.();
  };
  return { node, keep };
}
