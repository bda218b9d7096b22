// A quiz that asks one question at a time: back, next, and where the reader is.

import { element } from "../../parts/dom.js";

/**
 * Let one item be seen at a time.
 * @param {HTMLElement[]} items
 * @param {function} onMove called after a step
 * @returns {{node: HTMLElement, show: function}} show(answered) takes whether each item is answered
 */
export function createSteps(items, onMove) {
  const steps = { at: null };
  const place = element("span.hep-place", { "aria-live": "polite" });
  const go = (by) => () => {
    steps.at += by;
    onMove();
    items[steps.at].querySelector("legend").scrollIntoView({ block: "nearest" });
    items[steps.at].querySelector("input").focus({ preventScroll: true });
  };
  const back = element("button", { type: "button", onclick: go(-1) }, "Back");
  const next = element("button.hep-primary", { type: "button", onclick: go(1) }, "Next");
  const show = (answered) => {
    steps.at ??= firstOpen(answered);
    items.forEach((item, index) => {
      item.hidden = index !== steps.at;
    });
    place.textContent = `Question ${steps.at + 1} of ${items.length}`;
    back.disabled = steps.at === 0;
    next.hidden = steps.at === items.length - 1;
    next.disabled = !answered[steps.at];
  };
  /** Begin again where the reader left, or at the start. */
  const resume = () => {
    steps.at = null;
  };
  return { node: element("div.hep-steps", {}, back, place, next), show, resume };
}

/** Where to go on: the first question without an answer, or the last one. */
function firstOpen(answered) {
  const open = answered.indexOf(false);
  return open < 0 ? answered.length - 1 : open;
}
