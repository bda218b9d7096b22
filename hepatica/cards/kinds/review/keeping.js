// What a reader can do with the record: save it as a file, take a file in, erase everything.

import { element, freshId } from "../../parts/dom.js";
import { today } from "../../parts/record.js";

/**
 * The three buttons.
 * @param {object} record
 * @param {function} onChange called when a file was taken in or everything was erased
 */
export function createKeeping(record, onChange) {
  const said = element("p.hep-note", { role: "status", hidden: true });
  const say = (words) => {
    said.textContent = words;
    said.hidden = false;
  };
  const parts = [savePart(record, say), takePart(record, say, onChange)];
  return element(
    "div.hep-keeping",
    {},
    element("h4", { "aria-level": 3 }, "Your record"),
    element(
      "p",
      {},
      "What you read, predicted, answered and wrote is kept on this computer only. Nothing is sent anywhere. To go on elsewhere, save it as a file and take it in there.",
    ),
    ...parts,
    erasePart(record, say, onChange),
    said,
  );
}

function savePart(record, say) {
  const id = freshId("reader");
  const name = element("input", { id, type: "text", autocomplete: "name", maxlength: 80 });
  const save = () => {
    download(`hepatica-${today()}.json`, record.exported(name.value.trim()));
    say("Saved. The file lies where your browser puts downloads.");
  };
  return element(
    "div.hep-row",
    {},
    element("label", { for: id }, "A name in the file (may stay empty)"),
    name,
    element("button", { type: "button", onclick: save }, "Save as a file"),
  );
}

/** Give the browser a text to save under a name. */
export function download(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", { href, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 1000); // the browser has read it by then
}

function takePart(record, say, onChange) {
  const id = freshId("file");
  const input = element("input", { id, type: "file", accept: ".json,application/json" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const refused = record.imported(await file.text());
    input.value = "";
    say(refused || "Taken in. Where both had an answer, the newer one stays.");
    if (!refused) onChange();
  });
  return element("div.hep-row", {}, element("label", { for: id }, "Take a saved file in"), input);
}

/** Erasing asks once more, in the page. */
function erasePart(record, say, onChange) {
  const erase = () => {
    record.erase();
    show(false);
    say("Erased. Nothing of you is kept here any more.");
    onChange();
  };
  const ask = element("button", { type: "button", onclick: () => show(true) }, "Erase my record");
  const yes = element("button.hep-erase", { type: "button", onclick: erase }, "Erase everything");
  const no = element("button", { type: "button", onclick: () => show(false) }, "Keep it");
  const words = "This erases every answer, guess, place and line of yours on this computer.";
  const sure = element(
    "div.hep-sure",
    { role: "group", "aria-label": "Erase the record?", hidden: true },
    element("p", {}, words),
    element("div.hep-actions", {}, no, yes),
  );
  const show = (open) => {
    sure.hidden = !open;
    ask.hidden = open;
    (open ? no : ask).focus();
  };
  return element("div.hep-erasing", {}, ask, sure);
}
