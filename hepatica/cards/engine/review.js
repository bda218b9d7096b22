// Spaced review: when a question comes back, and which come today. Pure functions of the record;
// the day is given, as "YYYY-MM-DD".

/** Days until a question comes back, by its box; a wrong answer puts it into the first. */
const BOXES = [1, 3, 7, 21];

/** At most so many questions a day, and at least so many on a day on which one is due. */
export const MOST = 5;
export const LEAST = 3;

/** The day some days after another. */
function daysAfter(day, days) {
  const time = new Date(`${day}T12:00:00Z`); // noon: no summer time can move the day
  time.setUTCDate(time.getUTCDate() + days);
  return time.toISOString().slice(0, 10);
}

/** The entry of a first answer. Right at once, it comes back later than one that was wrong. */
export function firstEntry(given, right, today) {
  return { given, right, on: today, ...boxed(right ? 2 : 1, today) };
}

/**
 * The entry after an answer in a review. The first answer stays what counts; `last` tells how it
 * went this time.
 */
export function reviewedEntry(entry, right, today) {
  const before = BOXES[entry.box - 1] ? entry.box : 1; // a store may hold anything
  const box = right ? Math.min(before + 1, BOXES.length) : 1;
  return { ...entry, last: right, on: today, reviewed: today, ...boxed(box, today) };
}

const boxed = (box, today) => ({ box, due: daysAfter(today, BOXES[box - 1]) });

/** Whether the reader's latest answer was wrong. */
const isMistake = (entry) => (entry.last ?? entry.right) === false;

/** Whether an entry takes part in the review: answers of a pre-test have no box. */
const isBoxed = (entry) => Number.isInteger(entry?.box) && typeof entry.due === "string";

/** The misconceptions behind the reader's own mistakes, the most frequent first. */
export function ownMisconceptions(items, answers) {
  const counts = new Map();
  for (const { key, misconception } of items)
    if (misconception && misconception !== "none" && wasWrong(answers[key]))
      counts.set(misconception, (counts.get(misconception) ?? 0) + 1);
  return [...counts.keys()].toSorted((a, b) => counts.get(b) - counts.get(a));
}

const wasWrong = (entry) => isBoxed(entry) && (entry.right === false || entry.last === false);

/** The items reviewed today. */
export const doneToday = (items, answers, today) =>
  items.filter(({ key }) => answers[key]?.reviewed === today);

/**
 * The items of today that are still to be answered: three to five with those already done. What is
 * due comes first, the reader's mistakes before the rest; a day with few is filled with other items
 * on the misconceptions of these mistakes, from notebooks that the reader has reached.
 * @param {object[]} items all items: key, notebook, misconception
 * @param {object} answers the record's answers by item key
 * @param {string} today
 */
export function dueItems(items, answers, today) {
  const done = doneToday(items, answers, today).length;
  const due = items.filter(({ key }) => isBoxed(answers[key]) && answers[key].due <= today);
  const ranked = due.toSorted((a, b) => rank(answers[a.key], answers[b.key]));
  const few = due.length && ranked.length + done < LEAST;
  const more = few ? related(items, answers) : [];
  const first = [...ranked, ...more.slice(0, LEAST - done - ranked.length)];
  return first.slice(0, Math.max(0, MOST - done));
}

/** Mistakes first, then what has waited longest. */
const rank = (a, b) => isMistake(b) - isMistake(a) || compare(a.due, b.due);

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Items on the reader's misconceptions that are not answered yet, of notebooks already reached. */
function related(items, answers) {
  const met = items.filter(({ key }) => isBoxed(answers[key]));
  const reached = met.reduce((last, { notebook }) => (notebook > last ? notebook : last), "");
  const ideas = ownMisconceptions(items, answers);
  return items
    .filter(
      (item) =>
        answers[item.key] === undefined &&
        item.notebook <= reached &&
        ideas.includes(item.misconception),
    )
    .toSorted((a, b) => ideas.indexOf(a.misconception) - ideas.indexOf(b.misconception));
}
