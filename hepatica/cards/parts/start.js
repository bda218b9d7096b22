// After "Run All Cells" JupyterLab shows the last cell, where answers and the teacher's notes stand.
// A reader who has touched nothing meanwhile is brought back to the start of the notebook.

import { whenQuiet } from "./dom.js";

const SEVERAL = 2; // cards made without a hand between them: all cells run, not one after the other
const SETTLE = 800; // ms in which the next card comes and JupyterLab moves to the last cell
export const DEEDS = ["wheel", "touchmove", "pointerdown", "keydown"];

/** Call this when a card is made: where all cells are being run, the reader ends at the start. */
export function beginAtStart() {
  const panel = openPanel();
  if (!panel) return;
  const panels = (globalThis.hepaticaPanels ??= new WeakMap()); // each card is a module of its own
  if (!panels.has(panel)) panels.set(panel, watch(panel));
  panels.get(panel)();
}

/** The notebook that is in front, or null. */
export const openPanel = () => document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");

/** What to call for each card of a notebook; a deed of the reader begins the count anew. */
function watch(panel) {
  let made = 0;
  const look = whenQuiet(() => {
    if (made < SEVERAL) return;
    if (isRunning(panel)) return look();
    made = 0;
    toStart(panel);
  }, SETTLE);
  const forget = () => {
    made = 0;
  };
  for (const deed of DEEDS) panel.addEventListener(deed, forget, { capture: true, passive: true });
  return () => {
    made += 1;
    look();
  };
}

/** Whether a cell of the panel waits or runs. */
export function isRunning(panel) {
  const prompts = [...panel.querySelectorAll(".jp-InputPrompt")];
  return prompts.some((prompt) => prompt.textContent.includes("*"));
}

/** The first cell is also the one in hand, so that the arrow keys begin there. */
function toStart(panel) {
  panel.querySelector(".jp-WindowedPanel-outer")?.scrollTo({ top: 0, behavior: "instant" });
  requestAnimationFrame(() => panel.querySelector(".jp-Cell")?.focus({ preventScroll: true }));
}
