// A decision: the items of a quiz one after the other; the next scene opens when the present one is
// decided well.

import { element } from "../../parts/dom.js";
import { mount as mountQuiz } from "../quiz/card.js";
import { isRight } from "../quiz/items.js";

/**
 * Mount a decision: a quiz whose later items stay closed, with a growing list of what has been
 * done.
 */
export function mount(card) {
  const { spec } = card;
  const done = element("ol.hep-done");
  const end = element("p.hep-end", { html: spec.end });
  const title = element("strong", {}, "Done so far");
  const log = element(
    "div.hep-log",
    { "aria-live": "polite", style: "max-width: 44rem" },
    title,
    done,
    end,
  );
  const quiz = mountQuiz(card);
  const items = [...quiz.views[0].querySelectorAll(".hep-item")];
  items.forEach((item, index) =>
    item.prepend(element("p.hep-scene", { html: spec.items[index].scene })),
  );
  const open = (answers) => {
    const now = stepOf(spec, answers);
    items.forEach((item, index) => {
      item.hidden = index > now;
    });
    const told = spec.items.slice(0, now).map((item) => element("li", { html: item.done }));
    done.replaceChildren(...told);
    end.hidden = !spec.end || now < spec.items.length;
    log.hidden = now === 0;
  };
  return {
    ...quiz,
    views: [...quiz.views, log],
    draw: (values) => {
      open(values.answers);
      return quiz.draw(values);
    },
  };
}

/** The number of the first step that is not decided well yet; the number of steps when all are. */
export function stepOf(spec, answers) {
  const first = spec.items.findIndex((item, index) => isRight(item, answers[index]) !== true);
  return first < 0 ? spec.items.length : first;
}
