// A welcome for a reader who comes back: where to go on, and what is due. For those who have begun
// nothing the card is not there.

import { element } from "../../parts/dom.js";
import { continueLine, lastPlace, reviewLine } from "../../parts/places.js";
import { RECORD_EVENT } from "../../parts/record.js";
import { notebookAddress } from "../claims/card.js";

/** Mount the welcome. */
export function mount(card) {
  const lines = element("div.hep-welcome");
  return {
    views: [lines],
    lay: () => [lines],
    async connect() {
      const follow = () => {
        if (!card.root.isConnected) return removeEventListener(RECORD_EVENT, follow);
        card.paint();
      };
      await card.record.ready;
      addEventListener(RECORD_EVENT, follow);
      card.paint();
    },
    draw() {
      const found = linesOf(card);
      lines.replaceChildren(...found);
      card.root.hidden = !found.length;
      return { lines: found.length };
    },
  };
}

function linesOf({ spec, host, record }) {
  const notebooks = spec.notebooks.map(({ number, file, minutes }) => ({
    number,
    minutes,
    href: notebookAddress(file, location.pathname, host.shareable),
  }));
  const { [spec.own]: own, ...others } = record.all("places");
  const place = lastPlace(others) ?? lastPlace(own ? { [spec.own]: own } : {});
  const review = { href: "#review", onclick: showReview };
  return [
    continueLine(place, notebooks, { target: host.shareable ? null : "_blank" }),
    reviewLine(record.all("answers"), review),
  ].filter(Boolean);
}

/** The review stands further down in the same notebook. */
function showReview(event) {
  const review = document.querySelector("article[data-kind='review']");
  if (!review) return;
  event.preventDefault();
  review.scrollIntoView();
  review.tabIndex = -1; // the focus goes with the eye: Tab leads on from there
  review.focus({ preventScroll: true });
}
