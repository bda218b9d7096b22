// A decision: the items of a quiz one after the other; the next scene opens when the present one is decided well.

import { element } from "../../parts/dom.js";
import { isRight, mount as mountQuiz } from "../quiz/card.js";

/** Mount a decision: a quiz whose later items stay closed, with a growing list of what has been done. */
export function mount(root, spec, host) {
  const done = element("ol.hep-done"), end = element("p.hep-end", { html: spec.end });
  const log = element("div.hep-log", { "aria-live": "polite", style: "max-width: 44rem" }, element("strong", {}, "Done so far"), done, end);
  const open = (answers) => {
    const now = stepOf(spec, answers);
    root.querySelectorAll(".hep-item").forEach((item, index) => { item.hidden = index > now; });
    done.replaceChildren(...spec.items.slice(0, now).map((item) => element("li", { html: item.done })));
    end.hidden = !spec.end || now < spec.items.length;
    log.hidden = now === 0;
  };
  const told = (values) => open(values.answers ?? {});
  mountQuiz(root, spec, {
    ...host,
    set: (values, settled) => { host.set(values, settled); told(values); },
    onChange: (act) => host.onChange((values) => { act(values); told(values); }),
  });
  root.querySelector(".hep-questions").after(log);
  root.querySelectorAll(".hep-item").forEach((item, index) => item.prepend(element("p.hep-scene", { html: spec.items[index].scene })));
  told(host.get());
}

/** The number of the first step that is not decided well yet; the number of steps when all are. */
export function stepOf(spec, answers) {
  const first = spec.items.findIndex((item, index) => isRight(item, answers[index]) !== true);
  return first < 0 ? spec.items.length : first;
}
