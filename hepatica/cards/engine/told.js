// What a picture that is no chart shows, in words and as rows, from the numbers that it was drawn
// from. Each function returns {words, heads, rows}; `drawn` is what a picture adds to its run.

import { functionOf } from "./code.js";
import { ROUGH, centreOf, sourcesOf } from "./lattice.js";
import { formatNumber } from "./rules.js";

const NAME_ENDS = /[.:;]/;
const ZONES = [
  "at the central veins",
  "nearer to the central veins",
  "half-way between vein and tract",
  "nearer to the portal tracts",
  "at the portal tracts",
];
const WAYS = {
  "stroke-width": "width",
  opacity: "strength",
  scale: "size",
  count: "marks",
  "fill-level": "level",
  flow: "flow",
};
const EDGE = 1e-9; // a site on the edge of a zone lies in the same one whatever an engine rounds
const NORMAL = 1.959963984540054; // 95 % of chance lie within so many standard errors

/** A picture's short name: its description up to the first stop. */
export const shortName = (alt) => alt.split(NAME_ENDS, 1)[0].trim();

const short = (value) => formatNumber(value, "3s");
const percent = (value) => `${short(value)} %`;

/** The composition of a piece of tissue; `view.states` are formulas of what it is drawn from. */
function tissue({ states }, { scope }) {
  const [H, CPA, X, F, M] = ["H", "CPA", "X", "F", "M"].map((name) =>
    states[name] ? functionOf(states[name])(scope) : 0,
  );
  const rows = [
    ["collagen, stained red", percent(CPA)],
    ["of it cross-linked, maroon", percent(X)],
    ["hepatocytes left, of a healthy liver's", percent(100 * H)],
    ["scar cells per mL", short(F)],
    ["macrophages per mL", short(M)],
  ];
  const cells = F + M > 0 ? `${short(F)} scar cells and ${short(M)} macrophages per mL` : "";
  const words =
    `Of the tissue ${percent(CPA)} is collagen, ${percent(X)} of the tissue cross-linked; ` +
    `${percent(100 * H)} of a healthy liver's hepatocytes are left; ` +
    `${cells || "neither scar cells nor macrophages are drawn"}.`;
  return { words, heads: ["What is drawn", "How much"], rows };
}

// ---- a field of lobules ----

const zonesKnown = new WeakMap(); // per field: the zone of each site, and how many sites each has

/** The zone of every site: where it lies between the nearest vein and the nearest tract. */
export function zonesOf(field) {
  if (!zonesKnown.has(field)) {
    const { width, height, columns, rows } = field;
    const zone = Uint8Array.from({ length: width * height }, (_, site) => {
      const x = (((site % width) + 0.5) * columns) / width;
      const y = ((Math.floor(site / width) + 0.5) * rows * ROUGH) / height;
      return zoneAt(x, y);
    });
    zonesKnown.set(field, zone);
  }
  return zonesKnown.get(field);
}

function zoneAt(x, y) {
  const [row, column] = [Math.floor(y / ROUGH), Math.floor(x)];
  let [vein, tract] = [Infinity, Infinity];
  for (let down = -1; down <= 1; down++) {
    for (let right = -1; right <= 1; right++) {
      const centre = centreOf(row + down, column + right);
      vein = Math.min(vein, Math.hypot(centre.x - x, centre.y - y));
      for (const place of sourcesOf(row + down, column + right, 1))
        tract = Math.min(tract, Math.hypot(place.x - x, place.y - y));
    }
  }
  const along = vein / (vein + tract) + EDGE;
  return Math.min(ZONES.length - 1, Math.floor(ZONES.length * along));
}

/** A field of lobules; `drawn` is {field, out}: hepatocytes, young and old scar of each site. */
function map(view, { scope }, drawn) {
  const core = view.needle
    ? ` The needle takes a core of ${short(scope.needle_length)} by ${short(scope.needle_width)} mm.`
    : "";
  const whole =
    `Collagen is ${percent(scope.CPA_field)} of the field; ${percent(scope.scarred)} of the field is ` +
    `dense enough to count as scar; ${percent(scope.bridged)} of the bridges between vessels are ` +
    `closed.${core}`;
  if (!drawn) return { words: whole, heads: [], rows: [] };
  const means = zoneMeans(drawn.field, drawn.out);
  const scar = means.map(({ C, X }) => Number((C + X).toPrecision(3))); // as it is printed
  const at = (value) => `${ZONES[scar.indexOf(value)]} (${percent(value)})`;
  const [most, least] = [Math.max(...scar), Math.min(...scar)];
  const where =
    most - least < 0.5
      ? `New scar is spread evenly (${percent(most)} of area).`
      : `New scar is densest ${at(most)} and thinnest ${at(least)}.`;
  return {
    words: `${whole} ${where}`,
    heads: ["Place", "hepatocytes (%)", "young scar (% of area)", "cross-linked scar (% of area)"],
    rows: means.map(({ H, C, X }, n) => [ZONES[n], 100 * H, C, X]),
  };
}

/** Means of what is drawn, by zone. */
function zoneMeans(field, { H, C, X }) {
  const sums = ZONES.map(() => ({ count: 0, H: 0, C: 0, X: 0 }));
  zonesOf(field).forEach((zone, site) => {
    const sum = sums[zone];
    sum.count += 1;
    sum.H += H[site];
    sum.C += C[site];
    sum.X += X[site];
  });
  return sums.map(({ count, ...sum }) => {
    const share = (name) => sum[name] / (count || 1);
    return { H: share("H"), C: share("C"), X: share("X") };
  });
}

// ---- people ----

