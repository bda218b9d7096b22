// Eligibility: one virtual patient against the entry rules of all trials, and all patients in one
// table.

import {
  RULES_EXCLUDE,
  RULES_MET,
  RULES_UNDECIDED,
  factsOf,
  isUnknown,
  judgeRules,
  plainNumber,
  referralOf,
  ruleAllows,
  ruleReason,
} from "../../engine/eligibility.js";
import { compileModel } from "../../engine/solver.js";
import { showValue, withUnit } from "../../parts/controls.js";
import { element, freshId, putAttribute, putText } from "../../parts/dom.js";
import { layStage } from "../../parts/stage.js";

const SHORT_VERDICTS = {
  [RULES_MET]: "meets",
  [RULES_EXCLUDE]: "excluded",
  [RULES_UNDECIDED]: "cannot be told",
};

const WHO_MEETS_WHAT = "Who meets what, with the values of the case files: everybody at once";

/**
 * Mount the card; the values are the patient's key and what the reader moved (null: as it is).
 */
export function mount(card) {
  const { spec } = card;
  card.model = compileModel(spec.model);
  card.table = new Map(spec.patients.map((patient) => [patient.key, judgeAll(card, patient, {})]));
  const unmoved = Object.fromEntries(spec.controls.map(({ name }) => [name, null]));
  card.pick = (key) => card.change({ patient: key, ...unmoved });
  const move = (name, value, settled) => card.change({ [name]: value }, settled);
  const parts = {
    picker: patientPicker(card),
    person: element("div.hep-person"),
    referral: element("p.hep-referral"),
    sliders: spec.controls.map((control) => sliderOf(control, move)),
    sets: ruleSetList(card),
    answer: caseAnswer(),
    matrix: overviewOf(card),
  };
  const asked = element("p.hep-step", {}, "What if …?");
  return {
    views: [parts.sets.node],
    controls: [asked, ...parts.sliders.map((control) => control.node)],
    lay: ({ prediction, ...own }) => [
      prediction,
      parts.picker.node,
      parts.person,
      ...layStage({ ...own, sentence: [...own.sentence, parts.referral] }),
      parts.answer.node,
      parts.matrix.node,
    ],
    draw: () => drawEligibility(card, parts),
    told: { judged: () => card.judged.map((found) => found.verdict), facts: () => card.facts },
  };
}

function drawEligibility(card, parts) {
  const { spec } = card;
  const patient = screenedPatient(card);
  const changed = screenedChanges(card);
  card.facts = factsOf(spec, card.model, patient, changed);
  card.judged = judgeAll(card, patient, changed);
  parts.picker.show(patient.key);
  showPerson(card, parts.person, patient, Object.keys(changed).length > 0);
  parts.sliders.forEach((control, index) => control.show(card.facts[spec.controls[index].name]));
  showReferral(card, parts.referral, patient, changed);
  parts.sets.show(card);
  parts.answer.show(patient);
  parts.matrix.show(card);
  return {
    ...scopeOf(spec, patient, card.judged, card.table.get(patient.key)),
    ...referralIn(card, patient),
  };
}

const screenedPatient = (card) =>
  card.spec.patients.find((patient) => patient.key === card.values.patient);

/** Values that the reader moved away from what the patient has. */
function screenedChanges(card) {
  const own = screenedPatient(card).values;
  const pairs = card.spec.controls.map(({ name }) => [name, card.values[name]]);
  return Object.fromEntries(
    pairs.filter(([name, value]) => !isUnknown(value) && value !== own[name]),
  );
}

function judgeAll(card, patient, changed) {
  const facts = factsOf(card.spec, card.model, patient, changed);
  return card.spec.rule_sets.map((set) => judgeRules(card.spec, set.rules, facts));
}

