// The answers of a quiz in the reader's record: an answer counts once, the first time. A quiz that
// marks nothing (a pre-test) may be changed until it is finished.

import { firstEntry } from "../../engine/review.js";
import { today } from "../../parts/record.js";

/** The answers that the record holds, by the number of the item. */
export function recorded(record, { id, items }) {
  const found = items.map((item, index) => [index, givenIn(record, id, item, index)]);
  return Object.fromEntries(found.filter(([index, given]) => fits(items[index], given)));
}

/** Whether an item takes this answer; a store may hold anything. */
function fits(item, given) {
  if (item.type === "choice") return Number.isInteger(given) && Object.hasOwn(item.options, given);
  return Number.isFinite(given);
}

function givenIn(record, id, item, index) {
  const entry = record.get("answers", keyOf(id, item, index));
  return entry ? entry.given : oldAnswer(record, id, item, index);
}

/**
 * What was kept before items had keys of their own: the place of the option as the source lists it;
 * `listed` tells where that option is shown.
 */
function oldAnswer(record, id, item, index) {
  const given = record.get("answers", `${id}/${index}`)?.given;
  return given === undefined ? undefined : (item.listed?.[given] ?? given);
}

const keyOf = (id, item, index) => item.key ?? `${id}/${index}`;

/** Whether the reader has said that a quiz without marks is done. */
export const isFinished = (record, { id }) => record.get("answers", id)?.finished === true;

/** Say that it is done. */
export const finish = (record, { id }) =>
  record.put("answers", id, { finished: true, on: today() });

const NUMBER = /^quiz-(\d\d)-/;

/** In JupyterLab nobody sees which section is read; a quiz answered there tells where one was. */
export function keepPlace(record, { id, title }) {
  const [, number] = NUMBER.exec(id) ?? [];
  if (!number) return;
  const before = record.get("places", number);
  if (before?.of) return; // the page knows better
  const seen = [...new Set([...(Array.isArray(before?.seen) ? before.seen : []), id])];
  const place = { section: id, name: `“${title}”`, seen, on: today(), when: Date.now() };
  record.put("places", number, place);
}

/** Keep an answer, if it counts. */
export function keepAnswer(record, spec, index, given, right) {
  const item = spec.items[index];
  const key = keyOf(spec.id, item, index);
  if (spec.feedback === "later") {
    if (!isFinished(record, spec)) record.put("answers", key, { given, right, on: today() });
  } else if (recorded(record, spec)[index] === undefined)
    record.put("answers", key, firstEntry(given, right, today()));
}
