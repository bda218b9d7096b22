// A field of lobules in the browser: hepatica/models/lobule.py once more, and its map.
//
// Sites that the zone of injury reaches on the same day share their history. So LSM-5 is solved once (and once more per
// length of injury when the cause stops), the histories are kept in a table, and every site looks its own up. A frame
// of the map is a walk over the sites, which is what lets time run smoothly.

import { compileModel, linspace, solveModel } from "../engine/solver.js";
import { element, paintedColour } from "../parts/dom.js";
import { tissueRandom } from "./tissue.js";

const LOBULE_ROUGH = Math.sqrt(3) / 2;
const LOBULE_REACH = 2;
const LOBULE_KEPT = ["H", "C", "X", "A"];
const LOBULE_HEALTHY = { H: 1, C: 0, X: 0, A: 1 };
const LOBULE_CORE = 0.1; // room for the enlarged core, as a share of the map's width
const LOBULE_CORE_MM = 15; // cores up to this length are enlarged alike
const LOBULE_FULL_RED = 30; // % of area above the healthy level at which the map is red or maroon all over

/** Turn the JSON of `Lobules.javascript()` into something to run. */
export function compileLobule(spec) {
  return { ...spec, element: compileModel(spec.element), memory: new Map() };
}

/** The last result of `make` for this `key`: one per name, since sliders move one thing at a time. */
function lobuleRemember(model, name, key, make) {
  const known = model.memory.get(name);
  if (known?.key === key) return known.value;
  const value = make();
  model.memory.set(name, { key, value });
  return value;
}

/**
 * Run a field.
 * @param {object} model from `compileLobule`
 * @param {Object<string, number>} given parameter values; missing ones keep the ledger's value
 * @param {number[]} days rising days to report, from 0
 * @returns {Object<string, Float64Array>} one series per read-out; `model.now` keeps what the map needs
 */
export function runLobule(model, given, days) {
  const v = Object.fromEntries(model.parameters.map((row) => [row.name, given[row.name] ?? row.value]));
  const names = model.parameters.map((row) => row.name).filter((name) => !name.startsWith("needle_"));
  const key = JSON.stringify([names.map((name) => v[name]), days.length, days.at(-1)]);
  model.now = lobuleRemember(model, "run", key, () => lobuleField(model, v, days));
  const needle = JSON.stringify([key, v.needle_x, v.needle_y, v.needle_length, v.needle_width]);
  return lobuleRemember(model, "series", needle, () => ({ ...model.now.series, ...lobuleNeedles(model, v, model.now) }));
}

/** Everything but the needle: histories, the day each site is reached, bridges, read-outs of the field. */
function lobuleField(model, v, days) {
  const { field } = model;
  const horizon = Math.max(days.at(-1), 1);
  const table = lobuleHistories(model, v, days, horizon);
  const place = JSON.stringify([v.pattern, v.variation, v.seed]);
  const geometry = lobuleRemember(model, "geometry", place, () => lobuleGeometry(field, v));
  const toBin = (away) => lobuleBin(away, v, field, horizon);
  const bins = Uint16Array.from(geometry.away, toBin);
  const links = geometry.links.map((link) => ({ ...link, bins: link.away.map(toBin) }));
  const now = { v, days, table, bins, links, geometry, count: days.length };
  now.lead = table.H.map((cells) => cells ** field.lead);
  now.dense = Uint8Array.from(table.C, (c, i) => Number(v.CPA_0 + c + table.X[i] >= v.septum));
  now.closed = links.map((link) => days.map((_, t) => Number(link.bins.every((bin) => now.dense[bin * now.count + t]))));
  now.series = lobuleReadouts(model, now);
  return now;
}

/** Bin of the day on which the zone reaches a site this far from its source; the last bin stays healthy. */
function lobuleBin(away, v, field, horizon) {
  const beyond = away * v.lobule_width - v.zone_0;
  const day = beyond <= 0 ? 0 : (beyond / v.zone_growth) * field.daysPerYear;
  if (!(day < Math.min(horizon, v.stop_year * field.daysPerYear))) return field.bins + 1;
  return lobuleRint((day * field.bins) / horizon);
}

