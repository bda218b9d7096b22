// What each pixel is, and in which order pixels turn to collagen.

import { mulberry } from "../../engine/luck.js";
import {
  TISSUE_CLASS,
  TISSUE_NEVER,
  TISSUE_WIDTH_UM,
  tissueHash,
  tissueLength,
  tissueNoise,
} from "./basics.js";
import { tissueArrival, tissueLayout, tissueLookup, tissueNode, tissueVessel } from "./layout.js";
import { tissueRounds, tissueSpindles } from "./sprites.js";

const TISSUE_CELL_UM = 25;
const TISSUE_ROW_UM = TISSUE_CELL_UM * 0.866;

/**
 * Jittered hexagonal grid of hepatocyte centres with the direction to their central vein and the
 * order of loss. Rows and columns are padded by one so that every pixel has its 3 × 3 neighbours.
 */
function tissueHepatocytes(seed, layout, map, heightUm) {
  const random = mulberry(seed + 1);
  const cols = Math.ceil(TISSUE_WIDTH_UM / TISSUE_CELL_UM) + 4,
    rows = Math.ceil(heightUm / TISSUE_ROW_UM) + 4,
    n = cols * rows;
  const cells = {
    cols,
    rows,
    x: new Float32Array(n),
    y: new Float32Array(n),
    rx: new Float32Array(n),
    ry: new Float32Array(n),
    near: new Float32Array(n),
    patch: new Float32Array(n),
    nx: new Float32Array(n),
    ny: new Float32Array(n),
    tone: new Float32Array(n),
  };
  // order of loss: near scar and near central veins first, with scatter
  const worry = new Float32Array(n);
  for (let k = 0; k < n; k++) {
    const row = Math.floor(k / cols) - 1,
      col = (k % cols) - 1;
    cells.x[k] = TISSUE_CELL_UM * (col + (row & 1 ? 0.75 : 0.25)) + 13 * (random() - 0.5);
    cells.y[k] = TISSUE_ROW_UM * (row + 0.5) + 12 * (random() - 0.5);
    const distance = tissueFaceCentral(cells, k, layout.centrals);
    cells.near[k] = Math.exp(-((distance / 150) ** 2));
    cells.patch[k] = tissueNoise(cells.x[k] / 90 + 40, cells.y[k] / 90 + 40, 5);
    cells.nx[k] = cells.x[k] + 4 * (random() - 0.5);
    cells.ny[k] = cells.y[k] + 4 * (random() - 0.5);
    cells.tone[k] = random();
    worry[k] =
      tissueLookup(map, cells.x[k], cells.y[k]) -
      34 * Math.exp(-((distance / 170) ** 2)) +
      40 * (random() - 0.5);
  }
  cells.rank = tissueLossOrder(worry);
  return cells;
}

function tissueFaceCentral(cells, k, centrals) {
  let best = 1e9;
  for (const c of centrals) {
    const dx = cells.x[k] - c.x,
      dy = cells.y[k] - c.y,
      d = tissueLength(dx, dy);
    if (d < best) {
      best = d;
      cells.rx[k] = dx / (d + 1);
      cells.ry[k] = dy / (d + 1);
    }
  }
  return best;
}

/** Rank of each cell among all, 0..65535, those nearest to the scar first. */
function tissueLossOrder(worry) {
  const order = Array.from(worry.keys()).sort((a, b) => worry[a] - worry[b]);
  const rank = new Uint16Array(worry.length);
  order.forEach((cell, place) => {
    rank[cell] = Math.floor((place / worry.length) * 65535);
  });
  return rank;
}

/**
 * The whole field: which pixel is what, and in which order pixels turn to collagen.
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {{seed?: number, plate?: number[]}} [options] plate = [x, y, width, height] in pixels, not
 * part of the tissue
 * @returns {object} order (pixel numbers, oldest fibre first), rank (per pixel, [0, 1), 1 = never),
 * base classes, textures, sprites
 */
export function tissueField(width, height, options = {}) {
  const seed = options.seed ?? 11,
    um = TISSUE_WIDTH_UM / width,
    heightUm = height * um;
  const layout = tissueLayout(seed, heightUm),
    map = tissueArrival(layout, heightUm);
  const n = width * height;
  const field = {
    width,
    height,
    um,
    base: new Uint8Array(n),
    shade: new Uint8Array(n),
    fibre: new Uint8Array(n),
    age: new Float32Array(n),
    tissue: n,
  };
  const loss = tissueParenchyma(field, map, tissueHepatocytes(seed, layout, map, heightUm));
  const strands = tissueStrands(field, map, mulberry(seed + 2));
  tissueOpenVessels(field, layout);
  tissueCutPlate(field, options.plate);
  field.losses = tissueLossList(field, loss);
  field.loss = tissuePlaces(field.losses, n);
  field.healthy = field.base.map((code, p) => (code << 4) | field.shade[p]);
  field.order = tissueSort(field.age);
  field.place = tissuePlaces(field.order, n);
  field.myofibroblasts = tissueSpindles(field, map, strands, mulberry(seed + 3));
  field.macrophages = tissueRounds(field, map, mulberry(seed + 4));
  return field;
}