function patientPicker(card) {
  const id = freshId("patient");
  const options = card.spec.patients.map((patient) =>
    element("option", { value: patient.key }, `${patient.key} · ${patient.who} · ${patient.title}`),
  );
  const select = element("select", { id, onchange: () => card.pick(select.value) }, ...options);
  const step = (by) => () => {
    const at = card.spec.patients.findIndex((patient) => patient.key === card.values.patient);
    card.pick(card.spec.patients.at((at + by) % card.spec.patients.length).key);
  };
  const node = element(
    "div.hep-picker",
    {},
    element("label", { for: id }, "Patient"),
    select,
    element("button", { type: "button", onclick: step(-1), "aria-label": "Previous patient" }, "←"),
    element("button", { type: "button", onclick: step(1), "aria-label": "Next patient" }, "→"),
  );
  return {
    node,
    show: (key) => {
      select.value = key;
    },
  };
}

/** Who this is; while a slider moves only the values are written. */
function showPerson({ spec, facts }, node, patient, changed) {
  const { letter } = spec.classes.find(({ to }) => facts.child_pugh_score <= to);
  const values = [
    ["Child–Pugh", `${letter}${facts.child_pugh_score}`],
    ["MELD", facts.meld],
    ["MELD-Na", facts.meld_na],
    ["eGFR", facts.egfr_ml_min],
    ["creatinine", `${facts.creatinine_mg_dl} mg/dL`],
    ["albumin", `${facts.albumin_g_l} g/L`],
  ];
  writeAnew(node, [patient.key, changed], () => describePerson(node, patient, changed, values));
  node.querySelectorAll("dd").forEach((place, i) => putText(place, String(values[i][1])));
}

function describePerson(node, patient, changed, values) {
  const pairs = values.map(([name]) => element("div", {}, element("dt", {}, name), element("dd")));
  const story = element(
    "details",
    { open: Boolean(node.querySelector("details[open]")) },
    element("summary", {}, "The story"),
    element("p", {}, patient.story),
  );
  return [
    element(
      "p.hep-person-line",
      {},
      element("strong", {}, patient.who),
      ` · ${patient.cause} · ${patient.stage}`,
      changed ? element("em", {}, " · with your values") : null,
    ),
    element("dl.hep-person-values", {}, ...pairs),
    story,
  ];
}

const written = new WeakMap(); // what each node says, so that what stays is not made again

/** Fill a node with what `make` returns, unless it already says the same. */
function writeAnew(node, said, make) {
  const key = JSON.stringify(said);
  if (written.get(node) === key) return;
  written.set(node, key);
  node.replaceChildren(...make());
}

/** Whom the rule sets take, in the names of the card's sentence. */
function scopeOf(spec, patient, judged, before) {
  const cells = (found) => found.filter((_, index) => spec.rule_sets[index].cells);
  const meets = (found) => cells(found).filter(({ verdict }) => verdict === RULES_MET).length;
  const met = spec.rule_sets.filter(
    (set, index) => set.cells && judged[index].verdict === RULES_MET,
  );
  return {
    who: patient.who.split(",")[0],
    met: met.length,
    all: cells(judged).length,
    before: meets(before),
    sets: met.map((set) => set.key).join(", "),
  };
}

/** What the transplant team says, and whether this is still the patient of the start. */
function referralIn({ spec, facts }, patient) {
  const refer = referralOf(spec, facts).due;
  const first = patient.key === spec.first ? 1 : 0;
  return { refer, called: spec.calm.includes(refer) ? 0 : 1, first };
}

function showReferral(card, node, patient, changed) {
  const found = referralOf(card.spec, card.facts);
  const told = Object.keys(changed).length ? "" : ` The case file: ${patient.referral}.`;
  writeAnew(node, [found, told], () => [
    element("strong", {}, `Transplant team: ${found.due}. `),
    `${found.reason[0].toUpperCase()}${found.reason.slice(1)}.${told}`,
  ]);
}

/** A mark that differs in shape as well as in colour. */
function markOf(verdict) {
  return element("span.hep-mark", {
    "data-verdict": SHORT_VERDICTS[verdict],
    "aria-hidden": "true",
  });
}