/** Round half to even, as numpy does. */
function lobuleRint(x) {
  const whole = Math.floor(x);
  return x - whole === 0.5 ? whole + (whole % 2) : Math.round(x);
}

/** H, C, X and A for each day of arrival (rows) at each reported day (columns). */
function lobuleHistories(model, v, days, horizon) {
  const { field } = model;
  const step = horizon / field.bins;
  const own = { ...v, injury_years: horizon / field.daysPerYear + 1 };
  const run = solveModel(model.element, own, linspace(0, horizon, field.bins + 1));
  const table = Object.fromEntries(LOBULE_KEPT.map((name) => [name, new Float64Array((field.bins + 2) * days.length).fill(LOBULE_HEALTHY[name])]));
  for (let bin = 0; bin <= field.bins; bin++) {
    days.forEach((day, t) => {
      const since = day / step - bin;
      if (since >= 0) for (const name of LOBULE_KEPT) table[name][bin * days.length + t] = lobuleBetween(run[name], since);
    });
  }
  const stop = v.stop_year * field.daysPerYear;
  if (stop < days.at(-1)) lobuleLetGo(model, v, days, stop, step, run, table);
  return table;
}

/** The value of a row of numbers at a place between its entries. */
function lobuleBetween(row, place) {
  const i = Math.min(Math.max(Math.floor(place), 0), row.length - 2);
  const share = Math.min(Math.max(place - i, 0), 1);
  return row[i] * (1 - share) + row[i + 1] * share;
}

/** The histories after the cause has stopped, interpolated between a few lengths of injury. */
function lobuleLetGo(model, v, days, stop, step, run, table) {
  const { field } = model;
  const later = days.map((day, t) => [day - stop, t]).filter(([after]) => after > 0);
  const solved = linspace(0, stop, field.stops).map((length) => {
    const states = model.element.states.map((state) => ({ ...state, initial: lobuleBetween(run[state.name], length / step) }));
    return solveModel({ ...model.element, states }, { ...v, injury_years: 0 }, [0, ...later.map(([after]) => after)]);
  });
  for (const name of LOBULE_KEPT) {
    later.forEach(([, t], k) => {
      const row = solved.map((series) => series[name][k + 1]);
      for (let bin = 0; bin <= field.bins; bin++) {
        const lasted = Math.min(Math.max(stop - bin * step, 0), stop);
        table[name][bin * days.length + t] = lobuleBetween(row, (lasted / stop) * (field.stops - 1));
      }
    });
  }
}

// -- geometry, in lobule widths --------------------------------------------------------------------------

/** Lattice of central veins with everything derived from it: sources and their factors by row, column and kind. */
function lobuleSources(field, v) {
  const rows = field.rows + 2 * LOBULE_REACH;
  const columns = field.columns + 2 * LOBULE_REACH;
  const places = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) places.push(lobulePlaces(r - LOBULE_REACH, c - LOBULE_REACH, v.pattern));
  }
  const flat = places.flat();
  const random = tissueRandom(v.seed);
  const dice = Float64Array.from({ length: 2 * flat.length + 18 }, random);
  const waves = Array.from({ length: 6 }, (_, k) => {
    const [turn, shift, length] = [0, 6, 12].map((skip) => dice[2 * flat.length + skip + k]);
    const wave = (2 * Math.PI) / (6 + 10 * length);
    return [wave * Math.cos(2 * Math.PI * turn), wave * Math.sin(2 * Math.PI * turn), 2 * Math.PI * shift];
  });
  flat.forEach((source, i) => {
    const chance = Math.sqrt(-2 * Math.log(1 - dice[i])) * Math.cos(2 * Math.PI * dice[flat.length + i]);
    const region = waves.reduce((sum, [x, y, shift]) => sum + Math.cos(source.x * x + source.y * y + shift), 0) / Math.sqrt(3);
    source.factor = Math.exp((v.variation * (chance + region)) / Math.SQRT2);
  });
  return { places, columns, flat };
}

function lobuleCentre(row, column) {
  return { x: column + 0.25 + 0.5 * (((row % 2) + 2) % 2), y: (row + 0.5) * LOBULE_ROUGH, central: true };
}