/** The place of each of `n` pixels in an order; those that are not in it have a later one. */
function tissuePlaces(order, n) {
  const places = new Int32Array(n).fill(n);
  order.forEach((p, place) => {
    places[p] = place;
  });
  return places;
}

/**
 * Hepatocyte plates, nuclei and sinusoid slits; strands between cells get their age here. Returns
 * the rank of loss per pixel.
 */
function tissueParenchyma(field, map, cells) {
  const { width, height, um } = field,
    loss = new Uint16Array(width * height);
  for (let py = 0, p = 0; py < height; py++) {
    for (let px = 0; px < width; px++, p++) {
      const x = (px + 0.5) * um,
        y = (py + 0.5) * um;
      const row = Math.floor(y / TISSUE_ROW_UM),
        col = Math.floor(x / TISSUE_CELL_UM - (row & 1 ? 0.25 : -0.25));
      let d1 = 1e9,
        d2 = 1e9,
        a = 0,
        b = 0;
      for (let j = 0; j < 3; j++) {
        for (let i = 0, k = (row + j) * cells.cols + col; i < 3; i++, k++) {
          const dx = cells.x[k] - x,
            dy = cells.y[k] - y,
            d = dx * dx + dy * dy;
          if (d < d1) {
            d2 = d1;
            b = a;
            d1 = d;
            a = k;
          } else if (d < d2) {
            d2 = d;
            b = k;
          }
        }
      }
      loss[p] = cells.rank[a];
      tissueCellPixel(field, p, cells, tissueLookup(map, x, y), x, y, a, b, d1, d2);
    }
  }
  return loss;
}

function tissueCellPixel(field, p, cells, arrival, x, y, a, b, d1, d2) {
  const ex = cells.x[b] - cells.x[a],
    ey = cells.y[b] - cells.y[a],
    gap = Math.sqrt(ex * ex + ey * ey);
  const edge = (d2 - d1) / (2 * gap),
    pair = tissueHash(a + b, a < b ? b - a : a - b);
  const across = Math.abs(ex * cells.rx[a] + ey * cells.ry[a]) / gap;
  const slit = across < 0.6 && pair > 0.12,
    inside = arrival > 3;
  field.base[p] =
    inside && !(slit && edge < 2.6 + 2 * pair) ? TISSUE_CLASS.hepatocyte : TISSUE_CLASS.open;
  field.shade[p] = tissueCellShade(cells, a, x, y, p, edge, slit);
  // strands creep between the cells: along sinusoids first, near old scar and around central veins
  // first
  const creep =
    9 +
    0.36 * arrival +
    26 * pair +
    40 * cells.patch[a] -
    14 * cells.near[a] +
    (slit ? 0 : 13) +
    7.5 * Math.max(0, edge - 1);
  field.age[p] = Math.min(creep, arrival + 34 + 10 * pair);
  field.fibre[p] = 9 + Math.round(3 * pair);
}

/** Texture 0 (dark) to 15 (light): body 5–9, border 3, pale nucleus 14 with a darker rim. */
function tissueCellShade(cells, a, x, y, p, edge, slit) {
  const dx = x - cells.nx[a],
    dy = y - cells.ny[a],
    nucleus = dx * dx + dy * dy;
  if (nucleus < 11) return 15;
  if (nucleus < 27) return 2;
  if (edge < 1.6 && !slit) return 11;
  return Math.round(4 + 4 * cells.tone[a] + 2.5 * tissueHash(p, 3));
}

/**
 * Lays wavy strands along the arrival map; returns the early ones as seats for the spindle cells.
 */
function tissueStrands(field, map, random) {
  const seats = [],
    step = 13.5,
    heightUm = field.height * field.um;
  for (let y = -step; y < heightUm + step; y += step) {
    for (let x = -step; x < TISSUE_WIDTH_UM + step; x += step) {
      const sx = x + step * 1.6 * random(),
        sy = y + step * 1.6 * random();
      const arrival = tissueLookup(map, sx, sy),
        jitter = random(),
        tint = random(),
        length = random(),
        phase = random();
      if (arrival > 76) continue;
      const bundle = tissueNoise(sx / 42, sy / 42, 9);
      const strand = {
        x: sx,
        y: sy,
        arrival,
        late: 15 * jitter * jitter + 22 * bundle,
        tint,
        phase,
        length: 55 + 130 * length,
      };
      tissueStrand(field, map, strand, 1);
      tissueStrand(field, map, strand, -1);
      if (arrival < 38 && random() < (arrival < 4 ? 0.2 : 1)) seats.push(strand);
    }
  }
  return seats;
}

