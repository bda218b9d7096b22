/*
 * What of a slide is seen at once. A card keeps its parts; those that do not fit beside each other
 * in the window become pages of the slide: the question, the picture with what moves it, the rest.
 */
(() => {
  "use strict";
  const SPLIT =
    "div, section, article, form, fieldset, ul, ol, li, dl, figure, details[open], blockquote, table, tbody";
  const STAYS = "thead, caption, colgroup, script, style, .hep-hidden, .hep-note";
  const HEADING = "h3, h4, h5, legend, .hep-view-title, [data-heads]"; // the last: its view says so
  const BODY = ".slide-body";
  const ROOT = ".hepatica.hep-card";
  const ACTIONS = ".hep-card-actions";
  const LEGEND = ".hep-legend";
  const NEAR = 1; /* px; heights are rounded */

  /** px around what must fit: a line of this size of window, and its gap. */
  const margin = () => 1.4 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const isSeen = (node) => node.getBoundingClientRect().height > 0; // one that is emptied has none
  const fits = (box) => box.scrollHeight <= box.clientHeight + NEAR;

  /**
   * Lay a card on its slide: its heading above, its pictures in a box of their own with the
   * sentence under them, its buttons in the foot, its folds behind the slide.
   */
  function lay(slide) {
    const root = slide.querySelector(ROOT);
    if (!root || slide.dataset.laid) return root;
    slide.dataset.laid = "true";
    slide.querySelector(".slide-head").append(root.querySelector(":scope > .hep-head"));
    const actions = root.querySelector(ACTIONS);
    if (actions) slide.querySelector(".slide-foot").prepend(actions);
    root.querySelectorAll(".hep-questions > li").forEach((item, n) => {
      item.style.counterSet = `hep-item ${n + 1}`; // those that are not seen do not count
    });
    const folds = root.querySelectorAll(":scope > details, .hep-views details");
    if (folds.length) behind(slide).append(...folds);
    layStage(root);
    return root;
  }

  function layStage(root) {
    const stage = root.querySelector(":scope > .hep-stage");
    if (!stage) return;
    const box = document.createElement("div");
    box.className = "slide-stage";
    stage.before(box);
    box.append(stage);
    box.after(...stage.querySelectorAll(":scope > .hep-hand > .hep-live"));
  }

  /** The sheet behind a slide. */
  function behind(slide) {
    if (!slide.querySelector(".slide-more")) {
      const more = document.createElement("details");
      more.className = "slide-more";
      more.innerHTML = `<summary>Text</summary>
        <div tabindex="0" role="group" aria-label="The text behind the slide"></div>`;
      slide.querySelector(".slide-foot").append(more);
    }
    const sheet = document.createElement("div");
    sheet.className = "hepatica";
    slide.querySelector(".slide-more > div").append(sheet);
    return sheet;
  }

  /** The smallest parts that are seen as a whole: those that fit, and of the others their own. */
  function unitsOf(node, room) {
    if (node.matches(STAYS) || !isSeen(node)) return [];
    if (!node.matches(SPLIT) || node.scrollHeight <= room) return [node];
    return [...node.children].flatMap((child) => unitsOf(child, room));
  }

  /** Groups of units that share no page; `fixed` is seen on each page of its group. */
  function groupsOf(body, root) {
    const told = root?.querySelector(":scope > .slide-stage")
      ? null
      : root?.querySelector(".hep-live");
    const room = body.clientHeight - margin() - (told ? told.offsetHeight + margin() : 0);
    const units = (nodes) => [...nodes].flatMap((node) => unitsOf(node, room));
    if (!root) return [{ fixed: [], units: units(body.children), box: body }];
    const groups = [];
    let rest = [];
    const close = () => {
      if (rest.length) groups.push(groupOf(units(rest), body));
      rest = [];
    };
    for (const child of partsOfCard(root)) {
      const own = ownGroups(child, root, body, units);
      if (!own && !isTold(child)) rest.push(child);
      if (!own) continue;
      close();
      groups.push(...own);
    }
    close();
    return groups.filter(({ fixed, units: some }) => fixed.length + some.length);
  }

  const isTold = (node) => node.previousElementSibling?.matches(".slide-stage") ?? false;

  /** A sentence that lives stays in sight. */
  function groupOf(units, body) {
    const fixed = units.filter((unit) => unit.matches(".hep-live"));
    return { fixed, units: units.filter((unit) => !fixed.includes(unit)), box: body };
  }

  /** Rows of a forest are read against its axis: head and axis stand on each of its pages. */
  function forestGroup(forest, body) {
    const fixed = [...forest.querySelectorAll(":scope > :is(.hep-forest-head, .hep-forest-axis)")];
    const rows = [...forest.children].flatMap((node) =>
      node.matches(".hep-forest-rows") ? [...node.children] : [node],
    );
    const units = rows.filter(
      (node) => isSeen(node) && !fixed.includes(node) && !node.matches(LEGEND),
    );
    return { fixed, units, box: body };
  }

  /** The parts of a card that follow each other: those of a board are its own, a forest's legend
   * follows the forest. */
  function partsOfCard(root) {
    const inside = (node) => (node.matches(".hep-board") ? [...node.children] : [node]);
    const legend = (node) =>
      node.matches(".hep-forest") ? [...node.querySelectorAll(LEGEND)] : [];
    return [...root.children].flatMap(inside).flatMap((node) => [node, ...legend(node)]);
  }

  /** A question, the questions of a quiz, a forest, what depends on a baseline and a stage are
   * groups of their own. */
  function ownGroups(child, root, body, units) {
    const veiled = root.dataset.veiled === "true";
    if (child.matches(".hep-predict")) {
      const stage = veiled && child.dataset.way === "draw" && root.querySelector(".slide-stage");
      if (stage) return [{ fixed: [child, stage], units: [], box: body }];
      return [{ fixed: [], units: units([child]), box: body }];
    }
    if (child.matches(".hep-questions"))
      return [...child.children]
        .filter(isSeen)
        .map((item) => ({ fixed: [], units: units([item]), box: body }));
    if (child.matches(".hep-forest")) return [forestGroup(child, body)];
    if (child.matches(".hep-findings-risks"))
      return [{ fixed: [], units: units([child]), box: body }];
    if (!child.matches(".slide-stage")) return null;
    if (veiled && child.querySelector("[inert]")) return [];
    return [stageGroup(child)];
  }

  function stageGroup(box) {
    const hand = box.querySelector(".hep-hand");
    const controls = hand.querySelector(":scope > .hep-controls");
    const nodes = [...hand.children].flatMap((node) =>
      node === controls ? [...node.children] : [node],
    );
    const live = box.nextElementSibling?.matches(".hep-live") ? [box.nextElementSibling] : [];
    const units = nodes.flatMap((node) => unitsOf(node, box.clientHeight));
    return { fixed: [box, ...live], units, box: hand, room: box, pictures: picturesIn(box) };
  }

  /** The pictures of a stage: the button that chooses each, and the units of one that is tall. */
  function picturesIn(box) {
    const views = [...box.querySelectorAll(".hep-views > :not(.hep-tabs)")];
    const buttons = [...box.querySelectorAll(".hep-views > .hep-tabs > button")];
    return views.map((view, n) => ({ view, button: buttons[n], units: tallUnits(view) }));
  }

  function tallUnits(view) {
    if (fits(view)) return [];
    const own = [...view.children].filter((node) => !node.matches(HEADING));
    const heads = [...view.children].filter((node) => node.matches(HEADING));
    const room = heads.reduce(
      (left, node) => left - node.offsetHeight,
      view.clientHeight - margin(),
    );
    return own.flatMap((node) => unitsOf(node, room));
  }

  /** Fill pages one unit after the other; a heading goes with what it heads. */
  function packed({ fixed, units, box, room }, see) {
    const pages = [];
    let page = [];
    const full = () => (room ? box.scrollHeight > room.clientHeight + NEAR : !fits(box));
    for (const unit of units) {
      see(new Set([...fixed, ...page, unit]));
      if (full() && page.length) {
        const carried = page.length > 1 && page.at(-1).matches(HEADING) ? [page.pop()] : [];
        pages.push(new Set([...fixed, ...page]));
        page = carried;
      }
      page.push(unit);
    }
    pages.push(new Set([...fixed, ...page]));
    return pages;
  }

  /** The pages of a slide and how to see one. */
  function paginate(slide) {
    const body = slide.querySelector(BODY);
    for (const node of slide.querySelectorAll("[data-off]")) node.removeAttribute("data-off");
    const root = lay(slide);
    const groups = groupsOf(body, root);
    const all = [...new Set(groups.flatMap(({ fixed, units }) => [...fixed, ...units]))];
    const split = new Set(all.flatMap((unit) => boxesAround(unit, body)));
    const left = root ? [...root.children].filter((node) => !isPart(node, all)) : [];
    const see = (page) => {
      for (const node of [...all, ...left]) node.toggleAttribute("data-off", !page.has(node));
      for (const box of split)
        box.toggleAttribute("data-off", ![...page].some((unit) => box.contains(unit)));
    };
    const pages = groups.flatMap((group) => withPictures(packed(group, see), group.pictures));
    const show = ({ units, picture }) => {
      see(units);
      choose(picture);
      legible(slide);
    };
    return { pages: pages.length ? pages : [{ units: new Set() }], see: show };
  }

  /** Each picture is seen beside a page of controls; the shorter row ends with its last. */
  function withPictures(pages, pictures = []) {
    const parts = pictures.flatMap(partsOf);
    const many = Math.max(pages.length, parts.length);
    const nth = (list, n) => list[Math.min(n, list.length - 1)];
    return Array.from({ length: many }, (_, n) => ({
      units: nth(pages, n),
      picture: nth(parts, n),
    }));
  }

  /** A picture that is too tall is seen in parts. */
  function partsOf({ view, button, units }) {
    const see = (shown) =>
      units.forEach((unit) => unit.toggleAttribute("data-off", !shown.has(unit)));
    const parts = packed({ fixed: [], units, box: view }, see);
    return parts.flatMap((shown) => {
      see(shown);
      return turnsOf(view).map((top) => ({
        button,
        see: () => {
          see(shown);
          view.scrollTop = top;
        },
      }));
    });
  }

  /** A drawing of many rows that no page holds is turned like a scroll. */
  function turnsOf(view) {
    // a picture that has no room yet has no turns
    const whole = fits(view) || view.clientHeight === 0;
    const many = whole ? 1 : Math.ceil(view.scrollHeight / view.clientHeight);
    return Array.from({ length: many }, (_, n) => n * (view.clientHeight - margin()));
  }

  function choose(picture) {
    if (picture?.button?.getAttribute("aria-pressed") === "false") picture.button.click();
    picture?.see();
  }

  /** Words in pictures are painted in one size, however large the picture is. */
  function legible(slide) {
    for (const svg of slide.querySelectorAll(".slide-body svg")) {
      const matrix = svg.querySelector("text")?.getScreenCTM();
      if (matrix)
        svg.parentElement.style.setProperty("--slide-scale", Math.hypot(matrix.a, matrix.b));
    }
  }

  const isPart = (node, all) =>
    node.matches(STAYS) || all.some((unit) => unit === node || node.contains(unit));

  function boxesAround(unit, body) {
    const boxes = [];
    for (let up = unit.parentElement; up && up !== body; up = up.parentElement)
      if (!up.matches(".hep-stage, .hep-hand, .slide-stage")) boxes.push(up);
    return boxes;
  }

  globalThis.hepaticaSlides = { paginate, legible };
})();
