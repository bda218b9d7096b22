// Coding tasks on the pages of exercises: an editor, Run, and what the check says. What is written
// stays in the reader's record; hints open one after the other.

import { element, freshId } from "./parts/dom.js";
import { runPython } from "./parts/python.js";
import { openRecord, today } from "./parts/record.js";

const PAUSE = 400; // ms without a key before what was written is kept
const ROOM = 3; // lines below the code
const INDENT = "    ";

/** Bring every coding task of the page to life. */
export function startTasks() {
  const record = openRecord(null);
  const address = document.body.dataset.python;
  if (!address) return;
  const tasks = new Map();
  for (const box of document.querySelectorAll(".coding[data-task]")) {
    const spec = JSON.parse(box.querySelector("script").textContent);
    tasks.set(spec.id, mountTask(box, spec, { record, address, tasks }));
  }
}

/** The reader's code as the record holds it, else the stub; a store may hold anything. */
export function textKept(record, key, stub) {
  const text = record.get("code", key)?.text;
  return typeof text === "string" ? text : stub;
}

function mountTask(box, spec, page) {
  const key = `${box.dataset.number}/${spec.id}`;
  const kept = page.record.get("code", key);
  const id = freshId("code");
  const area = element("textarea", {
    id,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    rows: spec.stub.split("\n").length + ROOM,
    "aria-describedby": `${id}-keys`,
  });
  area.value = textKept(page.record, key, spec.stub);
  const words = element("p.coding-words", { role: "status" });
  const output = element("pre.coding-output", { hidden: true });
  const run = element("button.coding-run", { type: "button" }, "Run");
  const again = element("button", { type: "button" }, "Start again");
  const deeper = element("button.coding-indent", { type: "button" }, "Indent");
  const task = { box, spec, key, area, words, output, run, page, passed: Boolean(kept?.passed) };
  listen(task, again, deeper);
  box
    .querySelector(".code")
    .replaceWith(
      element("label", { for: id }, "Your code"),
      area,
      element(
        "div.coding-row",
        {},
        run,
        again,
        deeper,
        element(
          "small",
          { id: `${id}-keys` },
          "Tab indents; Escape, then Tab, leaves. Control and Enter runs.",
        ),
      ),
      words,
      output,
    );
  showPassed(task);
  showHelp(task);
  return task;
}

function listen(task, again, deeper) {
  const { area, run } = task;
  let waiting = 0;
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE, task);
  });
  area.addEventListener("change", () => keep(task));
  area.addEventListener("keydown", keysOf(task));
  area.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak") return;
    event.preventDefault();
    insert(task, `\n${indentAfter(area.value.slice(0, area.selectionStart))}`);
  });
  deeper.addEventListener("click", () => {
    insert(task, INDENT);
    area.focus();
  });
  run.addEventListener("click", () => runTask(task));
  again.addEventListener("click", () => {
    area.value = task.spec.stub;
    keep(task);
    area.focus();
  });
}

function keep({ page, key, area, passed }) {
  page.record.put("code", key, { text: area.value, passed, on: today() });
}

function insert(task, text) {
  const { area } = task;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  keep(task);
}

/** What a line begins with: as deep as the last line of the code before, deeper after a colon. */
function indentAfter(code) {
  const line = code.slice(code.lastIndexOf("\n") + 1);
  const deeper = /:\s*(#.*)?$/.test(line) ? INDENT : "";
  return line.match(/^ */)[0] + deeper;
}

/** Tab indents unless Escape came before it; Control or Shift with Enter runs. */
function keysOf(task) {
  let leaves = false;
  return (event) => {
    if (event.key === "Escape") leaves = true;
    else if (event.key === "Tab" && !event.shiftKey && !leaves) {
      event.preventDefault();
      insert(task, INDENT);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      runTask(task);
    } else if (event.key !== "Tab") leaves = false;
  };
}

/** What an earlier task asked to write and this one uses, as the reader wrote it. */
const earlier = ({ spec, page }) => spec.needs.map((id) => page.tasks.get(id).area.value);

async function runTask(task) {
  const { spec, area, run, words, output, page } = task;
  keep(task);
  run.disabled = true;
  task.box.setAttribute("aria-busy", "true");
  words.dataset.state = "busy";
  words.textContent = "Running. With the first run Python starts, which takes some seconds.";
  const given = [spec.given, ...earlier(task)].join("\n\n");
  const told = await runPython(page.address, { given, code: area.value, check: spec.check });
  task.box.removeAttribute("aria-busy");
  run.disabled = false;
  words.dataset.state = told.state;
  words.textContent = told.state === "correct" ? "Correct." : told.words;
  output.textContent = told.output;
  output.hidden = !told.output;
  task.tried ||= area.value.trim() !== spec.stub.trim();
  task.passed ||= told.state === "correct";
  keep(task);
  showPassed(task);
  showHelp(task);
}

const showPassed = ({ box, passed }) => box.toggleAttribute("data-passed", passed);

/** Hints open one after the other; the worked solution waits for a first try. */
function showHelp(task) {
  const hints = folds(task.box, -1).filter(isHint);
  hints.forEach((hint, n) => {
    hint.hidden = n > 0 && !hints[n - 1].open;
    if (!hint.dataset.heard) hint.addEventListener("toggle", () => showHelp(task));
    hint.dataset.heard = "yes";
  });
  for (const fold of folds(task.box, 1))
    if (isSolution(fold)) fold.hidden = !(task.tried || task.passed);
}

const titleOf = (fold) => fold.querySelector("summary")?.textContent.trim() ?? "";
const isHint = (fold) => titleOf(fold).startsWith("Hint");
const isSolution = (fold) => titleOf(fold) === "Worked solution";

/** The folds of a task before (-1) or after (1) its editor, up to the next heading, in order. */
function folds(box, way) {
  const next = way < 0 ? "previousElementSibling" : "nextElementSibling";
  const found = [];
  for (let node = box[next]; node && !/^H[1-3]$/.test(node.tagName); node = node[next])
    if (node.tagName === "DETAILS") found.push(node);
  return way < 0 ? found.toReversed() : found;
}