/** The sources that belong to one lobule: its vein, its two tracts, or all. */
function lobulePlaces(row, column, pattern) {
  const vein = lobuleCentre(row, column);
  const tracts = [1, -1].map((side) => ({ x: vein.x + 0.5, y: vein.y + side / Math.sqrt(12), central: false }));
  return pattern === 0 ? [vein] : pattern === 1 ? tracts : [vein, ...tracts];
}

/** Row and column of the lobule lattice below a point. */
function lobuleCell(field, x, y) {
  const inside = (value, count) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  return [inside(y / LOBULE_ROUGH, field.rows), inside(x, field.columns)];
}

/** Distance of a point to its source, over that source's factor. */
function lobuleAway(field, sources, x, y) {
  const [row, column] = lobuleCell(field, x, y);
  let nearest = Infinity;
  for (let down = 0; down <= 2 * LOBULE_REACH; down++) {
    for (let right = 0; right <= 2 * LOBULE_REACH; right++) {
      for (const source of sources.places[(row + down) * sources.columns + column + right]) {
        const dx = source.x - x;
        const dy = source.y - y;
        nearest = Math.min(nearest, Math.sqrt(dx * dx + dy * dy) / source.factor);
      }
    }
  }
  return nearest;
}

function lobuleGeometry(field, v) {
  const sources = lobuleSources(field, v);
  const wide = field.columns;
  const high = field.rows * LOBULE_ROUGH;
  const away = new Float64Array(field.width * field.height);
  for (let j = 0; j < field.height; j++) {
    for (let i = 0; i < field.width; i++) {
      away[j * field.width + i] = lobuleAway(field, sources, ((i + 0.5) * wide) / field.width, ((j + 0.5) * high) / field.height);
    }
  }
  return { away, links: lobuleLinks(field, sources, v.pattern, wide, high), wide, high };
}

/** Possible bridges between neighbouring sources inside the field, with the distances of points along them. */
function lobuleLinks(field, sources, pattern, wide, high) {
  const inside = sources.flat.filter((s) => s.x > -1e-9 && s.y > -1e-9 && s.x < wide + 1e-9 && s.y < high + 1e-9);
  const reach = (pattern === 0 ? 1 : 1 / Math.sqrt(3)) * 1.001;
  const links = [];
  inside.forEach((p, n) => {
    for (const q of inside.slice(n + 1)) {
      if (Math.hypot(p.x - q.x, p.y - q.y) >= reach) continue;
      const along = linspace(0, 1, field.linkPoints);
      const away = along.map((s) => lobuleAway(field, sources, p.x * (1 - s) + q.x * s, p.y * (1 - s) + q.y * s));
      links.push({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, away });
    }
  });
  return links;
}

/** What the bridges enclose around a lobule: middles with the angle of one side, number of sides, inner radius. */
function lobuleIslands(row, column, pattern) {
  const vein = lobuleCentre(row, column);
  if (pattern === 1) return { list: [{ ...vein, turn: 0 }], sides: 6, radius: 0.5 };
  if (pattern === 0) {
    const list = lobulePlaces(row, column, 1).map((tract, k) => ({ ...tract, turn: k ? Math.PI / 2 : -Math.PI / 2 }));
    return { list, sides: 3, radius: 1 / Math.sqrt(12) };
  }
  const list = Array.from({ length: 6 }, (_, k) => (k * Math.PI) / 3)
    .map((turn) => ({ x: vein.x + Math.cos(turn) / 3, y: vein.y + Math.sin(turn) / 3, turn }));
  return { list, sides: 3, radius: 1 / 6 };
}

