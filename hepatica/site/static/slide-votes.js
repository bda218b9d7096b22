/*
 * The vote of a class on the question at hand: hands are counted per answer, shown as bars, counted
 * again beside the first after a discussion; then the answer with most hands is the card's own
 * commit. Nothing is kept, nothing is sent.
 */
(() => {
  "use strict";
  const BANDS = 5;
  const ROUNDS = ["Hands", "Again"];

  function made(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  // ---- what can be voted on: {answers: [HTML], commit(index, counts)} ----

  /** Options with radios; in a quiz the choice is the commit, else the button after it. */
  function choices(node) {
    const labels = [...node.querySelectorAll("label.hep-option")];
    const answers = labels.map((label) => label.querySelector("span").innerHTML);
    const commit = (index) => {
      labels[index].querySelector("input").click();
      node.querySelector("button.hep-primary")?.click();
    };
    return { answers, commit };
  }

  const band = (n) => [Math.round((100 * n) / BANDS), Math.round((100 * (n + 1)) / BANDS)];

  /** Of a hundred, in five bands; the middle of the fullest is the commit. */
  function shares(node) {
    const answers = Array.from({ length: BANDS }, (_, n) => band(n).join(" to "));
    const commit = (index) => {
      const slider = node.querySelector("input[type=range]");
      slider.value = (band(index)[0] + band(index)[1]) / 2;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      node.querySelector("button.hep-primary").click();
    };
    return { answers, commit, asked: "How many of a hundred?" };
  }

  /** What comes first; the commit is the order by the number of hands. */
  function orders(node) {
    const rows = () => [...node.querySelectorAll(".hep-sort > li")];
    const items = rows();
    const answers = items.map((row) => row.querySelector("span").innerHTML);
    const commit = (_, counts) => {
      const wanted = items.toSorted((a, b) => counts[items.indexOf(b)] - counts[items.indexOf(a)]);
      wanted.forEach((row, to) => {
        while (rows().indexOf(row) > to) row.querySelector("button").click();
      });
      node.querySelector("button.hep-primary").click();
    };
    return { answers, commit, asked: "Which comes first?" };
  }

  /** Where a curve would end, in five bands of its axis; the commit leads there. */
  function ends(node) {
    const answers = ["at the bottom", "low", "in the middle", "high", "at the top"];
    const commit = (index) => {
      const dots = [...node.closest(".slide").querySelectorAll(".hep-pad circle[tabindex]")];
      const press = (key) =>
        dots.at(-1).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      for (let n = 0; n < 40; n += 1) press("ArrowDown");
      for (let n = 0; n < 4 + 8 * index; n += 1) press("ArrowUp");
      node.querySelector("button.hep-primary").click();
    };
    return { answers, commit, asked: "Where does the curve end?" };
  }

  const WAYS = { choose: choices, share: shares, order: orders, draw: ends };

  /** The question on the page at hand: a prediction or an item of a quiz, not yet answered. */
  function questionOn(page) {
    for (const unit of page) {
      const node = unit.closest(".hep-predict, .hep-item");
      if (node?.matches(".hep-predict")) return node;
      if (node?.querySelector("input[type=radio]")) return node;
    }
    return null;
  }

  const isOpen = (node) =>
    node.matches(".hep-predict")
      ? node.dataset.answered !== "true"
      : !node.querySelector(".hep-option:is([data-state=right], [data-state=wrong])");

  // ---- the panel ----

  function panelOf(question, onReveal) {
    const way = WAYS[question.dataset.way ?? "choose"](question);
    const counts = ROUNDS.map(() => way.answers.map(() => 0));
    const legend = question.querySelector("legend");
    const asked = made("p", { class: "vote-question" });
    asked.innerHTML = [legend?.innerHTML, way.asked].filter(Boolean).join(" ");
    for (const part of asked.querySelectorAll("[id], [for]")) part.replaceWith(...part.childNodes);
    const rows = way.answers.map((answer, n) => rowOf(answer, n, counts, () => paint()));
    const again = made("button", { type: "button" }, "Vote again");
    const reveal = made("button", { type: "button", class: "hep-primary" }, "Reveal");
    const bar = made("p", { class: "vote-actions" }, again, reveal);
    const list = made("ol", { class: "vote-answers" }, ...rows.map(({ node }) => node));
    const node = made("section", { class: "vote hepatica", "aria-label": "Vote" });
    node.append(asked, list, bar);
    const vote = { node, question, round: 1 };
    const last = () => counts[counts[1].some((many) => many > 0) ? 1 : 0];
    const paint = () => {
      node.dataset.round = vote.round;
      again.hidden = vote.round === 2 || !isOpen(question);
      reveal.hidden = !isOpen(question);
      again.disabled = reveal.disabled = !last().some((many) => many > 0);
      const most = Math.max(1, ...counts.flat());
      rows.forEach((row) => row.paint(most));
    };
    again.addEventListener("click", () => {
      vote.round = 2;
      paint();
      rows[0].focus(2);
    });
    reveal.addEventListener("click", () => {
      const many = last();
      onReveal(); // first: a card that is not seen has no room to draw in
      way.commit(many.indexOf(Math.max(...many)), many);
    });
    paint();
    return { ...vote, paint, focus: () => rows[0].focus(1) };
  }

  const LETTERS = "ABCDEFGHIJKLMNOP";

  /** One answer: its letter, its words, and for each round a number and a bar. */
  function rowOf(answer, n, counts, onChange) {
    const words = made("span", { class: "vote-words" });
    words.innerHTML = answer;
    const rounds = ROUNDS.map((name, round) => {
      const input = made("input", { type: "number", min: 0, max: 999, inputmode: "numeric" });
      input.setAttribute("aria-label", `${name}, ${LETTERS[n]}`);
      const bar = made("i", { class: "vote-bar" });
      const box = made("span", { class: "vote-round", "data-round": round + 1 }, input, bar);
      input.addEventListener("input", () => {
        counts[round][n] = Math.max(0, Math.floor(Number(input.value)) || 0);
        onChange();
      });
      return { box, input, bar };
    });
    const letter = made("b", {}, LETTERS[n]);
    const boxes = made("span", { class: "vote-rounds" }, ...rounds.map(({ box }) => box));
    return {
      node: made("li", {}, letter, words, boxes),
      focus: (round) => rounds[round - 1].input.focus(),
      paint: (most) =>
        rounds.forEach(({ bar }, round) => {
          bar.style.setProperty("--share", counts[round][n] / most);
        }),
    };
  }

  /** The votes of a deck; `slideNow()` is the slide at hand, `onReveal()` is called at a reveal. */
  function createVotes(slideNow, onReveal) {
    const panels = new Map();
    const button = document.querySelector("[data-deck=vote]");
    let open = null;
    let question = null;
    const close = () => {
      const was = open;
      open?.node.remove();
      open = null;
      slideNow().removeAttribute("data-voting");
      button.setAttribute("aria-pressed", "false");
      return Boolean(was);
    };
    const toggle = () => {
      if (close() || !question) return;
      if (!panels.has(question))
        panels.set(
          question,
          panelOf(question, () => {
            close();
            onReveal();
          }),
        );
      open = panels.get(question);
      slideNow().setAttribute("data-voting", "");
      slideNow().querySelector(".slide-body").append(open.node);
      button.setAttribute("aria-pressed", "true");
      open.paint();
      open.focus();
    };
    const follow = (page) => {
      if (!open) question = questionOn(page);
      const voted = panels.has(question);
      button.hidden = !question || (!isOpen(question) && !voted);
    };
    button.addEventListener("click", toggle);
    return { follow, toggle, close };
  }

  globalThis.hepaticaSlides.createVotes = createVotes;
})();
