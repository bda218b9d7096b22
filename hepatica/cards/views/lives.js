// Single people of a chain: chance decides year by year, and each life is drawn as a strip that
// thickens with the stage.

import { element, putText } from "../parts/dom.js";

const LIFE_ROW = 22,
  LIFE_LEFT = 26,
  LIFE_STEP = 3; // in units of the picture
const LIFE_NARROW = 480; // px; below this, a year is half as wide

/**
 * Put single lives on the page.
 * @param {object} card the explorable: its model, its values and its run
 * @param {object} view the strips' part of the card's JSON: people, bands, seed
 * @param {HTMLElement} container
 * @param {string} id of what describes the picture
 * @returns {{draw: function, drawn: function}} draw(run, veiled); drawn() → bands of each life by
 * year
 */
export function createLives(card, view, container, id) {
  const picture = element("div"),
    words = element("p", { style: "margin: 0.25rem 0; font-size: 0.9375rem" });
  let seed = view.seed,
    veiled = false,
    lives = [];
  const others = element(
    "button",
    {
      type: "button",
      onclick: () => {
        seed += 1;
        card.paint();
      },
    },
    "Draw other people",
  );
  const key = (band) =>
    element(
      "li",
      {},
      element("span.hep-key", { "aria-hidden": "true", html: lifeSample(band) }),
      band.label,
    );
  container.append(
    picture,
    element("ul.hep-legend", {}, ...view.bands.map(key)),
    words,
    element("div.hep-actions", {}, others),
  );
  const paint = () => {
    others.disabled = veiled;
    if (veiled) {
      picture.replaceChildren();
      words.textContent = "";
      return;
    }
    const years = card.spec.run.until;
    lives = card.model
      .lives(card.values, years, view.people, seed)
      .map((life) => life.map((state) => bandOf(view.bands, state)));
    putText(words, lifeWords(view, lives));
    const narrow = container.clientWidth > 0 && container.clientWidth < LIFE_NARROW;
    picture.innerHTML = lifePicture(
      view,
      lives,
      { years, width: narrow ? 7.5 : 14, size: narrow ? 14 : 17 },
      card.values[card.model.switch],
      { id, name: `${view.people} single lives` },
    );
  };
  new ResizeObserver(() => card.run && paint()).observe(container);
  return {
    draw(_run, hidden) {
      veiled = hidden;
      paint();
    },
    drawn: () => lives,
  };
}

function bandOf(bands, state) {
  return bands.findIndex((band) => band.states.includes(state));
}

/** How many of the people ever were in each band, and when the first one came there. */
function lifeWords(view, lives) {
  const parts = view.bands.slice(1).map((band, i) => {
    const first = lives.map((life) => life.indexOf(i + 1)).filter((year) => year >= 0);
    return `${band.label}: ${first.length ? `${first.length} (first in year ${Math.min(...first)})` : "nobody"}`;
  });
  return `Of these ${view.people}, ever in … ${parts.join("; ")}.`;
}

function lifeSample(band) {
  const height = band.thickness * LIFE_STEP;
  return `<svg viewBox="0 0 30 20" width="30" height="20"><rect x="2" y="${10 - height / 2}" width="26" height="${height}" fill="var(--${band.role})"/></svg>`;
}

function lifePicture(view, lives, { years, width: step, size }, switched, { id, name }) {
  const width = LIFE_LEFT + step * (years + 1),
    height = LIFE_ROW * lives.length;
  const x = (year) => LIFE_LEFT + step * year;
  const tick = (year) =>
    `<path d="M${x(year)} 0V${height}" stroke="var(--line)"/><text x="${x(year)}" y="${height + 20}" text-anchor="middle" font-size="${size}" fill="var(--ink)">${year}</text>`;
  const ticks = Array.from({ length: Math.floor(years / 10) + 1 }, (_, i) => tick(10 * i));
  const strips = lives.map(
    (life, row) =>
      `<text x="0" y="${LIFE_ROW * row + 16}" font-size="15" fill="var(--muted)">${row + 1}</text>${lifeStrip(view.bands, life, LIFE_ROW * (row + 0.5), x)}`,
  );
  const shown = switched !== undefined && switched < years;
  const cure = shown
    ? `<path d="M${x(switched)} 0V${height}" stroke="var(--ink)" stroke-width="2" stroke-dasharray="5 4"/><text x="${x(switched) + (switched > years / 2 ? -5 : 5)}" y="${height + 40}" text-anchor="${switched > years / 2 ? "end" : "start"}" font-size="${size}" fill="var(--ink)">${view.switchLabel}</text>`
    : "";
  return `<svg class="hep-lives" role="img" aria-label="${name}" aria-describedby="${id}" viewBox="0 0 ${width} ${height + 48}" style="display: block; width: 100%; font-family: var(--sans)">${ticks.join("")}${strips.join("")}${cure}<text x="${width}" y="${height + 40}" text-anchor="end" font-size="${size}" fill="var(--muted)">${shown && switched > years / 2 ? "" : "years"}</text></svg>`;
}

/** One life: a bar for each stretch of years in one band. */
function lifeStrip(bands, life, middle, x) {
  let out = "";
  for (let from = 0, to; from < life.length; from = to) {
    for (to = from + 1; to < life.length && life[to] === life[from];) to++;
    const band = bands[life[from]],
      height = band.thickness * LIFE_STEP;
    out += `<rect x="${x(from)}" y="${middle - height / 2}" width="${x(to) - x(from)}" height="${height}" fill="var(--${band.role})"/>`;
  }
  return out;
}