/** For each site its share of the island's area between wall and site, and the sites along its ray. */
function lobuleRings(field, pattern) {
  const wide = field.columns;
  const high = field.rows * LOBULE_ROUGH;
  const share = new Float64Array(field.width * field.height);
  const ray = new Uint32Array(share.length * field.ray);
  const along = Array.from({ length: field.ray }, (_, k) => Math.sqrt(1 - (k + 0.5) / field.ray));
  const clip = (value, count) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  const islands = new Map();
  const around = (row, column) => {
    const key = row * 1000 + column;
    if (!islands.has(key)) islands.set(key, lobuleIslands(row, column, pattern));
    return islands.get(key);
  };
  for (let site = 0; site < share.length; site++) {
    const x = (((site % field.width) + 0.5) * wide) / field.width;
    const y = ((Math.floor(site / field.width) + 0.5) * high) / field.height;
    const [island, dx, dy, sides, radius] = lobuleIsland(field, x, y, around);
    let out = 1e-6;
    for (let k = 0; k < sides; k++) {
      const normal = island.turn + (2 * Math.PI * k) / sides;
      out = Math.max(out, (dx * Math.cos(normal) + dy * Math.sin(normal)) / radius);
    }
    out = Math.min(out, 1);
    share[site] = 1 - out * out;
    for (let k = 0; k < field.ray; k++) {
      const far = along[k] / out;
      const i = clip(((island.x + dx * far) * field.width) / wide, field.width);
      const j = clip(((island.y + dy * far) * field.height) / high, field.height);
      ray[site * field.ray + k] = j * field.width + i;
    }
  }
  return { share, ray };
}

/** The island in which a point lies: the one with the nearest middle. */
function lobuleIsland(field, x, y, around) {
  const [row, column] = lobuleCell(field, x, y);
  let best = null;
  let least = Infinity;
  for (let down = -1; down <= 1; down++) {
    for (let right = -1; right <= 1; right++) {
      const { list, sides, radius } = around(row + down, column + right);
      for (const island of list) {
        const dx = x - island.x;
        const dy = y - island.y;
        if (dx * dx + dy * dy < least) {
          least = dx * dx + dy * dy;
          best = [island, dx, dy, sides, radius];
        }
      }
    }
  }
  return best;
}

// -- read-outs -------------------------------------------------------------------------------------------

function lobuleReadouts(model, now) {
  const { v, days, table, bins, count } = now;
  const weight = new Float64Array(model.field.bins + 2);
  for (const bin of bins) weight[bin] += 1 / bins.length;
  const series = Object.fromEntries(model.reported.map((name) => [name, new Float64Array(count)]));
  days.forEach((day, t) => {
    let [kept, scar, cells, dense] = [0, 0, 0, 0];
    weight.forEach((share, bin) => {
      const at = bin * count + t;
      const area = share * table.A[at];
      kept += area;
      scar += area * (table.C[at] + table.X[at]);
      cells += area * table.H[at];
      dense += area * now.dense[at];
    });
    const closed = now.closed.reduce((sum, link) => sum + link[t], 0) / now.closed.length;
    series.zone[t] = v.zone_0 + v.zone_growth * Math.min(day / model.field.daysPerYear, v.stop_year);
    series.CPA_field[t] = v.CPA_0 + scar;
    series.hepatocytes[t] = 100 * (cells + 1 - kept);
    series.scarred[t] = 100 * dense;
    series.bridged[t] = 100 * closed;
    series.stage[t] = lobuleStage(closed, now.dense[t], v);
  });
  return series;
}

/** METAVIR-like stage from the share of bridges that are closed. */
function lobuleStage(closed, deposit, v) {
  return deposit ? 1 + (closed >= v.some) + (closed >= v.many) + (closed >= v.closed) : 0;
}

function lobuleNeedles(model, v, now) {
  const { field } = model;
  const wide = now.geometry.wide * v.lobule_width;
  const high = now.geometry.high * v.lobule_width;
  const random = tissueRandom(v.seed + 7919);
  const needles = Array.from({ length: field.needles }, () => {
    const x = random() * Math.max(wide - v.needle_length, 0);
    return lobuleInNeedle(now.links, v, x, random() * Math.max(high - v.needle_width, 0) + v.needle_width / 2);
  });
  const own = lobuleInNeedle(now.links, v, lobuleStart(v, wide), v.needle_y);
  const empty = () => new Float64Array(now.count);
  const series = { needle_bridged: empty(), needle_stage: empty(), agree: empty(), too_low: empty(), too_high: empty() };
  for (let t = 0; t < now.count; t++) {
    const share = lobuleShare(now.closed, own, t);
    series.needle_bridged[t] = 100 * share;
    series.needle_stage[t] = lobuleStage(share, now.dense[t], v);
    for (const needle of needles) {
      const gap = lobuleStage(lobuleShare(now.closed, needle, t), now.dense[t], v) - now.series.stage[t];
      series[gap === 0 ? "agree" : gap < 0 ? "too_low" : "too_high"][t] += 100 / needles.length;
    }
  }
  return series;
}

