// From a ratio and a baseline to people per thousand and to a number needed to treat; the same
// stands in effects.py, and a test holds the two together.

/** People per thousand, more or fewer: the estimate and both ends of its interval. */
export function changes(row, baseline) {
  const risk = baseline / 1000;
  return [row.value, row.low, row.high].map((ratio) => {
    const product = ratio * risk;
    const withIt = row.measure === "OR" ? product / (1 - risk + product) : product;
    return 1000 * (Math.min(1, withIt) - risk);
  });
}

/** "62 fewer (119 fewer to 227 more)". */
export function perThousand(made) {
  const [centre, low, high] = made.map(people);
  return `${centre} (${low} to ${high})`;
}

function people(change) {
  const count = Math.floor(Math.abs(change) + 0.5);
  return count ? `${count} ${change > 0 ? "more" : "fewer"}` : "no difference";
}

/** The number needed to treat with its interval, through infinity where that holds zero. */
export function needed(made) {
  const [centre, low, high] = made;
  if (low < 0 && high > 0)
    return `${number(centre)}; interval from ${number(low)} through infinity to ${number(high)}`;
  const ends = [low, high].map(Math.abs).sort((a, b) => b - a);
  return `${number(centre)}; interval ${up(ends[0])} to ${up(ends[1])}`;
}

function up(change) {
  return Math.ceil(1000 / Math.abs(change) - 1e-9);
}

function number(change) {
  if (Math.abs(change) < 1e-9) return "infinitely many";
  return `${up(change)} for one ${change > 0 ? "harm" : "benefit"}`;
}