/** People in groups; `drawn` is how many icons each group has. */
function icons({ groups, people }, _run, drawn) {
  const told = groups.map(({ label }, n) => [label, drawn[n]]);
  const words = told.map(([label, count]) => `${count} ${label}`).join("; ");
  return { words: `Of ${people} people: ${words}.`, heads: ["Group", "People"], rows: told };
}

/** Single lives; `drawn` is, for each, the place of its band in every year. */
function lives({ bands }, _run, drawn) {
  const later = bands.slice(1);
  const first = (life, n) => life.findIndex((band) => band >= n + 1);
  const reached = later.map((band, n) => {
    const years = drawn.map((life) => first(life, n)).filter((year) => year >= 0);
    const when = years.length ? ` (the first in year ${Math.min(...years)})` : "";
    return `${band.label} or beyond: ${years.length || "nobody"}${when}`;
  });
  const rows = drawn.map((life, n) => [
    `person ${n + 1}`,
    ...later.map((_, k) => (life.includes(k + 1) ? String(life.indexOf(k + 1)) : "never")),
  ]);
  const heads = ["Person", ...later.map(({ label }) => `${label}, from year`)];
  return { words: `Of ${drawn.length} people, ${reached.join("; ")}.`, heads, rows };
}

// ---- drawings and bars ----

/** A drawing driven by a model: its numbers, and how far each moved part has moved. */
function drawing({ bindings = [], parts = [] }, { scope }) {
  const names = new Map(parts.map(({ id, name }) => [id, name]));
  const named = (part) => names.get(part) ?? part.replaceAll("-", " ");
  const numbers = bindings.filter(({ attribute }) => attribute === "text");
  const written = numbers.map((one) => [
    named(one.part.replace(/-value$/, "")),
    `${formatNumber(functionOf(one)(scope), one.style)}${one.suffix ?? ""}`,
  ]);
  const moved = bindings
    .filter(({ attribute }) => attribute !== "text")
    .map((one) => [
      `${named(one.part)}: ${WAYS[one.attribute] ?? "height"}`,
      `${formatNumber(100 * shareOf(one, functionOf(one)(scope)), "0f")} % of its range`,
    ]);
  const told = written.length ? written : moved.slice(0, 6);
  const words = told.map((cells) => cells.join(" ")).join("; ");
  return {
    words: told.length ? `It now shows: ${words}.` : "",
    heads: ["Part of the drawing", "What it shows"],
    rows: [...written, ...moved],
  };
}

/** Where a value stands in the range of its part, from 0 to 1. */
function shareOf({ from: [low, high], scale }, value) {
  const bend = scale === "log" ? (x) => Math.log(Math.max(x, 1e-30)) : (x) => x;
  const share = (bend(value) - bend(low)) / (bend(high) - bend(low));
  return Math.min(1, Math.max(0, share));
}

/** Bars made of parts. */
function bars({ rows, unit }, { scope }) {
  const amount = (item, style) => `${formatNumber(functionOf(item)(scope), style)} ${unit}`.trim();
  const told = rows.map((row) => [row.label, amount(row.total, row.style)]);
  const parts = rows.flatMap((row) =>
    row.parts.length > 1
      ? row.parts.map((part) => [`${row.label}: ${part.label}`, amount(part, part.style)])
      : [],
  );
  const words = `${told.map((cells) => cells.join(": ")).join("; ")}.`;
  return { words, heads: ["Bar", "Length"], rows: [...told, ...parts] };
}

// ---- trials ----

/** Doses of trials; those that the controls leave out are not told. */
function doses({ lanes }, { scope }) {
  const shown = lanes.filter((_, n) => !scope.type || scope.type === n + 1);
  const rows = shown.flatMap((lane) =>
    lane.rows
      .filter(({ route }) => !scope.route || route === scope.route)
      .map(({ name, high, printed, infusions }) => [
        name,
        lane.label,
        high ? String(printed) : "not read",
        infusions ? String(infusions) : "not told",
      ]),
  );
  const read = rows.filter((row) => row[2] !== "not read").length;
  const range =
    read > 0 ? `, from ${short(scope.smallest)} to ${short(scope.largest)} cells per infusion` : "";
  return {
    words: `The doses of ${read} of ${rows.length} trials could be read${range}.`,
    heads: ["Trial", "Cells", "Dose as printed", "Infusions"],
    rows,
  };
}

/** A funnel; `run` is {all, kept}: trials with effect `yi` and variance `vi`, those that count. */
function funnel({ measure }, { all, kept }) {
  const back = measure.log ? Math.exp : (value) => value;
  const weights = kept.map(({ vi }) => 1 / vi);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = kept.reduce((sum, { yi }, n) => sum + weights[n] * yi, 0) / total;
  const far = kept.filter(({ yi, vi }) => Math.abs(yi - centre) > NORMAL * Math.sqrt(vi));
  const inside = new Set(kept.map(({ key }) => key));
  const names = far.map(({ label }) => label).join("; ");
  const words = kept.length
    ? `${kept.length} trials around one common effect of ${formatNumber(back(centre), "2f")}; ` +
      `${far.length || "none"} outside the area where chance alone would put 95 %` +
      `${names ? `: ${names}` : ""}.`
    : "No trial is in.";
  return {
    words,
    heads: ["Trial", "Effect", "Standard error", "Counted"],
    rows: all.map(({ key, label, yi, vi }) => [
      label,
      formatNumber(back(yi), "2f"),
      formatNumber(Math.sqrt(vi), "2f"),
      inside.has(key) ? "yes" : "no",
    ]),
  };
}

/** What is told of each type of view. */
export const TOLD = { tissue, map, icons, lives, drawing, bars, doses, funnel };
