// Who reports what: a field of squares per outcome, one square per study, always at the same place.

import { element, freshId } from "../../parts/dom.js";
import { minusSigns } from "../../engine/rules.js";
import { layBoard } from "../../parts/stage.js";

/** Mount the fields; the values are the chips and the picked study. */
export function mount(card) {
  const { spec } = card;
  card.fields = spec.outcomes.map((outcome, index) => reportField(card, outcome, index));
  card.about = element("div.hep-report-about", { "aria-live": "polite" });
  card.chips = spec.filters.flatMap((chips) =>
    chips.options.map((label) => reportChip(card, chips, label)),
  );
  const board = element("div.hep-report-fields", {}, ...card.fields.map((field) => field.node));
  return {
    views: [reportLegend(spec), element("div.hep-report-board", {}, board, card.about)],
    controls: spec.filters.map((chips) => chipsOf(card, chips)),
    form: "form.hep-forest-controls",
    lay: layBoard,
    draw: (values, veiled) => drawReporting(card, values, veiled),
  };
}

function chipsOf(card, chips) {
  const buttons = card.chips.filter((chip) => chip.name === chips.name).map((chip) => chip.button);
  return element("fieldset.hep-forest-chips", {}, element("legend", {}, chips.label), ...buttons);
}

function reportLegend(spec) {
  const key = (name) => element("i.hep-report-key", { "data-state": name, "aria-hidden": "true" });
  return element(
    "ul.hep-legend",
    {},
    ...spec.states.map(({ name, label }) => element("li", {}, key(name), label)),
  );
}

function reportChip(card, chips, label) {
  const button = element(
    "button.hep-forest-chip",
    {
      type: "button",
      onclick: () => {
        const on = card.values[chips.name];
        card.change({
          [chips.name]: on.includes(label) ? on.filter((each) => each !== label) : [...on, label],
        });
      },
    },
    label,
  );
  return { name: chips.name, label, button };
}

/**
 * One outcome: its name, how many studies can be compared, and the squares; arrow keys walk through
 * them.
 */
function reportField(card, outcome, index) {
  const count = element("output.hep-value"),
    id = freshId("outcome");
  const cells = card.spec.studies.map((study) =>
    element("button.hep-report-cell", {
      type: "button",
      tabindex: "-1",
      "data-state": study.read[index].state,
      "aria-label": `${study.label}: ${stateWords(card.spec, study.read[index].state)}`,
      onclick: () => pickStudy(card, study.key),
    }),
  );
  const field = element("div.hep-report-field", { role: "group", "aria-labelledby": id }, ...cells);
  cells[0].tabIndex = 0;
  field.addEventListener("keydown", (event) => walkCells(cells, event));
  return {
    outcome,
    index,
    count,
    cells,
    node: element(
      "section",
      {},
      element("div.hep-report-head", {}, element("span", { id }, outcome.label), count),
      field,
    ),
  };
}

function walkCells(cells, event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const shown = cells.filter((cell) => !cell.disabled),
    place = shown.indexOf(document.activeElement);
  if (!step || place < 0) return;
  event.preventDefault();
  const next = shown[(place + step + shown.length) % shown.length];
  cells.forEach((cell) => {
    cell.tabIndex = cell === next ? 0 : -1;
  });
  next.focus();
}

function pickStudy(card, key) {
  card.change({ study: card.values.study === key ? "" : key });
}

function stateWords(spec, name) {
  return spec.states.find((state) => state.name === name).label;
}

function drawReporting(card, values, veiled) {
  const { spec } = card;
  const inside = spec.studies.map((study) =>
    spec.filters.every((chips) => values[chips.name].includes(study.tags[chips.name])),
  );
  const kept = spec.studies.filter((_, i) => inside[i]);
  for (const chip of card.chips)
    chip.button.setAttribute("aria-pressed", String(values[chip.name].includes(chip.label)));
  for (const field of card.fields) {
    const numbers = kept.filter((study) => study.read[field.index].state === "numbers").length;
    field.count.textContent = veiled ? "?" : `${numbers} of ${kept.length}`;
    field.node.querySelector(".hep-report-field").dataset.veiled = String(veiled);
    field.cells.forEach((cell, i) => {
      cell.disabled = veiled || !inside[i];
      cell.setAttribute("aria-pressed", String(spec.studies[i].key === values.study));
    });
    const reachable =
      field.cells.find((cell) => cell.tabIndex === 0 && !cell.disabled) ??
      field.cells.find((cell) => !cell.disabled);
    field.cells.forEach((cell) => {
      cell.tabIndex = cell === reachable ? 0 : -1;
    });
  }
  tellStudy(
    card,
    spec.studies.find((study) => study.key === values.study),
  );
  return reportScope(kept, spec.outcomes);
}

/** How many of the studies let each outcome be compared, in the names of the card's sentence. */
export function reportScope(studies, outcomes) {
  const count = (i) => studies.filter((study) => study.read[i].state === "numbers").length;
  const counts = outcomes.map((_, i) => [`n${i}`, count(i)]);
  const nothing = studies.filter((study) =>
    study.read.every((cell) => cell.state !== "numbers"),
  ).length;
  const word = studies.length === 1 ? "study" : "studies";
  return { ...Object.fromEntries(counts), studies: studies.length, word, nothing };
}

function tellStudy(card, study) {
  card.about.dataset.picked = String(Boolean(study));
  if (!study) {
    card.about.replaceChildren(
      element(
        "p",
        {},
        "Every study keeps its place in all fields. Pick a square to read what could be read of it.",
      ),
    );
    return;
  }
  const lines = card.spec.outcomes.flatMap((outcome, i) => [
    element("dt", {}, outcome.label),
    element(
      "dd",
      {},
      study.read[i].state === "numbers"
        ? `compared: ${minusSigns(study.read[i].words)}`
        : minusSigns(study.read[i].words),
    ),
  ]);
  card.about.replaceChildren(
    element(
      "p",
      {},
      element("strong", {}, study.label),
      ` · ${Object.values(study.tags).join(" · ")}`,
    ),
    element("dl", {}, ...lines),
  );
}