/** Half a strand: steps along the fibre axis with a crimp, thinner and later towards its end. */
function tissueStrand(field, map, strand, sign) {
  let { x, y } = strand,
    node = tissueNode(map, x, y),
    ux = sign * map.ax[node],
    uy = sign * map.ay[node];
  const stride = Math.max(2.4, 0.9 * field.um),
    steps = Math.round(strand.length / 2 / stride),
    width = 2 + 3.2 * strand.tint * strand.tint;
  for (let k = 0; k < steps; k++) {
    const taper = k / steps,
      crimp = 0.45 * Math.sin((k * stride * sign) / 6.5 + 6.3 * strand.phase);
    node = tissueNode(map, x, y);
    const flip = map.ax[node] * ux + map.ay[node] * uy < 0 ? -1 : 1;
    ux = flip * map.ax[node];
    uy = flip * map.ay[node];
    x += (ux - crimp * uy) * stride;
    y += (uy + crimp * ux) * stride;
    const arrival = 0.65 * tissueLookup(map, x, y) + 0.35 * strand.arrival;
    tissueDab(
      field,
      x,
      y,
      width * (1 - 0.75 * taper),
      arrival + strand.late + 14 * taper * taper,
      strand.tint,
    );
  }
}

/** One dab of a strand: the earliest age wins and carries its tint, lighter along the crest. */
function tissueDab(field, x, y, radius, age, tint) {
  const { um, width, height } = field,
    r = Math.max(radius, 0.6 * um);
  const left = Math.max(0, Math.floor((x - r) / um)),
    right = Math.min(width - 1, Math.floor((x + r) / um));
  const top = Math.max(0, Math.floor((y - r) / um)),
    bottom = Math.min(height - 1, Math.floor((y + r) / um));
  for (let py = top; py <= bottom; py++) {
    for (let px = left; px <= right; px++) {
      const dx = (px + 0.5) * um - x,
        dy = (py + 0.5) * um - y,
        d = Math.sqrt(dx * dx + dy * dy) / r;
      if (d > 1.15) continue;
      const p = py * width + px,
        own = age + 5 * d;
      if (own < field.age[p]) {
        field.age[p] = own;
        field.fibre[p] = Math.round(1 + 10 * tint + 4 * (1 - d));
      }
    }
  }
}

/** Vessel lumens stay open for ever; bile ducts and arteries keep their walls. */
function tissueOpenVessels(field, layout) {
  for (const c of layout.centrals)
    tissueOpen(field, c, c.radius * 2, (x, y) =>
      tissueVessel(c, x, y) < 0 ? TISSUE_CLASS.lumen : -1,
    );
  for (const p of layout.portals) {
    tissueOpen(field, p.vein, 60, (x, y) =>
      tissueVessel(p.vein, x, y) < 0 ? TISSUE_CLASS.lumen : -1,
    );
    for (const tube of [p.artery, p.duct])
      tissueOpen(field, tube, 24, (x, y) => tissueTube(tube, x, y));
  }
}

function tissueTube(tube, x, y) {
  const d = tissueLength(x - tube.x, y - tube.y) - tube.radius;
  if (d < 0) return TISSUE_CLASS.lumen;
  return d < tube.wall ? TISSUE_CLASS.duct : -1;
}

function tissueOpen(field, at, reach, classAt) {
  const { um, width, height } = field;
  for (
    let py = Math.max(0, Math.floor((at.y - reach) / um));
    py < Math.min(height, (at.y + reach) / um);
    py++
  ) {
    for (
      let px = Math.max(0, Math.floor((at.x - reach) / um));
      px < Math.min(width, (at.x + reach) / um);
      px++
    ) {
      const code = classAt((px + 0.5) * um, (py + 0.5) * um),
        p = py * width + px;
      if (code < 0) continue;
      field.base[p] = code;
      field.age[p] = TISSUE_NEVER;
    }
  }
}

/** The plate under the scale bar is no tissue: it leaves numerator and denominator. */
function tissueCutPlate(field, plate) {
  if (!plate) return;
  for (let y = plate[1]; y < plate[1] + plate[3]; y++) {
    const from = y * field.width + plate[0];
    field.base.fill(TISSUE_CLASS.plate, from, from + plate[2]);
    field.age.fill(TISSUE_NEVER, from, from + plate[2]);
  }
  field.tissue -= plate[2] * plate[3];
}

/** Hepatocyte pixels in the order of loss, so that H is a share of the healthy hepatocyte area. */
function tissueLossList(field, loss) {
  const age = new Float32Array(loss.length);
  for (let p = 0; p < age.length; p++)
    age[p] = field.base[p] === TISSUE_CLASS.hepatocyte ? loss[p] : TISSUE_NEVER;
  return tissueSort(age);
}

/**
 * Pixel numbers sorted by age (counting sort on 16 bits; ties in scan order); pixels that never
 * scar are left out.
 */
function tissueSort(age) {
  let low = TISSUE_NEVER,
    high = -TISSUE_NEVER;
  for (let p = 0; p < age.length; p++)
    if (age[p] < TISSUE_NEVER) {
      low = Math.min(low, age[p]);
      high = Math.max(high, age[p]);
    }
  const scale = 65535 / (high - low || 1),
    starts = new Uint32Array(65537);
  for (let p = 0; p < age.length; p++)
    if (age[p] < TISSUE_NEVER) starts[(((age[p] - low) * scale) | 0) + 1]++;
  for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1];
  const order = new Uint32Array(starts[65536]);
  for (let p = 0; p < age.length; p++)
    if (age[p] < TISSUE_NEVER) order[starts[((age[p] - low) * scale) | 0]++] = p;
  return order;
}
