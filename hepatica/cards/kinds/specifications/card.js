// Every reasonable analysis at once: a curve of intervals, and below it the choices that make them.

import { countChoices, everySpecification, sharesOf } from "../../engine/specifications.js";
import { formatNumber } from "../../engine/rules.js";
import { element, freshId, putText } from "../../parts/dom.js";
import { createCurve, createStrip, placed } from "./curve.js";

/** Mount the curve and its choices; the values are one choice per axis, "" leaves it open. */
export function mount(card) {
  const curve = createCurve();
  const groups = card.spec.axes.map((axis) => groupOf(card, axis));
  const heads = element(
    "div.hep-specs-heads",
    { "aria-hidden": "true" },
    element("span", {}, "favour cells"),
    element("span", {}, "exclude no effect"),
  );
  return {
    views: [curve.node],
    controls: groups.map(({ node }) => node),
    form: "form.hep-specs-choices",
    free: true,
    lay: (parts) => layCurve(parts, heads),
    show: (values) => groups.forEach(({ axis, show }) => show(values[axis])),
    draw: (values, veiled) => (veiled ? cover(groups) : drawAll(card, curve, groups, values)),
    at: (values) => {
      const all = specificationsOf(card, groups);
      return { scope: scopeOf(card.spec, values, all, countChoices(all, values).fit) };
    },
  };
}

/** The curve and the sentence stay at the top while the reader chooses below. */
function layCurve({ prediction, views, sentence: [live, ...more], controls }, heads) {
  const top = element("div.hep-specs-top", {}, ...views, live, heads);
  return [prediction, element("div.hep-specs", {}, top, controls, ...more)];
}

// ---- choices ----

function groupOf(card, { name, label, options }) {
  const group = freshId("specs");
  const choose = (value) => card.change({ [name]: value });
  const radio = (value) =>
    element("input", {
      type: "radio",
      name: group,
      value,
      "data-axis": name,
      onchange: () => choose(value),
    });
  const open = radio("");
  const head = element("label.hep-specs-any", {}, open, element("span", {}, "any"));
  const rows = options.map((option) => rowOf(radio(option.value), option));
  const node = element(
    "div.hep-specs-group",
    { role: "radiogroup", "aria-label": label },
    element("div.hep-specs-axis", {}, element("strong", { "aria-hidden": "true" }, label), head),
    ...rows.map((row) => row.node),
  );
  const show = (value) => {
    open.checked = value === "";
    for (const row of rows) row.input.checked = row.value === value;
  };
  return { axis: name, node, rows, show };
}

function rowOf(input, { value, label }) {
  const strip = createStrip();
  const [favour, exclude] = [element("span.hep-specs-share"), element("span.hep-specs-share")];
  const words = element("span.hep-specs-words", {}, label);
  const node = element("label.hep-specs-row", {}, input, words, strip.node, favour, exclude);
  return { value, label, input, node, strip, favour, exclude };
}

// ---- drawing ----

function cover(groups) {
  for (const row of groups.flatMap(({ rows }) => rows)) tell(row, null);
  return {};
}

function drawAll(card, curve, groups, values) {
  const all = specificationsOf(card, groups);
  const { fit, options } = countChoices(all, values);
  curve.draw(all, fit);
  for (const { axis, rows } of groups)
    for (const row of rows) tell(row, options[axis][row.value] ?? { n: 0 });
  return scopeOf(card.spec, values, all, fit);
}

/** Worked out once, when they are first seen; the strips of the choices never change either. */
function specificationsOf(card, groups) {
  if (card.all) return card.all;
  card.all = placed(everySpecification(card.spec.plan));
  for (const { axis, rows } of groups)
    for (const row of rows)
      row.strip.draw(
        card.all.filter((each) => each[axis] === row.value),
        card.all.wide,
      );
  return card.all;
}

/** The shares of an option beside it, yes or no for a single analysis; null while covered. */
function tell(row, counted) {
  const percent = (part) => `${formatNumber((100 * part) / counted.n, "0f")} %`;
  const share = (part) => (counted.n > 1 ? percent(part) : part ? "yes" : "no");
  const none = !counted?.n;
  putText(row.favour, none ? (counted ? "–" : "") : share(counted.favour));
  putText(row.exclude, none ? (counted ? "–" : "") : share(counted.exclude));
  row.node.dataset.none = String(Boolean(counted) && none);
  const told = counted ? (none ? ": not possible beside the others" : toldOf(counted, share)) : "";
  row.input.setAttribute("aria-label", `${row.label}${told}`);
}

const toldOf = ({ favour, exclude }, share) =>
  `: favour cells, ${share(favour)}; exclude no effect, ${share(exclude)}`;

/** The same as `SpecificationCurve.scope` in card.py. */
export function scopeOf({ plan, without, measures }, values, all, fit) {
  const [trial, absent] = without;
  const left = all.filter((each) => !plan.sets[each.trials].includes(trial));
  const [favourAll, excludeAll] = sharesOf(all);
  const [favour, exclude] = sharesOf(fit);
  const chosen = plan.sets[values.trials];
  return {
    total: all.length,
    favour_all: favourAll,
    exclude_all: excludeAll,
    n_without: left.length,
    exclude_without: sharesOf(left)[1],
    absent,
    n: fit.length,
    favour,
    exclude,
    lacks: chosen && !chosen.includes(trial) ? 1 : 0,
    whole: values.trials === "all" ? 1 : 0,
    hartung: values.model === "KH" ? 1 : 0,
    difference: values.measure === "RD" ? 1 : 0,
    ...oneOf(measures, fit),
  };
}

function oneOf(measures, fit) {
  if (fit.length !== 1) return { single: 0, ratio: 0, centre: 0, low: 0, high: 0, measure: "" };
  const [{ measure, centre, low, high }] = fit;
  const ratio = measure !== "RD";
  const seen = (end) => (ratio ? Math.exp(end) : 100 * end);
  const ends = { centre: seen(centre), low: seen(low), high: seen(high) };
  return { single: 1, ratio: ratio ? 1 : 0, measure: measures[measure], ...ends };
}
