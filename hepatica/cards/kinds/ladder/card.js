// A ladder of evidence: claims side by side, rung by rung; a rung opens to what was found, for and
// against.

import { element, freshId } from "../../parts/dom.js";
import { statusMark } from "../../parts/controls.js";
import { layBoard } from "../../parts/stage.js";

/**
 * Mount a ladder; its values are the open rung ("claim-rung"), the brochure's view and the
 * prediction.
 */
export function mount(card) {
  const { spec } = card;
  const grid = ladderGrid(spec, (place) =>
    card.change({ rung: card.values.rung === place ? "" : place }),
  );
  const brochure = brochureSwitch(spec, (only) => card.change({ only_for: only }));
  const open = element("section.hep-rung-open", { "aria-live": "polite" });
  const view = element("div.hep-view", { "data-view": "ladder" }, grid.node);
  return {
    views: [ladderLegend(spec), view, open, ladderNotes(spec)],
    controls: [brochure.node],
    form: "form.hep-ladder-controls",
    free: true, // the lower rungs may be read before the prediction
    lay: layBoard,
    draw: (values, veiled) => {
      grid.show(values, veiled ? spec.predict.hides : Infinity);
      brochure.show(values.only_for, veiled);
      open.replaceChildren(...openRung(spec, values));
      return { only_for: values.only_for ? 1 : 0, all: spec.told.all, sold: spec.told.for };
    },
  };
}

const SIGN_SHAPES = {
  for: '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>',
  open: '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor"/>',
  against:
    '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M1 15 15 1" stroke="currentColor" stroke-width="2"/>',
  aside: '<path d="M3 8h10" stroke="currentColor" stroke-width="2"/>',
};

/** The sign of a finding as a small picture; words stand beside it or in the label of its rung. */
function signMark(sign) {
  return element("span.hep-sign", {
    "data-sign": sign,
    "aria-hidden": "true",
    html: `<svg viewBox="0 0 16 16">${SIGN_SHAPES[sign]}</svg>`,
  });
}

function ladderLegend(spec) {
  const shown = spec.signs.filter(([sign]) => sign !== "aside");
  return element(
    "ul.hep-legend",
    {},
    ...shown.map(([sign, words]) => element("li", {}, signMark(sign), words)),
  );
}

/** The findings of one rung that stand on it. */
function standing(spec, claim, rung, onlyFor) {
  return spec.findings.filter(
    (item) =>
      item.claim === claim &&
      item.rung === rung &&
      item.sign !== "aside" &&
      (!onlyFor || item.sign === "for"),
  );
}

/** The highest rung of a ladder with a finding that speaks for it. */
export function climbed(spec, claim) {
  return Math.max(
    -1,
    ...spec.findings
      .filter((item) => item.claim === claim && item.sign === "for")
      .map((item) => item.rung),
  );
}

function ladderGrid(spec, onPick) {
  const cells = [];
  const rows = spec.rungs.map((label, rung) => {
    const rungs = spec.claims.map((claim, number) => {
      const button = element("button.hep-rung", {
        type: "button",
        "data-place": `${number}-${rung}`,
        onclick: () => onPick(`${number}-${rung}`),
      });
      cells.push({ button, claim: number, rung, name: `${claim.label}, ${label}` });
      return button;
    });
    return element(
      "div.hep-ladder-row",
      { role: "group", "aria-label": label },
      element("span.hep-ladder-label", {}, label),
      ...rungs,
    );
  });
  const heads = spec.claims.map((claim) =>
    element(
      "span.hep-ladder-name",
      {},
      element("span.hep-long", {}, claim.label),
      element("span.hep-short", {}, claim.short),
    ),
  );
  const foot = element(
    "div.hep-ladder-row.hep-ladder-foot",
    { "aria-hidden": "true" },
    element("span.hep-ladder-label"),
    ...heads,
  );
  const node = element(
    "div.hep-ladder",
    { style: `--hep-ladders: ${spec.claims.length}` },
    ...rows.toReversed(),
    foot,
  );
  return {
    node,
    show: (values, veiledFrom) =>
      cells.forEach((cell) => showCell(spec, cell, values, cell.rung >= veiledFrom)),
  };
}

