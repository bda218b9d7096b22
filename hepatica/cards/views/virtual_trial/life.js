// The view of lives: the same four hundred in each of four fields, and what the reports make of
// them.

import { LIFE_READINGS, fourLives, lifeLuck, lifeRatio } from "../../engine/virtual_life.js";
import { lifeTables, ratioTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_HALO,
  TRIAL_MARKS,
  putLayers,
  trialFill,
  trialKeys,
  trialLine,
  trialScale,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

const LIVES = 400;
const LIFE_ROWS = 10; // as many on top of each other
const LIFE_DESIGNS = ["blinded", "open"];
const LIFE_WORDS = {
  deaths: "deaths, of all who were drawn",
  protocol: "deaths, of those who got the cells",
  composite: "death or transplant, of all",
  truth: "deaths in truth, seen or not",
};
const LIFE_PAINT = {
  dead: trialFill("injury"),
  lost: trialStroke("injury", 1.2),
  moved: trialFill("therapy"),
  alive: trialFill("line"),
};

const LIFE_FATES = {
  dead: "seen to die",
  lost: "lost from sight",
  moved: "transplanted",
  alive: "alive",
};

/** Four hundred lives, each lived four times; every life keeps its place in all fields. */
export function viewLife() {
  const fields = viewOf("Four hundred lives, each lived four times, each at its place"),
    ratios = viewOf("Risk with cells over risk without, by what is counted");
  ratios.node.append(
    trialKeys([
      ["diamond", trialStroke("ink", 2), "blinded"],
      ["diamond", trialFill("therapy"), "open"],
    ]),
  );
  fields.node.append(
    trialKeys(Object.entries(LIFE_FATES).map(([fate, word]) => ["square", LIFE_PAINT[fate], word])),
  );
  const values = [
    valuesOfNamed(fields.node, fields.title, (designs) =>
      lifeTables({ designs, fates: LIFE_FATES, names: LIFE_DESIGNS }),
    ),
    valuesOfNamed(ratios.node, ratios.title, (designs) =>
      ratioTables({ found: lifePairs(designs), words: Object.values(LIFE_WORDS) }),
    ),
  ];
  let luck = {};
  const draw = (v, _data, veiled) => {
    if (luck.seed !== v.seed) luck = { seed: v.seed, ...lifeLuck(v.seed, LIVES) };
    const designs = fourLives(v, luck);
    for (const one of values) one.follow(designs, veiled);
    if (veiled) {
      fields.picture.innerHTML = trialVeil(fields.width(), 212);
      ratios.picture.innerHTML = trialVeil(ratios.width(), 216);
    } else {
      putLayers(fields.picture, lifeFields(designs, fields.width()));
      putLayers(ratios.picture, lifeRatios(designs, ratios.width()));
    }
    return lifeScope(v, designs);
  };
  return {
    nodes: [fields.node, ratios.node],
    values,
    buttons: [{ label: "Other lives", primary: true, act: (v) => ({ seed: v.seed + 1 }) }],
    draw,
  };
}

/** The places of the lives: those that end alike, blinded and without cells, stand together. */
function lifePlaces(arm) {
  const rank = Object.keys(LIFE_PAINT);
  const order = arm.map((_, i) => i);
  return order.sort((a, b) => rank.indexOf(arm[a].fate) - rank.indexOf(arm[b].fate) || a - b);
}

function lifeFields(designs, width) {
  const rows = width < 480 ? 16 : LIFE_ROWS,
    wide = (width - 16) / 2,
    step = wide / (LIVES / rows),
    tall = Math.ceil(step * rows) + 30;
  const places = lifePlaces(designs[0].control);
  const layers = designs.flatMap(({ cells, control }, down) =>
    [cells, control].map((arm, across) => {
      const [x, y] = [across * (wide + 16), down * tall];
      const name = `${LIFE_DESIGNS[down]}, ${across ? "without" : "with cells"}`;
      const lives = places.map((life) => arm[life]);
      return trialText(x, y + 15, name) + lifeField(lives, x, y + 22, step, rows);
    }),
  );
  const told = designs.map(
    ({ cells, control }, i) =>
      `${LIFE_DESIGNS[i]} ${[cells, control].map((arm) => arm.filter(LIFE_READINGS.deaths).length).join(" and ")}`,
  );
  const label = `Seen to die of ${LIVES}, with cells and without: ${told.join("; ")}`;
  return { width, height: 2 * tall, label, layers };
}

function lifeField(lives, left, top, step, rows) {
  const side = (0.76 * step).toFixed(1);
  const square = (i) => {
    const [x, y] = [left + Math.floor(i / rows) * step, top + (i % rows) * step];
    return `M${x.toFixed(1)} ${y.toFixed(1)}h${side}v${side}h-${side}Z`;
  };
  const shape = (fate) => lives.map((one, i) => (one.fate === fate ? square(i) : "")).join("");
  const paint = ([fate, look]) => `<path d="${shape(fate)}" ${look}/>`;
  return Object.entries(LIFE_PAINT).map(paint).join("");
}

/** Each ratio, blinded and open. */
const lifePairs = (designs) =>
  Object.keys(LIFE_READINGS).map((name) => designs.map((design) => lifeRatio(name, design)));

function lifeRatios(designs, width) {
  const names = Object.keys(LIFE_READINGS),
    step = 44,
    height = step * names.length + 40;
  const x = trialScale(Math.log(0.5), Math.log(2), 12, width - 12),
    at = (ratio) => x(Math.log(ratio));
  const found = lifePairs(designs);
  const rows = found.map(([blind, open], i) => {
    const y = 30 + step * i;
    return (
      trialLine(12, y, width - 12, y, trialStroke("line", 1)) +
      trialLine(at(blind), y, at(open), y, trialStroke("therapy", 3)) +
      TRIAL_MARKS.diamond(at(open), y, 6, trialFill("therapy")) +
      TRIAL_MARKS.diamond(at(blind), y, 6, trialStroke("ink", 2))
    );
  });
  const words = names.map((name, i) => trialText(12, 17 + step * i, LIFE_WORDS[name], TRIAL_HALO));
  const one = trialLine(
    at(1),
    22,
    at(1),
    height - 34,
    trialStroke("muted", 1.5, 'stroke-dasharray="4 3"'),
  );
  const ticks = [0.5, 0.7, 1, 1.4, 2].map((tick) =>
    trialText(at(tick), height - 20, tick, `text-anchor="middle" ${TRIAL_HALO}`),
  );
  const ends =
    trialText(12, height - 4, "← fewer with cells") +
    trialText(width - 12, height - 4, "more →", 'text-anchor="end"');
  const told = names.map(
    (name, i) => `${LIFE_WORDS[name]} ${found[i].map((ratio) => ratio.toFixed(2)).join(" and ")}`,
  );
  const label = `Ratios blinded and open: ${told.join("; ")}`;
  return {
    width,
    height,
    label,
    layers: [one, words.join(""), rows.join(""), ticks.join("") + ends],
  };
}

/** What the four arms show, in the names of the card's sentence (kinds/virtual_trial/says_life.py). */
export function lifeScope(v, designs) {
  const found = { benefit: v.benefit, lives: LIVES };
  designs.forEach((design, i) => {
    const name = i ? "open" : "blind";
    for (const arm of ["cells", "control"])
      found[`${name}_${arm}`] = design[arm].filter(LIFE_READINGS.deaths).length;
    for (const reading of Object.keys(LIFE_READINGS))
      found[`${name}_${reading}`] = lifeRatio(reading, design);
  });
  found.shift = found.open_deaths / found.blind_deaths;
  found.moved = found.open_composite / found.blind_composite;
  return found;
}