function ruleSetList(card) {
  const items = card.spec.rule_sets.map((set) => {
    const summary = element("summary"),
      rules = element("ul.hep-rules");
    const source = set.link
      ? element("a", { href: set.link, target: "_blank", rel: "noopener" }, set.source)
      : set.source;
    const read = element(
      "p.hep-rules-read",
      {},
      `Read from: ${set.completeness}. Rules that were not printed there are not coded. `,
      source,
    );
    const node = element(
      "details.hep-rule-set",
      { "data-set": set.key, "data-cells": String(set.cells) },
      summary,
      element("p", {}, set.label),
      rules,
      read,
    );
    return { set, node, summary, rules };
  });
  const node = element(
    "div.hep-view.hep-rule-sets",
    { role: "group", "aria-label": "Verdict of each rule set" },
    element(
      "p.hep-sets-head",
      {},
      element("span", {}, "Rule set, verdict, and what decided it"),
      element("span", {}, "how its rules could be read"),
    ),
    ...items.map((item) => item.node),
  );
  const show = (now) => items.forEach((item, index) => showRuleSet(now, item, now.judged[index]));
  for (const item of items) {
    item.node.addEventListener("toggle", () => item.node.open && showRules(card, item));
    item.summary.addEventListener("click", () => showRules(card, item)); // before it opens
  }
  return { node, show };
}

function showRuleSet(card, { set, node, summary, rules }, judged) {
  const before = card.table.get(card.values.patient)[card.spec.rule_sets.indexOf(set)].verdict;
  const because =
    judged.verdict === RULES_MET ? "no coded rule refuses" : judged.reasons.join("; ");
  putAttribute(node, "data-verdict", SHORT_VERDICTS[judged.verdict]);
  writeAnew(summary, [judged.verdict, because, before], () =>
    setSummary(set, judged.verdict, because, before),
  );
  if (node.open) showRules(card, { set, rules }); // what nobody sees is not written
}

function showRules(card, { set, rules }) {
  if (!rules.children.length) rules.append(...set.rules.map(() => element("li")));
  set.rules.forEach((rule, i) => showRule(card, rules.children[i], rule));
}

function setSummary(set, verdict, because, before) {
  const was = ` (was: ${SHORT_VERDICTS[before]})`;
  const flipped = before === verdict ? null : element("em.hep-flipped", {}, was);
  const read = element("span.hep-hidden", {}, "read from: ");
  return [
    markOf(verdict),
    element("span.hep-set-name", {}, set.key),
    element("span.hep-set-verdict", {}, SHORT_VERDICTS[verdict]),
    element("span.hep-set-why", {}, because, flipped),
    element("span.hep-set-read", {}, read, set.completeness),
  ];
}

const RULE_ANSWERS = {
  true: ["✓", "passes"],
  false: ["✕", "does not pass"],
  null: ["?", "not known"],
};

function showRule(card, line, rule) {
  const [mark, word] = RULE_ANSWERS[ruleAllows(rule, card.facts)];
  const asks = rule.type === "include" ? "asks" : "refuses";
  const found = ruleReason(card.spec, rule, card.facts);
  putAttribute(line, "data-answer", word);
  writeAnew(line, [word, found], () => [
    element("span", { "aria-hidden": "true" }, mark),
    element(
      "span",
      {},
      `${asks}: ${rule.criterion}${printedLimit(card, rule)} — ${found}`,
      element("span.hep-hidden", {}, ` (${word})`),
      rule.why ? element("small", {}, ` ${rule.why}.`) : null,
    ),
  ]);
}