/** Where the needle starts: its core stays in the field. */
function lobuleStart(v, wide) {
  return Math.min(v.needle_x, Math.max(wide - v.needle_length, 0));
}

/** Numbers of the bridges whose middle lies in a needle. */
function lobuleInNeedle(links, v, x, y) {
  const chosen = [];
  links.forEach((link, n) => {
    const at = link.x * v.lobule_width;
    if (at >= x && at < x + v.needle_length && Math.abs(link.y * v.lobule_width - y) <= v.needle_width / 2) chosen.push(n);
  });
  return chosen;
}

function lobuleShare(closed, chosen, t) {
  let sum = 0;
  for (const n of chosen) sum += closed[n][t];
  return chosen.length ? sum / chosen.length : 0;
}

// -- the map ---------------------------------------------------------------------------------------------

/** C, X and H of every site at one time, written into `out`; condensed where neighbours squeeze. */
export function lobulePicture(model, t, out) {
  const { v, table, bins, count } = model.now;
  if (!(v.chi > 0)) {
    for (let site = 0; site < bins.length; site++) {
      const at = bins[site] * count + t;
      out.H[site] = table.H[at];
      out.C[site] = table.C[at];
      out.X[site] = table.X[at];
    }
    return out;
  }
  const rings = lobuleRemember(model, "rings", String(v.pattern), () => lobuleRings(model.field, v.pattern));
  for (let site = 0; site < bins.length; site++) lobuleCondense(model, rings, site, t, out);
  return out;
}

function lobuleCondense(model, rings, site, t, out) {
  const { table, bins, count } = model.now;
  const n = model.field.ray;
  let living = 0;
  let kept = 0;
  for (let k = 0; k < n; k++) {
    const at = bins[rings.ray[site * n + k]] * count + t;
    living += model.now.lead[at];
    kept += table.A[at];
  }
  const gain = (n - kept) / living;
  let edge = 0;
  for (let k = 0; k < n; k++) {
    const at = bins[rings.ray[site * n + k]] * count + t;
    const area = table.A[at] + gain * model.now.lead[at];
    edge += area / n;
    if (edge < rings.share[site] && k < n - 1) continue;
    const thin = table.A[at] / area;
    out.C[site] = table.C[at] * thin;
    out.X[site] = table.X[at] * thin;
    out.H[site] = table.H[at] * thin + 1 - thin;
    return;
  }
}

/**
 * The map of a field as a view of an explorable.
 * @param {object} card the explorable; its model is a field
 * @param {object} view {alt, needle}
 * @param {HTMLElement} node where the map goes
 */
export function createLobule(card, view, node) {
  const { model } = card;
  const { field } = model;
  const canvas = element("canvas.hep-lobule", { role: "img", "aria-label": view.alt });
  node.append(canvas, lobuleLegend(view));
  const sites = field.width * field.height;
  const map = {
    canvas, node, view, small: document.createElement("canvas"), image: new ImageData(field.width, field.height),
    out: { H: new Float64Array(sites), C: new Float64Array(sites), X: new Float64Array(sites) },
  };
  Object.assign(map.small, { width: field.width, height: field.height });
  const draw = (run, veiled) => {
    map.last = [run, veiled];
    if (!node.isConnected) return; // JupyterLab attaches a card after it is made; the observer below then draws
    const t = veiled ? 0 : run.times.indexOf(run.scope.time);
    const at = { ...run.scope, needle_x: lobuleStart(run.scope, field.columns * run.scope.lobule_width) };
    lobulePaint(model, map, Math.max(t, 0), view.needle && !veiled ? at : null);
  };
  const again = () => { if (map.last) draw(...map.last); };
  new ResizeObserver(again).observe(node);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  if (view.needle) lobuleDrag(card, canvas, field);
  return { draw };
}

