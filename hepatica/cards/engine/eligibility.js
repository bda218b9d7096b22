// The rules of entry: what they read of a patient, and what they say of one.

import { evaluateModel } from "./solver.js";

export const RULES_MET = "meets the coded rules";
export const RULES_EXCLUDE = "excluded";
export const RULES_UNDECIDED = "cannot be told";

const RULE_COMPARES = {
  "==": (x, rule) => x === rule.value,
  ">": (x, rule) => x > rule.value,
  ">=": (x, rule) => x >= rule.value,
  "<": (x, rule) => x < rule.value,
  "<=": (x, rule) => x <= rule.value,
  between: (x, rule) => rule.low <= x && x <= rule.high,
};
const WORDS_PAST = {
  ">": "above",
  ">=": "at or above",
  "<": "below",
  "<=": "at or below",
  "==": "equal to",
};
const WORDS_SHORT = {
  ">": "not above",
  ">=": "below",
  "<": "not below",
  "<=": "above",
  "==": "not equal to",
};

export const isUnknown = (x) => x === null || x === undefined;
export const plainNumber = (x) => String(Number(x.toPrecision(6)));

/** All that the rules read of a patient, with changed values and the scores worked out. */
export function factsOf(spec, model, patient, changed = {}) {
  const known = { ...patient.values };
  for (const [name, value] of Object.entries(changed)) {
    if (isUnknown(value) || value === known[name]) continue;
    known[name] = value;
    if (name === "bilirubin_mg_dl") known.bilirubin_umol_l = value * spec.micromoles;
  }
  const inputs = Object.fromEntries(
    Object.entries(spec.model_inputs).map(([input, column]) => [input, known[column]]),
  );
  const scores = evaluateModel(model, { ...inputs, female: patient.female });
  for (const [variable, output] of Object.entries(spec.read_as)) known[variable] = scores[output];
  return known;
}

/** Whether a rule lets the patient pass; null where its variable is not known. */
export function ruleAllows(rule, facts) {
  const found = facts[rule.variable];
  return isUnknown(found)
    ? null
    : RULE_COMPARES[rule.operator](found, rule) === (rule.type === "include");
}

/** In plain words what the patient has, beside what the rule asks for where that is a number. */
export function ruleReason(spec, rule, facts) {
  const found = facts[rule.variable],
    words = spec.findings[rule.variable];
  if (words) return findingWords(rule, words, found);
  const [label, unit] = spec.numbers[rule.variable];
  if (isUnknown(found)) return `${label} is not known`;
  const never = spec.never[rule.variable];
  if (never && found >= never[0]) return never[1];
  return `${label} ${plainNumber(found)} is ${limitRelation(rule, found)}${unit ? ` ${unit}` : ""}`;
}

/** What was found; where there are more than two codes, also the one that was asked for. */
function findingWords(rule, words, found) {
  if (isUnknown(found)) return `${rule.criterion}: not known`;
  const asked = rule.type === "include" && Object.keys(words).length > 2 && found !== rule.value;
  return (
    words[found] + (asked ? ` (asked for: ${words[rule.value].replace(/^the cause is /, "")})` : "")
  );
}

function limitRelation(rule, found) {
  if (rule.operator === "between")
    return `${found < rule.low ? "below" : found > rule.high ? "above" : "within"} ${plainNumber(rule.low)}–${plainNumber(rule.high)}`;
  const words = RULE_COMPARES[rule.operator](found, rule) ? WORDS_PAST : WORDS_SHORT;
  return `${words[rule.operator]} ${plainNumber(rule.value)}`;
}

/**
 * The verdict of one rule set: excluded as soon as one rule excludes, else undecided, else the
 * rules are met.
 */
export function judgeRules(spec, rules, facts) {
  const answers = rules.map((rule) => ruleAllows(rule, facts));
  for (const [answer, verdict] of [
    [false, RULES_EXCLUDE],
    [null, RULES_UNDECIDED],
  ]) {
    const deciding = rules.filter((_, index) => answers[index] === answer);
    if (deciding.length)
      return {
        verdict,
        rules: deciding.map((rule) => rule.key),
        reasons: deciding.map((rule) => ruleReason(spec, rule, facts)),
      };
  }
  return { verdict: RULES_MET, rules: [], reasons: [] };
}

/** Whether a transplant team should see the patient: the first step that holds. */
export function referralOf(spec, facts) {
  const open = [];
  for (const step of spec.referral) {
    const answers = step.conditions.map((rule) => ruleAllows(rule, facts));
    if (answers.includes(false)) continue;
    if (answers.includes(null)) open.push(step);
    else if (open.every((other) => other.due === step.due))
      return { due: step.due, reason: step.reason };
    else return { due: RULES_UNDECIDED, reason: `not known whether ${open[0].reason}` };
  }
  return { due: RULES_UNDECIDED, reason: "" };
}
