// The predict step: the reader commits to an answer before the curve appears.

import { element, freshId } from "./dom.js";

/**
 * Make the predict section.
 * @param {object} predict its JSON: question, options [{text, right, why}], commit
 * @param {function} onAnswer onAnswer(index), or onAnswer(-1) when the reader skips
 * @returns {{node: HTMLElement, show: function}} show(index) reflects an answer given earlier; null
 * asks again
 */
export function createPrediction(predict, onAnswer) {
  const name = freshId("predict");
  const radios = predict.options.map((option, index) => optionOf(name, option, index));
  const chosen = () => radios.findIndex((label) => label.firstChild.checked);
  const commit = element(
    "button.hep-primary",
    { type: "button", disabled: true, onclick: () => onAnswer(chosen()) },
    predict.commit,
  );
  const skip = element("button.hep-quiet", { type: "button", onclick: () => onAnswer(-1) }, "Skip");
  const verdict = element("p.hep-verdict", { "aria-live": "polite" });
  const fields = element("fieldset", {}, element("legend", { html: predict.question }), ...radios);
  fields.addEventListener("change", () => {
    commit.disabled = chosen() < 0;
  });
  const actions = element("div.hep-actions", {}, commit, skip);
  const step = element("p.hep-step", {}, "Predict first");
  const node = element(
    "section.hep-predict",
    { "aria-label": "Predict" },
    step,
    fields,
    actions,
    verdict,
  );
  return { node, show: (answer) => showAnswer(predict, node, radios, verdict, answer) };
}

function optionOf(name, option, index) {
  const input = element("input", { type: "radio", name, value: index, "data-name": "prediction" });
  return element("label.hep-option", {}, input, element("span", { html: option.text }));
}

function showAnswer(predict, node, radios, verdict, answer) {
  const answered = answer !== null && answer !== undefined;
  const right = predict.options.findIndex((option) => option.right);
  node.dataset.answered = String(answered);
  radios.forEach((label, index) => {
    label.firstChild.checked = index === answer;
    label.firstChild.disabled = answered;
    label.dataset.state = answered ? stateOf(index, answer, right) : "";
  });
  const opening =
    answer === right ? "As you predicted." : answer >= 0 ? "Not what you predicted." : "";
  verdict.innerHTML = answered ? `${opening} ${predict.options[right].why ?? ""}` : "";
}

function stateOf(index, answer, right) {
  if (index === right) return "right";
  return index === answer ? "wrong" : "";
}
