/* Slides: the arrow keys turn them, except inside a card, whose sliders use the same keys. */
(() => {
  "use strict";
  const slides = [...document.querySelectorAll(".slide")];
  const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** Index of the slide that fills most of the window. */
  function current() {
    const middle = innerHeight / 3;
    const past = slides.filter((slide) => slide.getBoundingClientRect().top <= middle).length;
    return Math.max(0, past - 1);
  }

  function turn(step) {
    const next = slides[Math.min(slides.length - 1, Math.max(0, current() + step))];
    next.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
  }

  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest(
      "input, select, textarea, button, summary, [role=slider], .hepatica-card [tabindex]",
    );
    if (busy || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Home" || event.key === "End")
      slides.at(event.key === "Home" ? 0 : -1).scrollIntoView();
    else if (event.key in steps) turn(steps[event.key]);
    else return;
    event.preventDefault();
  });
})();
