// The small pictures: a mark for a choice, two lines for a curve, two marks on a scale for a share,
// lines that cross for an order. Of each pair the dashed one is the reader's.

const [WIDE, HIGH, EDGE] = [120, 66, 6];

/** The picture of one prediction as SVG, for the eye only; words stand beside it. */
export function pictureOf(guess) {
  if (!guess || guess.skipped || guess.kind === "choose") return markOf(guess);
  const inside = { draw: curves, share: scale, order: crossings }[guess.kind](guess);
  return `<svg class="hep-ghost" viewBox="0 0 ${WIDE} ${HIGH}" aria-hidden="true">${inside}</svg>`;
}

/** Small marks: as the model, another idea, skipped, not yet asked. */
export function markOf(guess) {
  const inside = guess ? (guess.skipped ? SKIP : guess.right ? AS_MODEL : OTHER) : NOT_YET;
  return `<svg class="hep-ghost-mark" viewBox="0 0 20 20" aria-hidden="true">${inside}</svg>`;
}

const AS_MODEL = '<circle cx="10" cy="10" r="7" class="full"/>';
const OTHER = '<circle cx="10" cy="10" r="6.5" class="own"/>';
const SKIP = '<path d="M5 10h10" class="model"/>';
const NOT_YET = '<circle cx="10" cy="10" r="2" class="faint"/>';

const across = (n, many) => EDGE + ((WIDE - 2 * EDGE) * n) / (many - 1);
const up = (share) => HIGH - EDGE - (HIGH - 2 * EDGE) * share;
const at = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
const line = (points, name) => `<polyline points="${points.join(" ")}" class="${name}"/>`;
const GROUND = `<path d="M${EDGE} ${HIGH - EDGE}H${WIDE - EDGE}M${EDGE} ${EDGE}V${HIGH - EDGE}" class="axis"/>`;

function curves({ yours, own }) {
  const trace = (row) => row.map((share, n) => at(across(n, row.length), up(share)));
  return GROUND + line(trace(own), "model") + line(trace(yours), "own");
}

function scale({ share, answer }) {
  const x = (value) => EDGE + ((WIDE - 2 * EDGE) * Math.min(100, Math.max(0, value))) / 100;
  const row = (value, y, name) => line([at(x(0), y), at(x(value), y)], name);
  const ends = `<path d="M${EDGE} 14V52M${WIDE - EDGE} 14V52" class="axis"/>`;
  return `${ends}<g class="thick">${row(share, 25, "own")}${row(answer, 41, "model")}</g>`;
}

/** From the place that the reader gave an item to the place that it has in the model. */
function crossings({ ranks }) {
  const y = (place) => up(1 - place / (ranks.length - 1));
  return ranks
    .map((rank, place) => {
      const name = rank === place ? "model" : "own";
      return (
        line([at(EDGE + 4, y(place)), at(WIDE - EDGE - 4, y(rank))], name) + ends(y(place), y(rank))
      );
    })
    .join("");
}

const ends = (left, right) =>
  `<circle cx="${EDGE + 4}" cy="${left}" r="2.5" class="from"/><circle cx="${WIDE - EDGE - 4}" cy="${right}" r="2.5" class="full"/>`;
