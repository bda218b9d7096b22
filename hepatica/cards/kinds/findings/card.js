// A summary of findings: outcomes as rows, the picked one as people per thousand at two baselines.

import { minusSigns } from "../../engine/rules.js";
import { createControl } from "../../parts/controls.js";
import { element, freshId, putText } from "../../parts/dom.js";
import { layBoard } from "../../parts/stage.js";
import { changes, needed, perThousand } from "./effects.js";

const RISKS = { low: "a low baseline", typical: "a typical baseline" };

const isRatio = (row) => row.measure === "RR" || row.measure === "OR";

/** Mount the table; its values are who, row, low and typical. */
export function mount(card) {
  card.groupOf = Object.fromEntries(card.spec.groups.map((group) => [group.key, group]));
  card.list = element("div.hep-findings-rows", { role: "group", "aria-label": "Outcomes" });
  card.risks = Object.keys(RISKS).map((name) => riskOf(card, name));
  card.about = element("div.hep-findings-about");
  const risks = element("div.hep-findings-risks", {}, ...card.risks.map((risk) => risk.node));
  const who = whoOf(card);
  return {
    views: [card.list, risks, card.about],
    controls: [who.node],
    lay: layBoard,
    show: (values) => {
      who.show(values.who);
      for (const risk of card.risks) risk.slider.show(values[risk.name]);
    },
    draw: (values, veiled) => drawFindings(card, values, veiled),
  };
}

/** Patients and treatment; another choice begins at its first outcome. */
function whoOf(card) {
  const id = freshId("who");
  const options = card.spec.groups.map(({ key, label }) =>
    element("option", { value: key }, label),
  );
  const select = element("select", { id, "data-name": "who" }, ...options);
  select.addEventListener("change", () => {
    pick(card, card.groupOf[select.value].rows[0], { who: select.value });
  });
  const node = element("div.hep-row", {}, element("label", { for: id }, "What, in whom"), select);
  return {
    node,
    show: (value) => {
      select.value = value;
    },
  };
}

function pick(card, row, more = {}) {
  const { baseline_low: low, baseline_typical: typical } = row;
  card.change({ ...more, row: row.key, ...(low === null ? {} : { low, typical }) });
}

/** A baseline with its slider, two bars, and what the treatment changes. */
function riskOf(card, name) {
  const control = { kind: "slider", name, label: RISKS[name], unit: "of 1000", step: 1 };
  const range = { min: 1, max: 990, value: card.spec.fields[name].start };
  const slider = createControl({ ...control, ...range }, (_, value, settled) =>
    card.change({ [name]: value }, settled),
  );
  const marks = ["without", "with", "range"].map((kind) => element(`i.hep-findings-${kind}`));
  const bars = element("div.hep-findings-bars", { "aria-hidden": "true" }, ...marks);
  const from = element("small"),
    change = element("p"),
    nnt = element("p");
  const node = element("section.hep-findings-risk", {}, slider.node, from, bars, change, nnt);
  return { name, slider, marks, from, change, nnt, node };
}

function drawFindings(card, values, veiled) {
  const { rows } = card.groupOf[values.who];
  const row = card.spec.groups.flatMap((group) => group.rows).find(({ key }) => key === values.row);
  const nodes = rows.map((each) => outcomeRow(card, each, each.key === row.key, veiled));
  const held = card.list.contains(document.activeElement);
  card.list.replaceChildren(...nodes);
  if (held) card.list.querySelector("[aria-pressed='true']")?.focus({ preventScroll: true });
  for (const risk of card.risks) drawRisk(risk, row, values[risk.name], veiled);
  card.about.hidden = veiled;
  card.about.replaceChildren(...aboutOf(row));
  return findingsScope(row, values);
}

function outcomeRow(card, row, picked, veiled) {
  const told = veiled ? "?" : row.certainty;
  return element(
    "button.hep-findings-row",
    {
      type: "button",
      "aria-pressed": String(picked),
      "data-row": row.key,
      disabled: veiled,
      onclick: () => pick(card, row),
    },
    element("span", {}, row.name),
    element("span", {}, veiled ? "" : row.effect),
    element(
      "span",
      { "aria-hidden": "true" },
      veiled ? "" : (card.spec.signs[row.certainty] ?? ""),
    ),
    element("span", {}, told),
  );
}

function drawRisk(risk, row, baseline, veiled) {
  risk.node.hidden = veiled || !isRatio(row);
  if (risk.node.hidden) return;
  const made = changes(row, baseline);
  const [centre, low, high] = made.map((change) => (baseline + change) / 10);
  const [without, withIt, range] = risk.marks;
  without.style.width = `${baseline / 10}%`;
  withIt.style.width = `${centre}%`;
  range.style.left = `${low}%`;
  range.style.width = `${high - low}%`;
  const own = baseline === row[`baseline_${risk.name}`];
  putText(risk.from, own ? row[`baseline_${risk.name}_from`] : "your own baseline");
  putText(risk.change, `With it, of a thousand: ${perThousand(made)}.`);
  putText(risk.nnt, `To be treated: ${needed(made)}.`);
}

/** Why so certain, whose judgement, from what. */
function aboutOf(row) {
  const part = (label, ...words) => element("p", {}, element("strong", {}, `${label} `), ...words);
  const links = row.sources.flatMap(({ text, link }, place) => [
    place ? "; " : "",
    element("a", { href: link, target: "_blank", rel: "noopener" }, text),
  ]);
  const size = [row.trials && `trials: ${row.trials}`, row.people && `people: ${row.people}`];
  return [
    row.reasons ? part(`Why ${row.certainty}?`, minusSigns(row.reasons), ".") : null,
    part("What could change our mind?", `${row.mind}.`),
    row.note ? part("Read:", minusSigns(row.note), ".") : null,
    part("Whose judgement:", row.judged_by, "."),
    part("From:", ...links, links.length ? ". " : "", size.filter(Boolean).join(", ")),
  ].filter(Boolean);
}

/** What the picked outcome comes to, in the names of the card's sentence. */
export function findingsScope(row, values) {
  const made = isRatio(row) ? changes(row, values.typical) : null;
  return {
    value: row.value ?? 0,
    low: row.low ?? 0,
    high: row.high ?? 0,
    ratio: made ? 1 : 0,
    points: row.measure === "MD" ? 1 : 0,
    zero: made && made[1] < 0 && made[2] > 0 ? 1 : 0,
    graded: row.certainty in { high: 1, moderate: 1, low: 1, "very low": 1 } ? 1 : 0,
    typical: values.typical,
    outcome: row.name,
    change: made ? perThousand(made) : "",
    needed: made ? needed(made) : "",
    certainty: row.certainty,
    indirect: row.given === "g_csf" ? 1 : 0,
  };
}
