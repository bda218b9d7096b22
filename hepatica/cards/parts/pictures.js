// The pictures of a card: all of them beside the controls; on a narrow page one at a time, with a
// strip of tabs.

import { element } from "./dom.js";

const NAMES = {
  chart: "Chart",
  tissue: "Tissue",
  drawing: "Drawing",
  map: "Lobules",
  icons: "People",
  lives: "Lives",
  bars: "Bars",
  doses: "Doses",
  trial: "Trials",
  livers: "Livers",
  shares: "Shares",
};

const FRAMES = 15; // after which a picture has followed the hand and stands still
const ASKED = 3; // times that a control is asked what it moves

/**
 * The place of the pictures.
 * @param {HTMLElement[]} views
 * @returns {{node: HTMLElement, list: HTMLElement[], keys: HTMLElement[],
 * tabs: HTMLElement | null, pick: function}}
 * the pictures in order; small charts that belong together are one; `keys` are what is no picture
 */
export function picturesOf(views) {
  const flat = views.flatMap(panelsOf);
  const list = grouped(flat.filter((view) => view.matches(".hep-view")));
  const keys = flat.filter((view) => !view.matches(".hep-view"));
  const abreast = views.some(isPanels);
  const names = namesOf(list);
  const buttons = list.map((picture, i) =>
    element("button", { type: "button", onclick: () => pick(i) }, names[i]),
  );
  const tabs =
    list.length > 1
      ? element("div.hep-tabs", { role: "group", "aria-label": "Pictures" }, ...buttons)
      : null;
  const node = element(
    "div.hep-views",
    { "data-count": list.length, "data-abreast": abreast },
    tabs,
    ...list,
  );
  const pick = (at) => {
    list.forEach((picture, i) => picture.toggleAttribute("data-shown", i === at));
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === at)));
  };
  pick(0);
  return { node, list, keys, tabs, pick, abreast };
}

/**
 * What to call when a control moves: where the picture that is shown stays as it was, the first
 * that has moved is shown instead. Each control is asked a few times per picture: what was still
 * being drawn when the hand came moves too, once.
 */
export function followHand({ list, pick }) {
  const asked = new Map();
  let waits = false;
  const looks = () => list.map((picture) => picture.innerHTML);
  return (control) => {
    const shown = list.findIndex((picture) => "shown" in picture.dataset);
    const name = `${shown} ${control.dataset.name}`;
    const times = asked.get(name) ?? 0;
    if (list.length < 2 || list[shown].querySelector("canvas") || waits || times === ASKED) return;
    asked.set(name, times + 1);
    waits = true;
    const before = looks();
    const choose = () => {
      waits = false;
      const moved = looks().map((look, i) => look !== before[i]);
      if (!moved[shown] && moved.includes(true)) pick(moved.indexOf(true));
    };
    let frames = FRAMES;
    const wait = () => (frames-- > 0 ? requestAnimationFrame(wait) : choose());
    requestAnimationFrame(wait);
  };
}

/** Panels that a kind has put side by side are pictures of their own. */
function panelsOf(view) {
  return isPanels(view) ? [...view.children] : [view];
}

const isPanels = (view) => view.matches(".hep-trial-panels");

/** Neighbouring small charts become one picture. */
function grouped(views) {
  const list = [];
  for (const view of views) {
    if (!view.matches(".hep-small")) list.push(view);
    else if (list.at(-1)?.matches(".hep-smalls")) list.at(-1).append(view);
    else list.push(element("div.hep-smalls", { "data-view": "chart" }, view));
  }
  return list;
}

/** A word for each picture; the same words are numbered. */
function namesOf(list) {
  const own = (picture) => picture.querySelector(".hep-view-title")?.textContent ?? "";
  const words = list.map((picture) =>
    picture.dataset.view === "trial" && own(picture).length < 18
      ? own(picture)
      : (NAMES[picture.dataset.view] ?? "Picture"),
  );
  const many = (word) => words.filter((other) => other === word).length > 1;
  return words.map((word, i) =>
    many(word) ? `${word} ${words.slice(0, i + 1).filter((other) => other === word).length}` : word,
  );
}
