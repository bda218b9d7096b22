/*
 * A sheet for paper: every card is drawn, on the teacher's sheet with its answer given; then each
 * block learns how many pictures it has, so that the styles can lay it out.
 */
(() => {
  "use strict";
  const AT_REST = 700; /* ms: a chart draws its last digits when nothing has moved for a moment */
  const TALL = 520; /* px: rows and rows that are empty before the answer */
  const PAGE = 990; /* px of an A4 page that a block and what opens it may fill */
  const GAP = 20; /* px */
  const root = document.documentElement;
  const sheet = document.querySelector(".paper-sheet").dataset.sheet;
  const cards = [...document.querySelectorAll(".paper-card")];
  const specOf = (block) => JSON.parse(block.querySelector("figure script").textContent);
  const ends = new Map(cards.map((block) => [block, specOf(block).fields.head?.high]));
  const DRAWN = "svg, canvas, img, i, td, li, button";
  const NAMES = ".hep-view-title, .hep-legend, .hep-tabs, .hep-hidden, title, desc, style, button";
  const TRACES = ".scatterlayer path, .barlayer path, .heatmaplayer image, .hep-pad";

  const mounted = () =>
    !cards.length || (root.dataset.cards === "ready" && !document.querySelector(".hep-waiting"));

  /** Give the right answer, without the reader's record, and let time run to its end. */
  function commit(block) {
    const prediction = JSON.parse(block.dataset.commit);
    const card = block.querySelector(".hep-card").hepatica;
    const head = ends.get(block);
    if (prediction !== null) card.put({ prediction, ...(head ? { head } : {}) });
    else if (head) card.put({ head });
  }

  /** Words of a picture without those that name it. */
  function wordsOf(view) {
    const copy = view.cloneNode(true);
    for (const name of copy.querySelectorAll(NAMES)) name.remove();
    return copy.textContent.replaceAll(/\s+/g, " ").trim();
  }

  /** Whether a picture shows more than its cover, a question mark. */
  const shows = (view) =>
    view.getBoundingClientRect().height > 0 &&
    view.querySelector(DRAWN) !== null &&
    wordsOf(view) !== "?" &&
    ![...view.querySelectorAll("svg")].some((svg) => svg.textContent.trim() === "?") &&
    !(sheet === "handout" && view.offsetHeight > TALL);

  const isEmpty = (view) => view.querySelector(".hep-plot") && !view.querySelector(TRACES);

  function lay(block) {
    const views = [...block.querySelectorAll(".hep-views > .hep-view, .hep-views > .hep-smalls")];
    for (const view of views) {
      view.toggleAttribute("data-blank", !shows(view));
      view.toggleAttribute("data-sketch", sheet === "handout" && Boolean(isEmpty(view)));
    }
    const seen = views.filter((view) => !view.matches("[data-blank]")).length;
    block.dataset.pictures = seen;
    const asks = block.querySelector(".paper-question, .paper-lines");
    block.toggleAttribute("data-nothing", seen === 0 && !asks);
  }

  /** No block is taller than a page. */
  function fit(block) {
    const opening = block.previousElementSibling;
    const above = opening?.matches(".paper-opening") ? opening.offsetHeight + GAP : 0;
    const tall = block.offsetHeight;
    if (tall > PAGE - above) block.style.zoom = (PAGE - above) / tall;
  }

  const pause = (time) => new Promise((done) => setTimeout(done, time));

  /** Look again and again; a page of paper has nothing else to do. */
  const until = (true_) =>
    new Promise((done) => {
      const look = () => (true_() ? done() : setTimeout(look, 50));
      look();
    });

  async function draw() {
    await until(mounted);
    if (sheet === "teacher") for (const block of cards) commit(block);
    await pause(cards.length ? AT_REST : 0);
    for (const block of cards) lay(block);
    dispatchEvent(new Event("resize"));
    await pause(cards.length ? AT_REST / 2 : 0);
    for (const block of cards) fit(block);
    root.dataset.paper = "ready";
  }

  draw();
})();
