// Questions that come back: items of other quizzes, answered once more.

import { dueItems, firstEntry, reviewedEntry } from "../../engine/review.js";
import { element } from "../../parts/dom.js";
import { today } from "../../parts/record.js";
import { createItem, isRight } from "./items.js";

/**
 * A list of items that came back; each answer moves its item to the box where it belongs.
 * @param {object} record
 * @param {object[]} items with key and notebook
 * @param {function} onAnswer called after each answer
 * @returns {{node: HTMLElement, count: function}} count() → {items, given, right}
 */
export function createReturning(record, items, onAnswer) {
  const given = new Map();
  const made = items.map((item) => createItem(item, WAYS, (answer) => take(item, answer)));
  const take = (item, answer) => {
    if (!given.has(item.key)) {
      given.set(item.key, answer);
      keepReview(record, item, isRight(item, answer), answer);
    }
    made[items.indexOf(item)].show(given.get(item.key));
    onAnswer();
  };
  const rows = items.map((item, index) =>
    element(
      "li.hep-item",
      {},
      element("p.hep-from", {}, `From notebook ${item.notebook}`),
      made[index].node,
    ),
  );
  const right = () => items.filter((item) => isRight(item, given.get(item.key))).length;
  return {
    node: element("ol.hep-questions", {}, ...rows),
    count: () => ({ items: items.length, given: given.size, right: right() }),
  };
}

const WAYS = { silent: false, again: false, closed: () => false };

function keepReview(record, { key }, right, answer) {
  const before = record.get("answers", key);
  const day = today();
  const first = { ...firstEntry(answer, right, day), reviewed: day };
  record.put("answers", key, before ? reviewedEntry(before, right, day) : first);
}

/**
 * The items of earlier notebooks that are due in the recall quiz of a notebook, at most `most`;
 * the other quizzes' items are fetched only where the record says that something is due.
 */
export async function dueBefore(host, record, notebook, most) {
  await record.ready;
  const answers = record.all("answers");
  const waits = Object.values(answers).some(({ due }) => due && due <= today());
  if (!waits || !host.items) return [];
  const earlier = (await host.items()).filter((item) => item.notebook < notebook);
  return dueItems(earlier, answers, today()).slice(0, most);
}
