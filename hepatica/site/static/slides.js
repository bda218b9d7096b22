/*
 * The deck: one slide at a time, its pages one after the other, the presenter's window, full screen.
 */
(() => {
  "use strict";
  const { paginate, legible, createVotes } = globalThis.hepaticaSlides;
  const STEPS = { PageDown: 1, PageUp: -1 };
  const ARROWS = { ArrowRight: 1, ArrowLeft: -1 };
  const CONTROL =
    "input, select, textarea, button, summary, [role=slider], .hep-predict, .hep-views [tabindex]";
  const SETTLE = 120; /* ms without a change before the pages are counted anew */
  const CHANGES = ["hidden", "data-veiled", "data-answered", "data-state", "open"];
  const slides = [...document.querySelectorAll(".slide")];
  const place = document.querySelector(".deck-place");
  const deck = { at: 0, page: 0, pages: [], see: () => {}, presenter: null, waiting: 0 };
  const ready = () => document.documentElement.dataset.cards === "ready";
  const votes = createVotes(() => slides[deck.at], later);

  /** Count the pages of the slide at hand and show one; `page` may be Infinity: the last. */
  function count(page = deck.page) {
    clearTimeout(deck.waiting);
    const slide = slides[deck.at];
    watch.disconnect();
    Object.assign(deck, paginate(slide));
    show(Math.min(page, deck.pages.length - 1));
    sizes.disconnect();
    for (const svg of slide.querySelectorAll(".slide-body svg")) sizes.observe(svg);
    watch.observe(slide, { subtree: true, childList: true, attributeFilter: CHANGES });
  }

  function show(page) {
    deck.page = page;
    deck.see(deck.pages[page]);
    votes.follow(deck.pages[page].units);
    const of = deck.pages.length;
    const pages = of > 1 ? ` · ${page + 1}${page + 1 < of ? " …" : ""}` : "";
    place.textContent = `${deck.at + 1} / ${slides.length}${pages}`;
    document.documentElement.dataset.page = `${deck.at + 1}.${page + 1}`;
    settle();
    tell();
  }

  /** Pictures take the room of the page; what still does not fit is counted anew, twice at most. */
  function settle() {
    delete document.documentElement.dataset.rest;
    dispatchEvent(new Event("resize"));
    clearTimeout(deck.settling);
    deck.settling = setTimeout(() => {
      const tall = slides[deck.at].querySelector(":is(.hep-view, .hep-smalls)[data-scrolls]");
      const seen = tall?.checkVisibility({ visibilityProperty: true });
      deck.tries += 1;
      if (deck.tries === 1 || (seen && deck.tries === 2)) count();
      else document.documentElement.dataset.rest = "true";
    }, SETTLE);
  }

  const isDrawn = ({ target }) => target.closest("svg, .hep-plot, .hep-live, .hep-hidden, .vote");
  const watch = new MutationObserver((changes) => {
    if (changes.every(isDrawn)) return;
    later();
  });

  const sizes = new ResizeObserver(() => legible(slides[deck.at]));

  function later() {
    delete document.documentElement.dataset.rest;
    clearTimeout(deck.waiting);
    deck.waiting = setTimeout(count, SETTLE);
  }

  function enter(at, page = 0) {
    slides[deck.at].querySelector("details.slide-more[open]")?.removeAttribute("open");
    slides[deck.at].removeAttribute("data-shown");
    deck.at = at;
    slides[at].setAttribute("data-shown", "");
    votes.close();
    deck.tries = 0;
    count(page);
  }

  function turn(step) {
    const page = deck.page + step;
    if (votes.close()) return count();
    if (page >= 0 && page < deck.pages.length) {
      deck.tries = 0;
      return show(page);
    }
    const at = deck.at + step;
    if (at >= 0 && at < slides.length) enter(at, step < 0 ? Infinity : 0);
  }

  // ---- keys ----

  addEventListener(
    "keydown",
    (event) => {
      if (!event.isTrusted || event.altKey || event.ctrlKey || event.metaKey) return;
      const busy = event.target.closest(CONTROL);
      const step = STEPS[event.key] ?? (busy ? undefined : ARROWS[event.key]);
      if (step) turn(step);
      else if (busy?.matches("input:not([type=radio], [type=range]), select, textarea")) return;
      else if (!press(event.key, busy)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );

  /** The letters of the deck, and its ends. */
  function press(key, busy) {
    const does = { f: fill, p: present, v: () => votes.toggle() };
    if (!busy) Object.assign(does, { Home: () => enter(0), End: () => enter(slides.length - 1) });
    const deed = does[key.length === 1 ? key.toLowerCase() : key];
    deed?.();
    return Boolean(deed);
  }

  function fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  // ---- the presenter's window: a page of its own that hears where the deck is ----

  function present() {
    const address = location.pathname.replace(/(\d\d)\.html$/, "$1-presenter.html");
    deck.presenter = open(address, "hepatica-presenter", "popup,width=1100,height=800");
  }

  function tell() {
    const { at, page, pages, presenter } = deck;
    const state = { at, page, pages: pages.length, slides: slides.length };
    presenter?.postMessage({ hepatica: "place", ...state }, "*");
  }

  addEventListener("message", ({ data, source }) => {
    if (!source || source !== deck.presenter) return;
    if (data?.hepatica === "turn") turn(Math.sign(data.step));
    if (data?.hepatica === "hello") tell();
  });

  // ---- start ----

  /** What an address says; as it stands where a sign of it was cut in two. */
  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** The slide of what the address names: a heading, a card, or the number of a slide. */
  function named() {
    const id = decoded(location.hash.slice(1).split("?")[0]);
    const found = id ? document.getElementById(id)?.closest(".slide") : null;
    return Math.max(0, slides.indexOf(found));
  }

  for (const button of document.querySelectorAll(".deck [data-turn]"))
    button.addEventListener("click", () => turn(Number(button.dataset.turn)));
  document.querySelector("[data-deck=present]").addEventListener("click", present);
  document.querySelector("[data-deck=fill]").addEventListener("click", fill);
  addEventListener("resize", ({ isTrusted }) => isTrusted && later());
  addEventListener("hashchange", () => enter(named()));
  const start = new MutationObserver(() => ready() && (start.disconnect(), enter(named())));
  start.observe(document.documentElement, { attributeFilter: ["data-cards"] });
  if (ready() || !document.querySelector("figure.hepatica-card")) enter(named());
  else count();
})();
