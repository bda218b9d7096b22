// What a reader's guess tells: the names that the rules of a reply may use. The rules match
// `guessed` in parts/predict.py; a test holds the two to each other.

export const SKIPPED = -1;
export const HANDLES = 5; // a drawn curve is kept as so many points, evenly over the axis

/**
 * The guess as names for rules.
 * @param {object} step the question's JSON
 * @param {*} given the reader's answer
 * @param {number[]} model five heights of the model's own curve, for a drawn one
 */
export function guessed(step, given, model = []) {
  const told = { draw: tellDrawn, share: tellShare, order: tellOrder }[step.way];
  return told ? told(step, given, model) : {};
}

function tellDrawn(_step, given, model) {
  const heights = Array.from({ length: HANDLES }, (_, n) => given[n + 1]);
  const numbered = (who, row) => row.map((height, n) => [`${who}_${n + 1}`, height]);
  const all = Object.fromEntries([...numbered("guess", heights), ...numbered("model", model)]);
  return { ...all, guess_max: Math.max(...heights), guess_min: Math.min(...heights) };
}

function tellShare(step, given) {
  return { guess: given, answer: step.answer };
}

function tellOrder(step, given) {
  const ranks = given.map((place) => step.items[place].rank);
  const pairs = ranks.flatMap((rank, i) => ranks.slice(i + 1).map((later) => rank < later));
  return { pairs: pairs.filter(Boolean).length, all_pairs: pairs.length };
}

/** Whether an answer says that the reader did not want to answer. */
export function isSkipped(given) {
  if (given === SKIPPED) return true;
  return typeof given === "object" && given !== null && !Object.keys(given).length;
}

/** The five positions along an axis at which a curve is drawn. */
export function stations({ range, scale }) {
  const [low, high] = scale === "log" ? range.map(Math.log10) : range;
  const at = (n) => low + ((high - low) * n) / (HANDLES - 1);
  const value = scale === "log" ? (n) => 10 ** at(n) : at;
  return Array.from({ length: HANDLES }, (_, n) => value(n));
}

/** The height of a curve at x, on straight lines between its points; its ends beyond them. */
export function heightAt({ x, y }, at) {
  const right = x.findIndex((each) => each >= at);
  if (right < 0) return y[y.length - 1];
  if (right === 0 || x[right] === at) return y[right];
  const share = (at - x[right - 1]) / (x[right] - x[right - 1]);
  return y[right - 1] + share * (y[right] - y[right - 1]);
}
