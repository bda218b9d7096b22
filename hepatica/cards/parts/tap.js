// A share of a hundred, tapped: a hundred dots, and a slider for keys.

import { isSkipped } from "../engine/guess.js";
import { element, freshId } from "./dom.js";

const ROW = 20;

/** Make the way to commit to a share; see predict.js. */
export function createShare({ spec }, ready) {
  const { predict } = spec;
  const id = freshId("share");
  const dots = Array.from({ length: 100 }, (_, n) => element("i", { "data-place": n + 1 }));
  const grid = element("div.hep-hundred", { "aria-hidden": "true" }, ...dots);
  const input = element("input", { type: "range", id, min: 0, max: 100, step: 1, value: 0 });
  input.dataset.name = "prediction";
  const words = element("output.hep-value", { for: id });
  let touched = false;
  const put = (many) => {
    touched = true;
    input.value = many;
    paint();
    ready();
  };
  const paint = () => {
    const many = Number(input.value);
    dots.forEach((dot, n) => dot.toggleAttribute("data-full", touched && n < many));
    words.textContent = touched ? `${many} ${predict.of}` : "Tap a dot, or move the slider.";
  };
  input.addEventListener("input", () => put(input.value));
  const tapped = (event) => {
    const dot = document.elementFromPoint(event.clientX, event.clientY);
    if (!input.disabled && dot?.dataset.place && grid.contains(dot)) put(dot.dataset.place);
  };
  grid.addEventListener("pointerdown", tapped);
  grid.addEventListener("pointermove", (event) => event.buttons && tapped(event));
  const legend = element("legend", {}, element("label", { for: id, html: predict.question }));
  const node = element("fieldset", {}, legend, grid, input, words);
  const show = (given, answered) => {
    touched = answered && !isSkipped(given);
    input.value = touched ? given : 0;
    input.disabled = answered;
    dots.forEach((dot, n) => {
      dot.toggleAttribute("data-model", answered && n < Math.round(predict.answer));
      dot.style.gridColumn = (n % ROW) + 1;
    });
    paint();
    if (answered)
      words.textContent = touched
        ? `You said ${given} ${predict.of}; outlined: ${predict.by ?? "the model"}.`
        : "";
  };
  return { node, given: () => Number(input.value), show };
}