function showCell(spec, { button, claim, rung, name }, values, veiled) {
  const found = standing(spec, claim, rung, values.only_for);
  const place = `${claim}-${rung}`;
  button.disabled = veiled;
  button.dataset.empty = String(!veiled && !found.length);
  button.dataset.climbed = String(!veiled && rung <= climbed(spec, claim));
  button.setAttribute("aria-pressed", String(values.rung === place));
  button.setAttribute(
    "aria-label",
    `${name}: ${veiled ? "hidden until you predict" : countedSigns(spec, found)}`,
  );
  button.replaceChildren(
    ...(veiled
      ? ["?"]
      : found.length
        ? found.map((item) => signMark(item.sign))
        : [element("small", {}, "nothing")]),
  );
}

function countedSigns(spec, found) {
  const parts = spec.signs.map(([sign, words]) => [
    found.filter((item) => item.sign === sign).length,
    words,
  ]);
  return (
    parts
      .filter(([count]) => count)
      .map(([count, words]) => `${count} ${words}`)
      .join(", ") || "nothing found"
  );
}

function brochureSwitch(spec, onChange) {
  const id = freshId("brochure");
  const input = element("input", {
    id,
    type: "checkbox",
    "data-name": "only_for",
    onchange: () => onChange(input.checked),
  });
  const node = element(
    "div.hep-control.hep-brochure",
    {},
    input,
    element("label", { for: id }, spec.brochure),
  );
  return {
    node,
    show: (only, veiled) => {
      input.checked = Boolean(only);
      input.disabled = Boolean(veiled);
    },
  };
}

function openRung(spec, { rung: place, only_for: onlyFor }) {
  if (!place)
    return [element("p.hep-rung-hint", {}, "Choose a rung to read what was found on it.")];
  const [claim, rung] = place.split("-").map(Number);
  const found = spec.findings.filter(
    (item) => item.claim === claim && item.rung === rung && (!onlyFor || item.sign === "for"),
  );
  const head = element(
    "div.hep-rung-head",
    { role: "heading", "aria-level": "4" },
    `${spec.claims[claim].label} · ${spec.rungs[rung]}`,
  );
  if (!found.length)
    return [
      head,
      element(
        "p.hep-rung-hint",
        {},
        onlyFor
          ? "Nothing in favour."
          : "Nothing found. That is not a finding against it: nobody has looked, or we have not read it.",
      ),
    ];
  return [
    head,
    element("ul.hep-rung-findings", {}, ...found.map((item) => findingItem(spec, item, onlyFor))),
  ];
}

function findingItem(spec, item, onlyFor) {
  const link = item.link
    ? element("a.hep-source", { href: item.link, target: "_blank", rel: "noopener" }, item.source)
    : item.source;
  return element(
    "li.hep-finding",
    {},
    signMark(item.sign),
    element(
      "div",
      {},
      element(
        "p",
        {},
        element("strong", { "data-sign": item.sign }, capital(wordsOf(spec, item.sign))),
        " · ",
        element("strong", { html: item.what }),
      ),
      element("p", { html: item.text }),
      item.number
        ? element(
            "p.hep-finding-number",
            {},
            "As printed: ",
            element("span", { html: item.number }),
          )
        : null,
      item.but && !onlyFor
        ? element(
            "p.hep-finding-but",
            {},
            element("em", {}, ["for", "open"].includes(item.sign) ? "But: " : "Note: "),
            element("span", { html: item.but }),
          )
        : null,
      element("div.hep-provenance", {}, statusMark(item.status), link),
    ),
  );
}

function wordsOf(spec, sign) {
  return spec.signs.find(([name]) => name === sign)[1];
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function ladderNotes(spec) {
  if (!spec.notes.length) return null;
  const items = spec.notes.map((note) =>
    element(
      "li",
      {},
      element("span", { html: note.html }),
      " ",
      element("a.hep-source", { href: note.link, target: "_blank", rel: "noopener" }, note.source),
    ),
  );
  return element(
    "details",
    {},
    element("summary", {}, "What holds for all of them"),
    element("ul.hep-ladder-notes", {}, ...items),
  );
}
