// What changed: answers that the record holds of a quiz of notebook 00, beside those of the same
// questions now.

import { element } from "../../parts/dom.js";
import { verdictShape } from "../claims/card.js";
import { RECORD_EVENT, openRecord } from "../../parts/record.js";
import { recorded } from "../quiz/answers.js";

/**
 * Numbers of a comparison: how many items were answered before and now, and how many of these
 * rightly.
 */
export function compareAnswers(items, before, after) {
  const given = (answers) => items.filter((_, index) => hasAnswer(answers, index)).length;
  const right = (answers) => items.filter((item, index) => answers[index] === item.right).length;
  const both = items
    .map((_, index) => index)
    .filter((index) => hasAnswer(before, index) && hasAnswer(after, index));
  const rightOf = (answers) => both.filter((index) => answers[index] === items[index].right).length;
  return {
    before: { given: given(before), right: right(before) },
    after: { given: given(after), right: right(after) },
    both: both.length,
    change: rightOf(after) - rightOf(before),
  };
}

const hasAnswer = (answers, index) => answers[index] !== undefined && answers[index] !== null;

/** One word for an item: gained, kept, lost, still open, new, not answered. */
export function wordOfChange(item, before, after) {
  if (before === undefined || before === null)
    return after === undefined || after === null
      ? "not answered"
      : after === item.right
        ? "right now"
        : "not yet";
  if (after === undefined || after === null) return "waiting for your answer now";
  if (after === item.right) return before === item.right ? "right both times" : "gained";
  return before === item.right ? "lost" : "not yet";
}

/** Mount the comparison; it follows every answer given on this page or in another tab. */
export function mount(card) {
  const { root, spec } = card;
  const group = (title) => element("div.hep-change", { role: "group", "aria-label": title });
  const [test, verdicts] = [group(spec.test.title), group(spec.verdicts.title)];
  const note = element(
    "p.hep-change-note",
    {},
    "Your answers are kept in this browser only; nobody else sees them. A teacher sees them if you show this page.",
  );
  const record = openRecord(card.host);
  const events = [RECORD_EVENT, "pageshow"];
  const follow = () => {
    if (root.isConnected || !root.hepatica) card.paint();
    else events.forEach((name) => removeEventListener(name, follow));
  };
  events.forEach((name) => addEventListener(name, follow));
  return {
    views: [test, verdicts, note],
    lay: ({ sentence, views }) => [...sentence, ...views],
    draw: () => {
      const [tests, judged] = [spec.test, spec.verdicts].map((pair) => answersOf(record, pair));
      test.replaceChildren(...testPart(spec.test, ...tests));
      verdicts.replaceChildren(...verdictPart(spec, ...judged));
      return scopeOf(spec.test.items, ...tests);
    },
    told: { pairs: [spec.test, spec.verdicts] },
  };
}

/** The answers before, as numbers of the options shown now, and the answers now. */
function answersOf(record, pair) {
  const before = Object.entries(recorded(record, pair.before));
  return [
    Object.fromEntries(before.map(([index, given]) => [index, pair.items[index].was[given]])),
    recorded(record, pair.after),
  ];
}

function scopeOf(items, before, after) {
  const found = compareAnswers(items, before, after);
  return {
    before_given: found.before.given,
    before_right: found.before.right,
    after_given: found.after.given,
    after_right: found.after.right,
    both: found.both,
    change: found.change,
    apart: apartOnDisk(),
  };
}

/**
 * A page opened from disk: Chromium's family keeps one store for all such pages, other browsers may
 * keep one for each.
 */
const apartOnDisk = () =>
  location.protocol === "file:"
    ? " (Pages opened from disk share their answers in Chrome, Chromium and Edge; other browsers may keep them apart.)"
    : "";

const CHANGE_MARKS = {
  right: ["✓", "right"],
  wrong: ["✕", "not right"],
  hidden: ["•", "answered"],
  none: ["–", "no answer"],
};