const LIMIT_SIGNS = { ">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "" };

/** The number that a criterion asks for, unless its words hold it already or it is a code. */
function printedLimit(card, rule) {
  const numbers = card.spec.numbers[rule.variable];
  if (!numbers || /\d|within/.test(rule.criterion.replace(/\(class.*\)/, ""))) return "";
  const limit =
    rule.operator === "between"
      ? `${plainNumber(rule.low)}–${plainNumber(rule.high)}`
      : `${LIMIT_SIGNS[rule.operator]} ${plainNumber(rule.value)}`;
  return ` ${limit.trim()}${numbers[1] ? ` ${numbers[1]}` : ""}`;
}

function caseAnswer() {
  const text = element("p");
  const node = element(
    "details.hep-answer",
    {},
    element(
      "summary",
      {},
      "And should this patient? What the case file answers, for the values in the file",
    ),
    text,
  );
  return {
    node,
    show: (patient) => {
      putText(text, patient.answer);
    },
  };
}

function sliderOf(control, onInput) {
  const id = freshId("screen");
  const input = element("input", {
    id,
    type: "range",
    min: control.min,
    max: control.max,
    step: control.step,
    "data-name": control.name,
  });
  const output = element("output.hep-value", { for: id });
  const read = () =>
    control.top && Number(input.value) === control.max ? control.top : Number(input.value);
  const words = (value) =>
    control.top && value >= control.max
      ? control.top_word
      : withUnit(
          showValue(
            { step: Math.min(control.step, 0.1 ** (String(value).split(".")[1]?.length ?? 0)) },
            value,
          ),
          control.unit,
        );
  const speak = (value) => {
    putText(output, words(value));
    input.setAttribute("aria-valuetext", words(value));
  };
  input.addEventListener("input", () => onInput(control.name, read(), false));
  input.addEventListener("change", () => onInput(control.name, read(), true));
  const show = (value) => {
    if (document.activeElement !== input || read() !== value) input.value = value;
    speak(value);
  };
  return {
    node: element(
      "div.hep-control",
      {},
      element("label", { for: id }, control.label),
      output,
      input,
    ),
    show,
  };
}

/**
 * Everybody at once: rule sets down, patients across; a patient's name or any cell picks the
 * patient. It is folded: a browser lays a table out anew with every move of what stands above it.
 */
function overviewOf(card) {
  const { spec } = card,
    heads = new Map();
  for (const patient of spec.patients)
    heads.set(
      patient.key,
      element(
        "button",
        {
          type: "button",
          title: `${patient.who}: ${patient.title}`,
          onclick: () => card.pick(patient.key),
        },
        patient.key,
      ),
    );
  const head = element(
    "tr",
    {},
    element("td"),
    ...spec.patients.map((patient) => element("th", { scope: "col" }, heads.get(patient.key))),
  );
  const rows = spec.rule_sets.map((set, row) =>
    element(
      "tr",
      { "data-cells": String(set.cells) },
      element("th", { scope: "row" }, set.key),
      ...spec.patients.map((patient) => overviewCell(card, patient, set, row)),
    ),
  );
  const counts = element(
    "tr.hep-matrix-sum",
    {},
    element("th", { scope: "row" }, "cell trials met"),
    ...spec.patients.map((patient) =>
      element(
        "td",
        {},
        String(
          card.table
            .get(patient.key)
            .filter((found, row) => spec.rule_sets[row].cells && found.verdict === RULES_MET)
            .length,
        ),
      ),
    ),
  );
  const legend = element(
    "p.hep-matrix-key",
    {},
    ...[RULES_MET, RULES_EXCLUDE, RULES_UNDECIDED].map((verdict) =>
      element("span", {}, markOf(verdict), ` ${verdict}`),
    ),
  );
  const table = element(
    "table.hep-matrix",
    {},
    element("caption.hep-hidden", {}, WHO_MEETS_WHAT),
    element("thead", {}, head),
    element("tbody", {}, ...rows, counts),
  );
  const node = element(
    "details.hep-overview",
    {},
    element("summary", {}, WHO_MEETS_WHAT),
    element(
      "div.hep-scroll",
      { tabindex: 0, role: "region", "aria-label": "Table of all patients and rule sets" },
      table,
    ),
    legend,
  );
  const show = (now) => {
    heads.forEach((button, key) =>
      putAttribute(button, "aria-pressed", String(key === now.values.patient)),
    );
    table
      .querySelectorAll("[data-patient]")
      .forEach((cell) =>
        cell.toggleAttribute("data-picked", cell.dataset.patient === now.values.patient),
      );
  };
  return { node, show };
}

function overviewCell(card, patient, set, row) {
  const found = card.table.get(patient.key)[row];
  const cell = element(
    "td",
    {
      "data-patient": patient.key,
      title: `${patient.key}, ${set.key}: ${found.verdict}${found.reasons.length ? `: ${found.reasons.join("; ")}` : ""}`,
    },
    markOf(found.verdict),
    element("span.hep-hidden", {}, SHORT_VERDICTS[found.verdict]),
  );
  cell.addEventListener("click", () => {
    card.pick(patient.key);
    const list = card.root.querySelector(`[data-set="${set.key}"]`);
    list.open = true;
    list.scrollIntoView({ block: "center" });
  });
  return cell;
}