function lobuleLegend(view) {
  const item = (mark, words) => element("span.hep-lobule-key", {}, element("i", { "data-mark": mark, "aria-hidden": "true" }), words);
  const items = [item("hepatocyte", "hepatocytes"), item("collagen", "young scar"), item("crosslinked", "cross-linked scar"),
    item("vein", "central vein"), item("tract", "portal tract")];
  return element("p.hep-lobule-keys", {}, ...items, view.needle ? item("needle", "biopsy needle; below, its core enlarged") : null);
}

/** The tissue colours of the page as numbers. */
function lobuleColours(node) {
  const names = ["hepatocyte", "collagen", "crosslinked", "paper", "ink", "blood", "bile", "accent"];
  return Object.fromEntries(names.map((name) => {
    const painted = paintedColour(node, `var(--${name})`);
    return [name, { css: painted, rgb: painted.match(/[\d.]+/g).slice(0, 3).map(Number) }];
  }));
}

function lobulePaint(model, map, t, needleAt) {
  const { out, image } = map;
  const colours = lobuleColours(map.node);
  lobulePicture(model, t, out);
  const [tan, red, maroon, paper] = ["hepatocyte", "collagen", "crosslinked", "paper"].map((name) => colours[name].rgb);
  for (let site = 0, k = 0; site < out.H.length; site++, k += 4) {
    const scar = out.C[site] + out.X[site];
    const strength = Math.min(1, scar / LOBULE_FULL_RED);
    const old = out.X[site] / (scar + 1e-9);
    const alive = 0.3 + 0.7 * out.H[site];
    for (let c = 0; c < 3; c++) {
      const cells = paper[c] + (tan[c] - paper[c]) * alive;
      image.data[k + c] = cells + (red[c] + (maroon[c] - red[c]) * old - cells) * strength;
    }
    image.data[k + 3] = 255;
  }
  map.small.getContext("2d").putImageData(image, 0, 0);
  lobuleScene(model, map, colours, needleAt);
}

/** The map at the size of the page, with vessels, a scale bar and the needle. */
function lobuleScene(model, map, colours, needleAt) {
  const { canvas } = map;
  const { field, now } = model;
  const wide = Math.round((map.node.clientWidth || 600) * Math.min(devicePixelRatio || 1, 2));
  const unit = wide / field.columns;
  const high = Math.round(unit * field.rows * LOBULE_ROUGH);
  const tall = high + (map.view.needle ? Math.round(wide * LOBULE_CORE) : 0);
  if (canvas.width !== wide || canvas.height !== tall) Object.assign(canvas, { width: wide, height: tall });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.clearRect(0, 0, wide, tall);
  pen.drawImage(map.small, 0, 0, wide, high);
  if (!map.view.needle) lobuleAllVessels(pen, field, unit, colours);
  if (needleAt) lobuleNeedle(pen, needleAt, unit / now.v.lobule_width, high, colours);
  lobuleScale(pen, unit / now.v.lobule_width, high, colours);
  if (needleAt) lobuleCore(pen, map, needleAt, model, high, colours);
}

/** The core of the needle as it lies under the microscope, longer needles to a smaller scale. */
function lobuleCore(pen, map, at, model, high, colours) {
  const { field, now } = model;
  const wide = pen.canvas.width;
  const scale = wide / Math.max(at.needle_length, LOBULE_CORE_MM) / (map.small.width / (field.columns * now.v.lobule_width));
  const perMm = (map.small.width / (field.columns * now.v.lobule_width)) * scale;
  const top = high + (pen.canvas.height - high - at.needle_width * perMm) / 2;
  pen.save();
  pen.beginPath();
  pen.rect(0, top, at.needle_length * perMm, at.needle_width * perMm);
  pen.clip();
  pen.translate(-at.needle_x * perMm, top - (at.needle_y - at.needle_width / 2) * perMm);
  pen.drawImage(map.small, 0, 0, field.columns * now.v.lobule_width * perMm, field.rows * LOBULE_ROUGH * now.v.lobule_width * perMm);
  lobuleAllVessels(pen, field, now.v.lobule_width * perMm, colours);
  pen.restore();
  pen.strokeStyle = colours.accent.css;
  pen.lineWidth = 2;
  pen.strokeRect(1, top, at.needle_length * perMm - 2, at.needle_width * perMm);
}

