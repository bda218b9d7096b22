// Where the parts of a card stand: what a hand moves, what it moves and what that means are on the
// screen at once. Beside each other where there is room, else the pictures stay at the top, one at
// a time, with the sentence under them. The styles decide which (stage.css); sizes that depend on
// the height of the window are measured here.

import { element, onceLaidOut, oncePerFrame } from "./dom.js";
import { fitPictures } from "./fit.js";
import { followHand, picturesOf } from "./pictures.js";

const EDGE = 16; // px between the window's edge and what stays in sight
const NARROW = 0.42; // share of the window that a picture may take where it stays at the top
const COVERED = 0.68; // the same for picture and sentence together

/** The usual order: prediction, then the pictures beside the sentence and the controls. */
export function layStage({ prediction, runs, views, sentence: [live, ...more], controls }) {
  const pictures = picturesOf(views.filter(Boolean));
  const alone = !runs && !controls.childElementCount;
  const form = alone ? null : controls;
  const hand = element("div.hep-hand", {}, live, runs, form, ...more, ...pictures.keys);
  const stage = element("div.hep-stage", { "data-alone": alone }, pictures.node, hand);
  const place = { stage, hand, live, pictures };
  keepFitting(place);
  listen(place);
  return [prediction, stage];
}

/**
 * For boards too tall to fit: the sentence stays at the top while the reader is at work below. What
 * ends the controls elsewhere (reset, keep, copy) ends the board.
 */
export function layBoard({
  prediction,
  runs,
  views,
  sentence: [live, ...more],
  controls,
  actions,
}) {
  const order = [controls, runs, live, ...more, ...views, actions];
  return [prediction, element("div.hep-board", {}, ...order)];
}

/** Whatever the hand takes, its pictures come into sight. */
function listen(place) {
  const { hand, pictures } = place;
  const follow = followHand(pictures);
  hand.addEventListener("focusin", ({ target }) => {
    if (target.matches(":focus-visible")) bringIn(place);
  });
  hand.addEventListener("pointerdown", ({ target }) => {
    if (target.type === "range") bringIn(place);
  });
  const follows = () => onceLaidOut(hand, () => bringIn(place));
  for (const moved of ["input", "click"]) hand.addEventListener(moved, follows);
  const beforeItMoves = ({ target }) => place.wide || follow(target);
  hand.addEventListener("input", beforeItMoves, { capture: true });
}

/** The longest that a card may say, with four digits for each number: so much room is kept. */
export function longestSentence(groups) {
  const words = ({ parts }) =>
    parts.map((part) => (typeof part === "string" ? part : part.text ? "a few words" : "00.0"));
  const texts = groups.map((rules) => rules.map((rule) => words(rule).join("")));
  return texts.map((group) => longestOf(group)).join(" ");
}

const longestOf = (texts) =>
  texts.reduce((long, text) => (text.length > long.length ? text : long), "");

/** What scrolls the card: an element of JupyterLab, or the page. */
function scrollerOf(node) {
  for (let up = node.parentElement; up; up = up.parentElement)
    if (up !== document.body && /auto|scroll/.test(getComputedStyle(up).overflowY)) return up;
  return document.scrollingElement;
}

/** The upper and lower edge of what the reader sees of the scroller, in px of the window. */
function sightOf(scroller) {
  if (scroller === document.scrollingElement) return { top: 0, bottom: innerHeight };
  const { top } = scroller.getBoundingClientRect();
  return { top, bottom: top + scroller.clientHeight };
}

// ---- sizes ----

function keepFitting(place) {
  const { stage, live, pictures } = place;
  const again = oncePerFrame(() => stage.isConnected && fit(place));
  const observer = new ResizeObserver(again);
  [stage, live, ...pictures.list].forEach((node) => observer.observe(node));
  const resized = () => {
    if (stage.isConnected || !place.scroller) again();
    else removeEventListener("resize", resized);
  };
  addEventListener("resize", resized);
}

function fit(place) {
  const { stage, hand, live, pictures } = place;
  place.scroller = scrollerOf(stage); // known only when JupyterLab has the styles of the card
  showAsked(pictures.list, pictures.pick);
  const sight = sightOf(place.scroller);
  const height = sight.bottom - sight.top;
  place.wide = getComputedStyle(stage).display === "grid";
  reserve(place);
  const most = place.wide
    ? height - 2 * EDGE
    : Math.min(NARROW * height, COVERED * height - live.offsetHeight);
  fitPictures(pictures, most, place.wide);
  const shown = pictures.node.offsetHeight;
  stage.dataset.tall = String(place.wide && hand.offsetHeight > height - 2 * EDGE);
  const covered = place.wide ? 0 : shown;
  stage.style.setProperty("--hep-shown", `${covered}px`);
  stage.style.setProperty("--hep-covered", `${Math.ceil(covered + live.offsetHeight)}px`);
}

/** A curve is drawn on a chart: this chart is shown while the question is open. */
function showAsked(list, pick) {
  const at = list.findIndex((picture) => picture.querySelector(".hep-pad"));
  if (at >= 0 && list[at].closest("[data-veiled='true']")) pick(at);
}

/** Keep the height of the longest sentence, and of whatever was longer still, at this width. */
function reserve(place) {
  const { live } = place;
  if (!live.textContent || live.hidden) return;
  if (place.width !== live.clientWidth) {
    place.width = live.clientWidth;
    live.style.minHeight = "";
    place.lines = longestHeight(live);
  }
  place.lines = Math.max(place.lines, live.offsetHeight);
  live.style.minHeight = `${place.lines}px`;
}

function longestHeight(live) {
  const twin = element(
    "p.hep-live.hep-twin",
    { "aria-hidden": "true" },
    live.dataset.longest ?? "",
  );
  twin.style.width = `${live.offsetWidth}px`;
  live.after(twin);
  const { offsetHeight } = twin;
  twin.remove();
  return offsetHeight;
}

// ---- bringing into sight ----

/** Beside each other: scroll by as little as brings all pictures, and a short hand, into sight. */
function bringIn({ scroller, wide, pictures, hand, stage }) {
  if (!scroller || !wide || stage.querySelector("[inert]")) return;
  const seen = stage.dataset.tall === "true" ? [pictures.node] : [pictures.node, hand];
  const boxes = seen.map((node) => node.getBoundingClientRect());
  const sight = sightOf(scroller);
  const above = sight.top + EDGE / 2 - Math.min(...boxes.map(({ top }) => top));
  const below = Math.max(...boxes.map(({ bottom }) => bottom)) + EDGE / 2 - sight.bottom;
  const by = above > 0 ? -above : Math.min(Math.max(below, 0), -above);
  if (Math.abs(by) >= 1) scroller.scrollBy({ top: by, behavior: "instant" });
}
