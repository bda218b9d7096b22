// Handing in to a class: the student chooses a pseudonym, sees the whole file, then saves it.

import { LONGEST, handIn } from "../../engine/handin.js";
import { element, freshId } from "../../parts/dom.js";
import { today } from "../../parts/record.js";
import { download } from "./keeping.js";

/** The section; `record` is the reader's. */
export function createHanding(record) {
  const id = freshId("pseudonym");
  const name = element("input", { id, type: "text", autocomplete: "off", maxlength: LONGEST });
  const show = element("button", { type: "button", disabled: true }, "Show the file");
  const shown = element("div.hep-file", { hidden: true });
  const labelled = element("label", { for: id }, "A name for this class, not your own");
  name.addEventListener("input", () => {
    show.disabled = !name.value.trim();
    shown.hidden = true; // another name is another file
  });
  show.addEventListener("click", () => {
    const parts = { answers: record.all("answers"), predictions: record.all("predictions") };
    lay(shown, handIn(name.value, parts, today()));
  });
  const words =
    "If your teacher asks for it. The file holds which answer you chose first, whether it was right, and your predictions. It holds no name but the one you choose here, nothing that you wrote and no code. Handing it in is up to you.";
  return element(
    "details.hep-handing",
    {},
    element("summary", {}, "Hand in to a class"),
    element("p", {}, words),
    element("div.hep-row", {}, labelled, name, show),
    shown,
  );
}

/** The whole file and the button that saves just this text. */
function lay(shown, file) {
  const text = `${JSON.stringify(file, null, 1)}\n`;
  const count = (part) => Object.keys(file[part]).length;
  const words = `This is all of it: ${count("answers")} answers, ${count("predictions")} predictions.`;
  const look = element("pre", { tabindex: "0", role: "region", "aria-label": "The file" }, text);
  const save = () => download(`hepatica-class-${slug(file.pseudonym)}.json`, text);
  const button = element("button", { type: "button", onclick: save }, "Save this file");
  shown.replaceChildren(element("p", {}, words), look, button);
  shown.hidden = false;
}

/** A name that every disk takes. */
const slug = (words) => words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") || "student";