function lobuleAllVessels(pen, field, unit, colours) {
  for (let row = -1; row <= field.rows; row++) {
    for (let column = -1; column <= field.columns; column++) lobuleVessels(pen, row, column, unit, colours);
  }
}

function lobuleVessels(pen, row, column, unit, colours) {
  const vein = lobuleCentre(row, column);
  const size = Math.max(0.035 * unit, 1.6);
  pen.lineWidth = Math.max(size * 0.45, 1);
  pen.beginPath();
  pen.arc(vein.x * unit, vein.y * unit, size, 0, 2 * Math.PI);
  pen.fillStyle = colours.paper.css;
  pen.strokeStyle = colours.blood.css;
  pen.fill();
  pen.stroke();
  for (const tract of lobulePlaces(row, column, 1)) {
    pen.fillStyle = colours.bile.css;
    pen.strokeStyle = colours.paper.css;
    pen.beginPath();
    for (let k = 0; k < 3; k++) {
      const turn = -Math.PI / 2 + (k * 2 * Math.PI) / 3;
      pen.lineTo(tract.x * unit + 1.4 * size * Math.cos(turn), tract.y * unit + 1.4 * size * Math.sin(turn));
    }
    pen.closePath();
    pen.stroke();
    pen.fill();
  }
}

function lobuleScale(pen, perMm, high, colours) {
  const text = Math.max(12 * Math.min(devicePixelRatio || 1, 2), 12);
  const pad = 0.5 * text;
  pen.font = `600 ${text}px sans-serif`;
  const box = Math.max(perMm, pen.measureText("1 mm").width) + 2 * pad;
  pen.fillStyle = colours.paper.css;
  pen.fillRect(0, high - 2.4 * text, box, 2.4 * text);
  pen.fillStyle = colours.ink.css;
  pen.fillText("1 mm", pad, high - 1.2 * text);
  pen.fillRect(pad, high - 0.8 * text, perMm, 0.25 * text);
}

function lobuleNeedle(pen, at, perMm, high, colours) {
  const y = (at.needle_y - at.needle_width / 2) * perMm;
  pen.fillStyle = colours.paper.css;
  pen.globalAlpha = 0.5;
  pen.fillRect(0, 0, pen.canvas.width, Math.max(y, 0));
  pen.fillRect(0, y + at.needle_width * perMm, pen.canvas.width, Math.max(high - y - at.needle_width * perMm, 0));
  pen.fillRect(0, y, at.needle_x * perMm, at.needle_width * perMm);
  pen.fillRect((at.needle_x + at.needle_length) * perMm, y, pen.canvas.width, at.needle_width * perMm);
  pen.globalAlpha = 1;
  pen.strokeStyle = colours.accent.css;
  pen.lineWidth = Math.max(2, perMm * 0.06);
  pen.strokeRect(at.needle_x * perMm, y, at.needle_length * perMm, at.needle_width * perMm);
}

/** Drag on the map moves the needle by moving its sliders, which stay the way in for the keyboard. */
function lobuleDrag(card, canvas, field) {
  const slider = (name) => card.controls.find(([own]) => own === name)?.[1].node.querySelector("input");
  const put = (name, value, settled) => {
    const input = slider(name);
    if (!input) return;
    input.value = value;
    input.dispatchEvent(new Event(settled ? "change" : "input"));
  };
  const move = (event, settled) => {
    const box = canvas.getBoundingClientRect();
    const perMm = box.width / (field.columns * card.model.now.v.lobule_width);
    put("needle_x", (event.clientX - box.left) / perMm - card.run.scope.needle_length / 2, settled);
    put("needle_y", (event.clientY - box.top) / perMm, settled);
  };
  canvas.style.cursor = "grab";
  canvas.style.touchAction = "pan-y";
  canvas.addEventListener("pointerdown", (event) => {
    if (card.veiled) return;
    canvas.setPointerCapture(event.pointerId);
    move(event, false);
  });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) move(event, false); });
  canvas.addEventListener("pointerup", (event) => { if (!card.veiled) move(event, true); });
}
