// A dated sheet: parts to open one by one, or all at once for printing.

import { statusMark } from "../../parts/controls.js";
import { element } from "../../parts/dom.js";

/** Mount the sheet; its one value is the open part, "" for all. */
export function mount(card) {
  const { spec } = card;
  const tabs = tabsOf(spec, (part) => card.change({ part }, true));
  const page = element("section.hep-sheet.hep-view", { "data-view": "sheet" });
  return {
    views: [page],
    controls: [],
    lay: ({ prediction, sentence, controls }) => [
      prediction,
      element("div.hep-board", {}, tabs.node, ...sentence, page, controls),
    ],
    draw: ({ part }, veiled) => {
      tabs.show(part, veiled);
      const open = spec.parts.filter(({ key }) => part === "" || key === part);
      const cover = element("p.hep-sheet-cover", {}, "?");
      page.replaceChildren(...(veiled ? [cover] : open.map((each) => partOf(spec, each))));
      return { told: part === "" ? spec.all_told : open[0].told };
    },
  };
}

function tabsOf(spec, onPick) {
  const all = { key: "", label: spec.all_of };
  const buttons = [...spec.parts, all].map(({ key, label }) =>
    element("button", { type: "button", "data-part": key, onclick: () => onPick(key) }, label),
  );
  return {
    node: element("div.hep-sheet-tabs", { role: "group", "aria-label": "Parts" }, ...buttons),
    show: (part, veiled) =>
      buttons.forEach((button) => {
        button.disabled = veiled;
        button.setAttribute("aria-pressed", String(button.dataset.part === part));
      }),
  };
}

function partOf(spec, { label, rows }) {
  const named = { role: "heading", "aria-level": "4" };
  const head = element("div.hep-sheet-name", named, label);
  return element("div.hep-sheet-part", {}, head, ...rows.map((row) => rowOf(spec, row)));
}

function rowOf(spec, row) {
  const marked = (name, words) => (words ? element(`p.hep-sheet-${name}`, { html: words }) : null);
  const facts = row.facts.map(([what, words]) =>
    element("div", {}, element("dt", { html: what }), element("dd", { html: words })),
  );
  return element(
    "article.hep-sheet-row",
    {},
    element("p.hep-sheet-label", { html: row.label }),
    element("p", { html: row.text }),
    row.pair ? pairOf(spec, row.pair) : null,
    marked("differs", row.differs),
    marked("mine", row.mine),
    facts.length ? element("dl.hep-sheet-facts", {}, ...facts) : null,
    whence(row),
  );
}

/** Two bars from nought to a hundred per cent; the words carry the numbers too. */
function pairOf(spec, pair) {
  const bars = pair.map((share, n) => {
    const bar = element("i.hep-sheet-bar", { "data-arm": String(n) });
    bar.style.setProperty("--share", `${share}%`);
    const words = element("span", {}, spec.pair_of[n]);
    return element("div", {}, words, element("span", {}, bar), element("b", {}, `${share} %`));
  });
  return element("div.hep-sheet-pair", {}, ...bars);
}

function whence({ status, source, link, read }) {
  const named = link ? element("a", { href: link }, source) : source;
  const day = read ? element("span", { html: ` · ${read}` }) : null;
  return element("p.hep-sheet-whence", {}, statusMark(status), " ", named, day);
}