/**
 * What a cell shows; an answer from before stays unmarked until the same question is answered now.
 */
function stateOf(item, answers, index, told) {
  if (!hasAnswer(answers, index)) return "none";
  if (!told) return "hidden";
  return answers[index] === item.right ? "right" : "wrong";
}

function testPart(pair, before, after) {
  const told = (index) => hasAnswer(after, index);
  const row = (label, answers) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, label),
      ...pair.items.map((item, index) => stateCell(stateOf(item, answers, index, told(index)))),
    );
  const head = element(
    "tr",
    {},
    element("td"),
    ...pair.items.map((_, index) => element("th", { scope: "col" }, String(index + 1))),
  );
  if (!Object.keys({ ...before, ...after }).length) return [];
  const table = element(
    "table.hep-change-table",
    {},
    element("caption", {}, pair.title),
    element("thead", {}, head),
    element("tbody", {}, row("before", before), row("now", after)),
  );
  const list = element(
    "ol.hep-change-items",
    {},
    ...pair.items.map((item, index) =>
      element(
        "li",
        { "data-word": wordOfChange(item, before[index], after[index]) },
        ...itemLines(item, before[index], after[index]),
      ),
    ),
  );
  return [table, element("details", {}, element("summary", {}, "Question by question"), list)];
}

function stateCell(state) {
  const [mark, words] = CHANGE_MARKS[state];
  return element(
    "td",
    { "data-state": state },
    element("span", { "aria-hidden": "true" }, mark),
    element("span.hep-hidden", {}, words),
  );
}

function itemLines(item, before, after) {
  const lines = [
    element("p.hep-change-question", { html: item.question }),
    element("p", {}, element("strong", {}, `${asOpening(wordOfChange(item, before, after))}. `)),
  ];
  const answers = [
    ["before", before],
    ["now", after],
  ].filter(([, answer]) => answer !== undefined && answer !== null);
  lines[1].append(
    element("span", {
      html: answers.map(([when, answer]) => `${when}: “${item.options[answer]}”`).join(" → "),
    }),
  );
  if (after !== undefined && after !== null && after !== item.right)
    lines.push(element("p", { html: `Right is: “${item.options[item.right]}”` }));
  return lines;
}

const asOpening = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;

function verdictPart(spec, before, after) {
  const { items, title } = spec.verdicts,
    found = compareAnswers(items, before, after);
  // rows of dashes would only fill the page
  if (!found.before.given && !found.after.given) return [];
  const heads = ["Claim", "Your first verdict", "Your verdict now", "The course's verdict"];
  const given = (answers, label) => (item, index) => verdictCell(item, answers[index], label);
  const [first, now] = [given(before, heads[1]), given(after, heads[2])];
  const row = (item, index) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", html: item.question }),
      first(item, index),
      now(item, index),
      element(
        "td.hep-course-verdict",
        { "data-label": heads[3] },
        verdictShape(spec.claims[index].verdict),
        element("strong", {}, spec.claims[index].verdict),
      ),
    );
  const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name)));
  const sum = (part) => (part.given ? `${part.right} of ${part.given}` : "none given");
  const caption = element(
    "caption",
    {},
    `${title}. In agreement with the course: at first ${sum(found.before)}, now ${sum(found.after)}.`,
  );
  return [
    element(
      "table.hep-table.hep-verdict-table",
      {},
      caption,
      element("thead", {}, head),
      element("tbody", {}, ...items.map(row)),
    ),
  ];
}

/** A verdict of the reader and whether the course agrees. */
function verdictCell(item, answer, label) {
  if (answer === undefined || answer === null)
    return element("td", { "data-state": "none", "data-label": label }, "–");
  const agrees = answer === item.right;
  return element(
    "td",
    { "data-state": agrees ? "right" : "wrong", "data-label": label },
    element("span", { html: item.options[answer] }),
    element("span.hep-agree", {}, agrees ? "✓ agrees" : "✕ differs"),
  );
}
