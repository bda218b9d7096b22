// The reader's place in a notebook of JupyterLab. The kernel knows the notebook's sections with
// their minutes and cards; the panel shows which of their headings and cards are in sight.

import { whenQuiet } from "./dom.js";
import { DWELL, keepPlace, markLinks, sectionOf } from "./places.js";
import { RECORD_EVENT } from "./record.js";
import { DEEDS, isRunning, openPanel } from "./start.js";

const UPPER = 0.75; // share of the panel in which a section is at hand, as on the pages

/**
 * Call this when a card is made: its notebook is followed from then on, and links of its tables
 * carry marks.
 * @param {object} record
 * @param {function} ask promises {number, sections} of the notebook that the kernel serves
 */
export function followNotebook(record, ask) {
  const panel = openPanel();
  if (!panel) return;
  const panels = (globalThis.hepaticaFollowed ??= new WeakMap()); // each card is its own module
  if (!panels.has(panel)) panels.set(panel, follow(panel, record, ask));
  panels.get(panel)();
}

/** What to call when there is more in the panel. */
function follow(panel, record, ask) {
  const mark = () => markLinks(record, panel.querySelectorAll(".jp-OutputArea table a[href]"));
  const marked = whenQuiet(mark, 300);
  addEventListener(RECORD_EVENT, marked);
  begin(panel, record, ask);
  return marked;
}

async function begin(panel, record, ask) {
  const { number, sections } = await ask();
  await record.ready;
  if (number) watch(panel, marksOf(sections), (...place) => keepPlace(record, number, ...place));
}

/** The sections as they are kept, and where a heading or a card belongs; past the last: its end. */
function marksOf(told) {
  const sections = told.map(({ heading, minutes }) =>
    sectionOf(heading.replace(/[*_`]/g, ""), minutes),
  );
  const indexOf = (node) => {
    if (node.matches("article"))
      return told.findIndex(({ cards }) => cards.includes(node.dataset.card));
    const { id } = sectionOf(node.textContent.replace(/¶$/, ""), 0);
    const found = sections.findIndex((section) => section.id === id);
    return found < 0 && id === "For-teachers" ? sections.length : found;
  };
  return { sections, indexOf };
}

/**
 * What has been in sight for a moment after the reader did something is where the reader is; what a
 * program scrolls to, as after Run All Cells, is not.
 */
function watch(panel, { sections, indexOf }, keep) {
  const at = (index) => index >= 0 && index < sections.length && keep(sections, index, false);
  const look = whenQuiet(() => {
    if (isRunning(panel)) return look();
    const { top, bottom, height } = panel.getBoundingClientRect();
    const inSight = [...panel.querySelectorAll(".jp-MarkdownOutput h2, article.hep-card")]
      .map((node) => ({ node, index: indexOf(node), box: node.getBoundingClientRect() }))
      .filter(({ index, box }) => index >= 0 && box.height && box.bottom > top && box.top < bottom);
    const upper = inSight.filter(({ box }) => box.top < top + UPPER * height);
    at(upper.at(-1)?.index ?? -1);
    for (const { node, index } of inSight)
      if (index > 0 && node.matches("h2")) keep(sections, index - 1, true);
  }, DWELL);
  const deed = ({ type, target }) => {
    look();
    const card = target.closest?.("article.hep-card");
    if (card && ["pointerdown", "keydown"].includes(type)) at(indexOf(card));
  };
  for (const each of DEEDS) panel.addEventListener(each, deed, { capture: true, passive: true });
}
