// What a student hands in to a class, made from the record: numbers and keys only. No name, no day
// but today's, no word that was typed, no code. tools/classroom/files.py reads the file.

/** The version of the file. */
const HANDIN = 1;

/** Longest pseudonym, in characters. */
export const LONGEST = 40;

const KEY = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[0-9a-f]{6})?$/;

/**
 * The file of a record.
 * @param {string} pseudonym chosen by the student
 * @param {{answers: object, predictions: object}} record its parts
 * @param {string} day "YYYY-MM-DD"
 */
export function handIn(pseudonym, { answers, predictions }, day) {
  return {
    hepatica_class: HANDIN,
    pseudonym: pseudonym.trim().slice(0, LONGEST),
    made: day,
    answers: taken(answers, answerOf),
    predictions: taken(predictions, predictionOf),
  };
}

/** The entries that are what they should be, by key. */
function taken(entries, take) {
  const kept = Object.entries(entries)
    .map(([key, entry]) => [key, KEY.test(key) && take(entry)])
    .filter(([, entry]) => entry);
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first answer and whether it was right; what came later in a review stays out. */
function answerOf(entry) {
  const { given, right } = entry ?? {};
  return Number.isFinite(given) && typeof right === "boolean" && { given, right };
}

const PREDICTED = {
  choose: ({ given, right }) => Number.isInteger(given) && { given, right: right === true },
  share: ({ given }) => isNumbers([given]) && { given },
  draw: ({ given, model }) => {
    const heights = Object.values(given ?? {});
    return isNumbers(heights, 5) && isNumbers(model, 5) && { given: heights, model };
  },
  order: ({ items }) => {
    const ranks = (Array.isArray(items) ? items : []).map((item) => item?.rank);
    return ranks.length > 0 && isNumbers(ranks) && { given: ranks };
  },
};

/** A prediction; one that was skipped is none. */
function predictionOf(entry) {
  const kind = entry?.kind;
  const found = Object.hasOwn(PREDICTED, kind ?? "") && PREDICTED[kind](entry);
  const skipped = found && found.given === -1;
  return found && !skipped && { kind, ...found };
}

const isNumbers = (row, length = row?.length) =>
  Array.isArray(row) && row.length === length && row.every(Number.isFinite);
