// Items put in order, with buttons that move each up or down; works with a finger and with keys.

import { isSkipped } from "../engine/guess.js";
import { element } from "./dom.js";

/** Make the way to commit to an order; see predict.js. */
export function createOrder({ spec }, ready) {
  const { predict } = spec;
  let order = predict.items.map((_, place) => place);
  let locked = false;
  const list = element("ol.hep-sort");
  const told = element("p.hep-hidden", { "aria-live": "polite" });
  const rows = predict.items.map((item, place) => rowOf(item, (by) => move(place, by)));
  const lay = () => {
    list.replaceChildren(...order.map((place) => rows[place].node));
    order.forEach((place, n) =>
      rows[place].ends(n === 0 || locked, n === order.length - 1 || locked),
    );
  };
  const move = (place, by) => {
    const from = order.indexOf(place);
    const rest = order.filter((each) => each !== place);
    order = [...rest.slice(0, from + by), place, ...rest.slice(from + by)];
    lay();
    rows[place].focus(by);
    told.textContent = `${rows[place].words()}: place ${order.indexOf(place) + 1}`;
    ready();
  };
  const show = (given, answered) => {
    locked = answered;
    if (answered && !isSkipped(given)) order = [...given];
    if (!answered) order = predict.items.map((_, place) => place);
    lay();
    order.forEach((place, n) => {
      const { rank } = predict.items[place];
      rows[place].node.dataset.state = answered ? (rank === n ? "right" : "wrong") : "";
      rows[place].tell(answered && rank !== n ? `belongs in place ${rank + 1}` : "");
    });
  };
  const legend = element("legend", { html: predict.question });
  const [first, last] = predict.ends;
  const ends = (words) => element("p.hep-sort-end", {}, words);
  ready(); // the order shown may be what the reader thinks
  lay();
  return {
    node: element("fieldset", {}, legend, ends(first), list, ends(last), told),
    given: () => order,
    show,
  };
}

function rowOf(item, move) {
  const words = element("span", { html: item.text });
  const note = element("small");
  const button = (sign, by, what) =>
    element(
      "button.hep-quiet",
      { type: "button", "aria-label": `${words.textContent}: ${what}`, onclick: () => move(by) },
      sign,
    );
  const up = button("↑", -1, "up");
  const down = button("↓", 1, "down");
  return {
    node: element("li", {}, words, note, up, down),
    words: () => words.textContent,
    tell: (text) => {
      note.textContent = text;
    },
    ends: (isFirst, isLast) => {
      up.disabled = isFirst;
      down.disabled = isLast;
    },
    focus: (by) => {
      const wanted = by < 0 ? up : down;
      (wanted.disabled ? (by < 0 ? down : up) : wanted).focus();
    },
  };
}
