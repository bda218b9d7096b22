/* The presenter's window: what stands behind the slide at hand, what comes next, and the time. */
(() => {
  "use strict";
  const notes = [...document.querySelectorAll(".presenter-notes")];
  const next = document.querySelector(".presenter-next");
  const place = document.querySelector(".presenter-place");
  const time = document.querySelector(".presenter-time");
  const STEPS = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 };
  let began = Date.now();

  const say = (message) => opener?.postMessage(message, "*");
  const turn = (step) => say({ hepatica: "turn", step });

  function show({ at, page, pages, slides }) {
    notes.forEach((note, n) => {
      note.hidden = n !== at;
    });
    next.textContent = notes[at + 1]?.querySelector("h3").textContent ?? next.dataset.last;
    place.textContent = `${at + 1} / ${slides}${pages > 1 ? ` · ${page + 1} of ${pages}` : ""}`;
  }

  function tick() {
    const seconds = Math.floor((Date.now() - began) / 1000);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  addEventListener("message", ({ data, source }) => {
    if (source === opener && data?.hepatica === "place") show(data);
  });
  addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    turn(STEPS[event.key]);
  });
  for (const button of document.querySelectorAll("[data-turn]"))
    button.addEventListener("click", () => turn(Number(button.dataset.turn)));
  document.querySelector("[data-timer]").addEventListener("click", () => {
    began = Date.now();
    tick();
  });
  setInterval(tick, 1000);
  say({ hepatica: "hello" });
})();
