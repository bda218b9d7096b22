// The view of an audit: printed counts of deaths and transplants, and the one assumption between
// “deaths” and “death or transplant”.

import { normalOf } from "../../engine/distributions.js";
import { auditTables, fateTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_HALO,
  TRIAL_MARKS,
  putLayers,
  trialFill,
  trialKeys,
  trialLine,
  trialScale,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

const AUDIT_LIMIT = normalOf(0.975);
const AUDIT_PAINT = {
  dead: trialFill("injury"),
  would: trialFill("therapy"),
  moved: trialStroke("therapy", 2.4),
  alive: trialStroke("muted", 1.2),
};

/** What became of everybody, and the risk ratio for each number of deaths spared. */
export function viewAudit() {
  const people = viewOf("What became of them"),
    ratios = viewOf("Risk with macrophages over risk without, by that assumption");
  people.node.append(
    trialKeys([
      ["circle", AUDIT_PAINT.dead, "dead"],
      ["circle", AUDIT_PAINT.would, "transplanted, else dead"],
      ["circle", AUDIT_PAINT.moved, "transplanted, else alive"],
      ["circle", AUDIT_PAINT.alive, "alive without transplant"],
    ]),
  );
  const values = [
    valuesOfNamed(people.node, people.title, fateTables),
    valuesOfNamed(ratios.node, ratios.title, auditTables),
  ];
  const draw = (v, data, veiled) => {
    const now = auditScope(v, data);
    const each = Array.from({ length: now.transplanted + 1 }, (_, saved) =>
      auditScope({ ...v, saved }, data),
    );
    for (const one of values) one.follow({ now, each }, veiled);
    if (veiled) {
      people.picture.innerHTML = trialVeil(people.width(), 130);
      ratios.picture.innerHTML = trialVeil(ratios.width(), 200);
    } else {
      putLayers(people.picture, auditPeople(now, people.width()));
      putLayers(ratios.picture, auditRatios(each, now, ratios.width()));
    }
    return now;
  };
  return { nodes: [people.node, ratios.node], values, buttons: [], draw };
}

/** Risk ratio of two counts with its 95 % interval; no count may be nought. */
export function riskRatio(dead, people, control, others) {
  const log = Math.log(dead / people / (control / others));
  const half = AUDIT_LIMIT * Math.sqrt(1 / dead - 1 / people + 1 / control - 1 / others);
  return { ratio: Math.exp(log), low: Math.exp(log - half), high: Math.exp(log + half) };
}

/** One report under one assumption, in the names of the card's sentence (says_life.py). */
export function auditScope(v, data) {
  const report = data.reports[v.audited],
    saved = Math.min(Math.trunc(v.saved), report.transplanted);
  const counts = {
    dead: report.dead + v.missing,
    people: data.people + v.missing,
    control: report.dead_control + saved,
    others: data.people_control,
  };
  return {
    months: v.audited,
    extra: v.missing,
    printed: report.dead,
    printed_control: report.dead_control,
    transplanted: report.transplanted,
    saved,
    ...counts,
    ...riskRatio(counts.dead, counts.people, counts.control, counts.others),
  };
}

function auditPeople(now, width) {
  const step = Math.min(26, (width - 4) / 27),
    r = 0.36 * step;
  const rest = now.others - now.control - (now.transplanted - now.saved);
  const arms = [
    [
      "macrophages",
      [
        ["dead", now.dead],
        ["alive", now.people - now.dead],
      ],
    ],
    [
      "without",
      [
        ["dead", now.printed_control],
        ["would", now.saved],
        ["moved", now.transplanted - now.saved],
        ["alive", rest],
      ],
    ],
  ];
  const layers = arms.map(([name, fates], row) => {
    const y = 34 + 60 * row;
    const all = fates.flatMap(([fate, many]) => Array(Math.max(0, many)).fill(fate));
    const dots = all.map((fate, i) =>
      TRIAL_MARKS.circle((2 + (i + 0.5) * step).toFixed(1), y, r.toFixed(1), AUDIT_PAINT[fate]),
    );
    return trialText(2, y - 18, name) + dots.join("");
  });
  const label = `Macrophages: ${now.dead} of ${now.people} dead. Without: ${now.printed_control} of ${now.others} dead, ${now.transplanted} transplanted`;
  return { width, height: 116, label, layers };
}

function auditRatios(each, now, width) {
  const step = 30,
    left = Math.min(190, 0.42 * width),
    height = step * (now.transplanted + 1) + 56;
  const x = trialScale(Math.log(0.04), Math.log(2.5), left, width - 12),
    at = (ratio) => x(Math.log(ratio));
  const rows = each.map((one, saved) => {
    const y = 20 + step * saved,
      here = saved === now.saved,
      role = here ? "therapy" : "muted";
    const name =
      saved === 0 ? "deaths alone" : saved === now.transplanted ? "death or transplant" : saved;
    const bold = here ? 'style="font-weight: 600"' : "";
    return (
      trialText(left - 10, y + 5, name, `text-anchor="end" ${bold}`) +
      trialLine(at(one.low), y, at(one.high), y, trialStroke(role, here ? 4 : 2)) +
      TRIAL_MARKS.diamond(at(one.ratio), y, here ? 7 : 5, trialFill(role))
    );
  });
  const none = trialLine(
    at(1),
    6,
    at(1),
    height - 50,
    trialStroke("ink", 1.5, 'stroke-dasharray="4 3"'),
  );
  const ticks = [0.1, 0.2, 0.5, 1, 2].map((tick) =>
    trialText(at(tick), height - 26, tick, `text-anchor="middle" ${TRIAL_HALO}`),
  );
  const ends =
    trialText(left, height - 8, "← fewer") +
    trialText(width - 12, height - 8, "more →", 'text-anchor="end"');
  const label = `Risk ratio ${now.ratio.toFixed(2)} (${now.low.toFixed(2)} to ${now.high.toFixed(2)}) if ${now.saved} of ${now.transplanted} transplanted had died otherwise`;
  return { width, height, label, layers: [none, rows.join(""), ticks.join("") + ends] };
}
