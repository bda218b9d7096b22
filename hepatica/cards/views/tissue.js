/**
 * A picrosirius-like section of liver bound to the five states of the scar model.
 *
 * The picture keeps a promise: the share of tissue pixels coloured as collagen IS the collagen
 * proportionate area (CPA = 2 + C + X, in % of tissue area), and the share in the cross-linked
 * colour IS X. Every tissue pixel has a place in one fixed order (`field.order`, oldest fibre
 * first); painting walks along it until the right number of pixels is coloured, so the share is
 * exact to one pixel.
 *
 * What counts as tissue: everything except the small plate under the scale bar. Vessel lumens count
 * as tissue area (they are in the denominator, as in most published CPA measurements), but they
 * never turn red. Pixels covered by a drawn cell are skipped and made up for by the next pixels in
 * the order. H is the share of the healthy hepatocyte area that is still drawn, before fibres and
 * scar cells cover some of it. One drawn scar cell stands for TISSUE_CELLS_PER_SPRITE cells/mL, so
 * none is drawn below about 1.7e3.
 *
 * Geometry and order of events are a drawing (teaching), not a simulation: sleeves around portal
 * tracts and central veins, then strands between the cells, then septa, then thick walls.
 */

import { mulberry } from "../engine/luck.js";

/** Codes of the class buffer. */
export const TISSUE_CLASS = Object.freeze({
  lumen: 0,
  open: 1,
  hepatocyte: 2,
  lost: 3,
  duct: 4,
  collagen: 5,
  crosslinked: 6,
  myofibroblast: 7,
  macrophage: 8,
  plate: 9,
});

/** Cells/mL that one drawn myofibroblast or macrophage stands for (150 cells at 5e5). */
export const TISSUE_CELLS_PER_SPRITE = 5e5 / 150;

const TISSUE_WIDTH_UM = 2400;
const TISSUE_GRID_UM = 15;
const TISSUE_CELL_UM = 25;
const TISSUE_ROW_UM = TISSUE_CELL_UM * 0.866;
const TISSUE_LOBULE_UM = 800;
const TISSUE_MAX_SPRITES = 400;
const TISSUE_NEVER = 1e6;

const tissueFields = new Map();

/** Hash of two integers to [0, 1). */
function tissueHash(i, j) {
  let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Length of a vector (Math.hypot is several times slower). */
function tissueLength(x, y) {
  return Math.sqrt(x * x + y * y);
}

/** Smooth noise in [0, 1) with features of about one unit. */
function tissueNoise(x, y, seed) {
  const i = Math.floor(x),
    j = Math.floor(y);
  const u = x - i,
    v = y - j,
    s = u * u * (3 - 2 * u),
    t = v * v * (3 - 2 * v);
  const k = i + seed * 7919;
  const top = tissueHash(k, j) * (1 - s) + tissueHash(k + 1, j) * s;
  return top * (1 - t) + (tissueHash(k, j + 1) * (1 - s) + tissueHash(k + 1, j + 1) * s) * t;
}

/**
 * Central veins, portal tracts and septa of the field.
 * @param {number} seed
 * @param {number} heightUm height of the field in µm
 * @returns {{centrals: object[], portals: object[], septa: object[]}} positions and radii in µm
 */
export function tissueLayout(seed, heightUm) {
  const random = mulberry(seed);
  const centrals = tissueCentrals(random, heightUm);
  const portals = tissuePortals(random, centrals);
  return {
    centrals: centrals.filter(Boolean),
    portals,
    septa: tissueSepta(random, centrals.filter(Boolean), portals),
  };
}

function tissueCentrals(random, heightUm) {
  const out = [],
    rows = Math.ceil(heightUm / (TISSUE_LOBULE_UM * 0.866)) + 2;
  for (let row = -1; row < rows; row++) {
    for (let col = -1; col < 5; col++) {
      const x = TISSUE_LOBULE_UM * (col + (row & 1 ? 0.05 : 0.55)) + 110 * (random() - 0.5);
      const y = TISSUE_LOBULE_UM * 0.866 * (row + 0.62) + 110 * (random() - 0.5);
      out.push({
        x,
        y,
        row,
        col,
        radius: 30 + 16 * random(),
        stretch: 0.75 + 0.5 * random(),
        turn: 3.1 * random(),
        wave: 6.3 * random(),
      });
    }
  }
  return out;
}

/** Portal tracts sit where three lobules meet. */
function tissuePortals(random, centrals) {
  const at = new Map(centrals.map((c) => [`${c.row},${c.col}`, c]));
  const out = [];
  for (const c of centrals) {
    const shift = c.row & 1 ? -1 : 0;
    for (const step of [1, -1]) {
      const trio = [
        c,
        at.get(`${c.row},${c.col + 1}`),
        at.get(`${c.row + step},${c.col + 1 + shift}`),
      ];
      if (trio.every(Boolean)) out.push(tissuePortal(random, trio));
    }
  }
  return out;
}

function tissuePortal(random, trio) {
  const x = (trio[0].x + trio[1].x + trio[2].x) / 3 + 50 * (random() - 0.5);
  const y = (trio[0].y + trio[1].y + trio[2].y) / 3 + 50 * (random() - 0.5);
  const turn = 6.3 * random(),
    size = 0.8 + 0.4 * random();
  const away = (angle, r) => ({
    x: x + r * size * Math.cos(turn + angle),
    y: y + r * size * Math.sin(turn + angle),
  });
  const vein = {
    ...away(0, 9),
    radius: 24 * size,
    stretch: 0.7 + 0.3 * random(),
    turn: turn + 1.57,
    wave: 6.3 * random(),
  };
  const artery = { ...away(2.3, 32), radius: 5.5 * size, wall: 4 };
  const duct = { ...away(-2.3, 32), radius: 6 * size, wall: 6.5 };
  return { x, y, radius: 47 * size, turn, vein, artery, duct };
}

/** Portal–portal and portal–central septa; strong ones come early, weak ones late and thin. */
function tissueSepta(random, centrals, portals) {
  const out = [];
  portals.forEach((p, i) => {
    for (const q of portals.slice(i + 1)) {
      if (tissueLength(p.x - q.x, p.y - q.y) < 590) out.push(tissueSeptum(random, p, q, 0.8));
    }
    for (const c of centrals)
      if (tissueLength(p.x - c.x, p.y - c.y) < 640) out.push(tissueSeptum(random, p, c, 0.46));
  });
  return out;
}

function tissueSeptum(random, p, q, strongShare) {
  const strong = random() < strongShare;
  const bend = (random() - 0.5) * 0.34,
    points = [];
  for (let k = 0; k <= 8; k++) {
    const u = k / 8,
      lift = 4 * u * (1 - u) * bend;
    points.push([
      p.x + (q.x - p.x) * u - (q.y - p.y) * lift,
      p.y + (q.y - p.y) * u + (q.x - p.x) * lift,
    ]);
  }
  return {
    points,
    start: strong ? 3 + 13 * random() : 46 + 34 * random(),
    delay: 8 + 26 * random(),
    width: strong ? 0.75 + 0.6 * random() : 0.5,
  };
}

/** Distance from (x, y) to an oval, wavy vessel wall, in µm; negative inside. */
function tissueVessel(v, x, y) {
  const dx = x - v.x,
    dy = y - v.y,
    c = Math.cos(v.turn),
    s = Math.sin(v.turn);
  const a = (dx * c + dy * s) * v.stretch,
    b = (dy * c - dx * s) / v.stretch;
  const angle = Math.atan2(b, a);
  return (
    tissueLength(a, b) -
    v.radius * (1 + 0.1 * Math.sin(3 * angle + v.wave) + 0.06 * Math.sin(5 * angle - v.wave))
  );
}

/**
 * Coarse map of when scar arrives (small = early) and which way fibres run there.
 * @returns {{cols: number, rows: number, arrival: Float32Array, ax: Float32Array, ay:
 * Float32Array}} arrival in µm of scar growth, (ax, ay) unit vector along the fibres
 */
export function tissueArrival(layout, heightUm) {
  const cols = Math.ceil(TISSUE_WIDTH_UM / TISSUE_GRID_UM) + 2,
    rows = Math.ceil(heightUm / TISSUE_GRID_UM) + 2;
  const sum = new Float32Array(cols * rows).fill(1e-9),
    grid = tissueWarp(cols, rows);
  for (const p of layout.portals)
    tissueSpread(grid, sum, p.x, p.y, p.x, p.y, 330, (x, y) => tissuePortalArrival(p, x, y));
  for (const c of layout.centrals) {
    tissueSpread(grid, sum, c.x, c.y, c.x, c.y, 260, (x, y) => tissueVessel(c, x, y) * 2.6 - 25);
  }
  for (const s of layout.septa) tissueSpreadSeptum(grid, sum, s);
  const arrival = sum.map((v) => -TISSUE_SOFT_UM * Math.log(v));
  return { cols, rows, arrival, ...tissueAxis(cols, rows, arrival) };
}

/** Width (µm) over which neighbouring septa melt together: rounds the corners of nodules. */
const TISSUE_SOFT_UM = 17;

function tissuePortalArrival(p, x, y) {
  const angle = Math.atan2(y - p.y, x - p.x);
  return (
    (tissueLength(x - p.x, y - p.y) - p.radius * (1 + 0.16 * Math.cos(3 * (angle - p.turn)))) * 1.9
  );
}

/** Places of the coarse grid, shifted by smooth noise so that no septum is straight. */
function tissueWarp(cols, rows) {
  const grid = { cols, rows, x: new Float32Array(cols * rows), y: new Float32Array(cols * rows) };
  for (let n = 0; n < cols * rows; n++) {
    const x = (n % cols) * TISSUE_GRID_UM,
      y = Math.floor(n / cols) * TISSUE_GRID_UM;
    grid.x[n] = x + 64 * (tissueNoise(x / 150, y / 150, 1) - 0.5);
    grid.y[n] = y + 64 * (tissueNoise(x / 150, y / 150, 2) - 0.5);
  }
  return grid;
}

/** Adds exp(-arrival / soft) of one structure to the nodes within `reach` µm of its box. */
function tissueSpread(grid, sum, x0, y0, x1, y1, reach, arrivalAt) {
  const left = Math.max(0, Math.floor((x0 - reach) / TISSUE_GRID_UM)),
    right = Math.min(grid.cols - 1, Math.ceil((x1 + reach) / TISSUE_GRID_UM));
  const top = Math.max(0, Math.floor((y0 - reach) / TISSUE_GRID_UM)),
    bottom = Math.min(grid.rows - 1, Math.ceil((y1 + reach) / TISSUE_GRID_UM));
  for (let j = top; j <= bottom; j++) {
    for (let i = left; i <= right; i++) {
      const n = j * grid.cols + i;
      sum[n] += Math.exp(
        -Math.max(-40, arrivalAt(i * TISSUE_GRID_UM, j * TISSUE_GRID_UM, grid.x[n], grid.y[n])) /
          TISSUE_SOFT_UM,
      );
    }
  }
}

function tissueSpreadSeptum(grid, sum, septum) {
  const xs = septum.points.map((p) => p[0]),
    ys = septum.points.map((p) => p[1]);
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  tissueSpread(grid, sum, ...box, 150, (x, y, wx, wy) => tissueSeptumArrival(septum, wx, wy));
}

/** A septum grows from both ends: its middle comes later and stays thinner. */
function tissueSeptumArrival(septum, x, y) {
  let best = 1e12,
    at = 0;
  const pts = septum.points;
  for (let k = 0; k < pts.length - 1; k++) {
    const ax = pts[k][0],
      ay = pts[k][1],
      bx = pts[k + 1][0] - ax,
      by = pts[k + 1][1] - ay;
    const u = Math.min(1, Math.max(0, ((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by)));
    const dx = x - ax - u * bx,
      dy = y - ay - u * by,
      d = dx * dx + dy * dy;
    if (d < best) {
      best = d;
      at = (k + u) / (pts.length - 1);
    }
  }
  return Math.sqrt(best) / septum.width + septum.start + septum.delay * 4 * at * (1 - at);
}

/**
 * Fibre axis from the smoothed structure tensor, so that it does not flip on the crest of a septum.
 */
function tissueAxis(cols, rows, arrival) {
  const raw = new Float32Array(2 * cols * rows),
    ax = new Float32Array(cols * rows),
    ay = new Float32Array(cols * rows);
  for (let j = 1; j < rows - 1; j++) {
    for (let i = 1; i < cols - 1; i++) {
      const n = j * cols + i,
        gx = arrival[n + 1] - arrival[n - 1],
        gy = arrival[n + cols] - arrival[n - cols];
      raw[2 * n] = gy * gy - gx * gx;
      raw[2 * n + 1] = -2 * gx * gy;
    }
  }
  const around = [-cols - 1, -cols, -cols + 1, -1, 0, 1, cols - 1, cols, cols + 1];
  for (let n = cols + 1; n < ax.length - cols - 1; n++) {
    let c = 0,
      s = 0;
    for (let k = 0; k < 9; k++) {
      c += raw[2 * (n + around[k])];
      s += raw[2 * (n + around[k]) + 1];
    }
    const angle = 0.5 * Math.atan2(s, c);
    ax[n] = Math.cos(angle);
    ay[n] = Math.sin(angle);
  }
  return { ax, ay };
}

/** Bilinear look-up of the arrival map at a place in µm. */
function tissueLookup(map, x, y) {
  const fx = Math.min(map.cols - 1.001, Math.max(0, x / TISSUE_GRID_UM)),
    fy = Math.min(map.rows - 1.001, Math.max(0, y / TISSUE_GRID_UM));
  const i = fx | 0,
    j = fy | 0,
    u = fx - i,
    v = fy - j,
    n = j * map.cols + i,
    a = map.arrival;
  return (
    (a[n] * (1 - u) + a[n + 1] * u) * (1 - v) +
    (a[n + map.cols] * (1 - u) + a[n + map.cols + 1] * u) * v
  );
}

/** Grid node nearest to a place in µm, away from the rim of the grid. */
function tissueNode(map, x, y) {
  const i = Math.min(map.cols - 3, Math.max(2, Math.round(x / TISSUE_GRID_UM)));
  const j = Math.min(map.rows - 3, Math.max(2, Math.round(y / TISSUE_GRID_UM)));
  return j * map.cols + i;
}

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
  field.order = tissueSort(field.age);
  field.orderFibre = new Uint8Array(field.order.length);
  for (let i = 0; i < field.order.length; i++) field.orderFibre[i] = field.fibre[field.order[i]];
  field.myofibroblasts = tissueSpindles(field, map, strands, mulberry(seed + 3));
  field.macrophages = tissueRounds(field, map, mulberry(seed + 4));
  return field;
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
export function tissueSort(age) {
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

/** Spindle cells seated on early strands: each is a list of pixels and textures. */
function tissueSpindles(field, map, seats, random) {
  const out = [],
    taken = [];
  for (let tries = 0; out.length < TISSUE_MAX_SPRITES && tries < 4000; tries++) {
    const seat = seats[Math.floor(random() * seats.length)];
    if (!tissueTakeSeat(taken, seat.x, seat.y, 36 - tries / 200)) continue;
    const sprite = { pixels: [], shades: [] },
      reach = 24 + 14 * random();
    for (const sign of [1, -1]) tissueSpindleHalf(field, map, sprite, seat, reach, sign);
    if (sprite.pixels.length) out.push(sprite);
  }
  return out;
}

/** Takes a seat unless another cell sits within `apart` µm. */
function tissueTakeSeat(taken, x, y, apart) {
  for (let k = 0; k < taken.length; k += 2) {
    if ((taken[k] - x) ** 2 + (taken[k + 1] - y) ** 2 < apart * apart) return false;
  }
  taken.push(x, y);
  return true;
}

function tissueSpindleHalf(field, map, sprite, seat, reach, sign) {
  let { x, y } = seat,
    node = tissueNode(map, x, y),
    ux = sign * map.ax[node],
    uy = sign * map.ay[node];
  const stride = field.um * 0.5;
  for (let s = 0; s < reach; s += stride) {
    const half = Math.max(0.5 * field.um, 5.6 * (1 - s / reach) ** 0.8);
    for (let t = -half; t <= half; t += stride) {
      const rim = Math.abs(t) / half,
        shade = s < 8 && rim < 0.6 ? 1 : rim > 0.75 ? 10 : 7;
      tissueSpritePixel(field, sprite, x - uy * t, y + ux * t, shade);
    }
    node = tissueNode(map, x, y);
    const flip = map.ax[node] * ux + map.ay[node] * uy < 0 ? -1 : 1;
    ux = flip * map.ax[node];
    uy = flip * map.ay[node];
    x += ux * stride;
    y += uy * stride;
  }
}

/**
 * Round, slightly ruffled macrophages near scar and dying cells; drawn somewhat larger than life so
 * that they can be seen.
 */
function tissueRounds(field, map, random) {
  const out = [],
    taken = [],
    heightUm = field.height * field.um;
  for (let tries = 0; out.length < TISSUE_MAX_SPRITES && tries < 20000; tries++) {
    const x = TISSUE_WIDTH_UM * random(),
      y = heightUm * random(),
      pick = random(),
      arrival = tissueLookup(map, x, y);
    if (
      pick > Math.exp(-Math.max(0, arrival - 12) / 26) ||
      !tissueTakeSeat(taken, x, y, 30 - tries / 800)
    )
      continue;
    const sprite = { pixels: [], shades: [] },
      radius = 11 + 3.5 * random(),
      wave = 6.3 * random();
    tissueRound(field, sprite, x, y, radius, wave);
    if (sprite.pixels.length) out.push(sprite);
  }
  return out;
}

function tissueRound(field, sprite, x, y, radius, wave) {
  const reach = radius * 1.3,
    step = field.um;
  for (let dy = -reach; dy <= reach; dy += step) {
    for (let dx = -reach; dx <= reach; dx += step) {
      const angle = Math.atan2(dy, dx),
        d =
          tissueLength(dx, dy) /
          (radius * (1 + 0.16 * Math.sin(3 * angle + wave) + 0.1 * Math.sin(5 * angle)));
      if (d > 1) continue;
      const nucleus =
        tissueLength(dx - 2 * Math.cos(wave), dy - 2 * Math.sin(wave)) < 0.45 * radius;
      tissueSpritePixel(field, sprite, x + dx, y + dy, nucleus ? 1 : d > 0.8 ? 10 : 7);
    }
  }
}

function tissueSpritePixel(field, sprite, x, y, shade) {
  const px = Math.floor(x / field.um),
    py = Math.floor(y / field.um);
  if (px < 0 || py < 0 || px >= field.width || py >= field.height) return;
  const p = py * field.width + px;
  if (field.age[p] >= TISSUE_NEVER) return;
  sprite.pixels.push(p);
  sprite.shades.push(shade);
}

/**
 * Pixel counts and sprite counts that belong to a state.
 * @param {object} field from tissueField
 * @param {{H: number, F: number, M: number, CPA: number, X: number}} state H in 0..1, F and M in
 * cells/mL, CPA (all collagen) and X (cross-linked) in % of tissue area
 */
export function tissueTargets(field, state) {
  const sprites = (density, all) =>
    Math.min(all.length, Math.round(Math.max(0, density) / TISSUE_CELLS_PER_SPRITE));
  return {
    collagen: Math.min(
      field.order.length,
      Math.round((Math.max(0, state.CPA) / 100) * field.tissue),
    ),
    crosslinked: Math.round((Math.max(0, state.X) / 100) * field.tissue),
    lost: Math.round(field.losses.length * (1 - Math.min(1, Math.max(0, state.H)))),
    myofibroblasts: sprites(state.F, field.myofibroblasts),
    macrophages: sprites(state.M, field.macrophages),
  };
}

/**
 * Picture of the tissue without fibres and scar cells, in its healthy state.
 * @returns {{classes: Uint8Array, pixels: Uint32Array, lost: number}} lost = hepatocyte pixels
 * already taken away
 */
export function tissueGround(field, colours) {
  const { base, shade } = field,
    pixels = new Uint32Array(base.length);
  for (let p = 0; p < base.length; p++) pixels[p] = colours[(base[p] << 4) | shade[p]];
  return { classes: base.slice(), pixels, lost: 0 };
}

/** Takes hepatocytes away or brings them back; only the pixels that change are touched. */
function tissueMoveGround(field, ground, lost, colours) {
  const code = lost > ground.lost ? TISSUE_CLASS.lost : TISSUE_CLASS.hepatocyte;
  for (let i = Math.min(lost, ground.lost); i < Math.max(lost, ground.lost); i++) {
    const p = field.losses[i];
    ground.classes[p] = code;
    ground.pixels[p] = colours[(code << 4) | field.shade[p]];
  }
  ground.lost = lost;
}

/**
 * Writes classes and colours of a state into its buffers.
 * @param {object} field from tissueField
 * @param {object} ground from tissueGround, moved along
 * @param {object} targets from tissueTargets
 * @param {Uint8Array} classes one class per pixel
 * @param {Uint32Array} pixels one RGBA colour per pixel
 * @param {Uint32Array} colours 16 textures per class
 */
export function tissuePaint(field, ground, targets, classes, pixels, colours) {
  tissueMoveGround(field, ground, targets.lost, colours);
  classes.set(ground.classes);
  pixels.set(ground.pixels);
  tissueStamp(
    field.macrophages,
    targets.macrophages,
    TISSUE_CLASS.macrophage,
    classes,
    pixels,
    colours,
  );
  tissueStamp(
    field.myofibroblasts,
    targets.myofibroblasts,
    TISSUE_CLASS.myofibroblast,
    classes,
    pixels,
    colours,
  );
  tissuePaintFibres(field, targets, classes, pixels, colours);
}

function tissueStamp(sprites, count, code, classes, pixels, colours) {
  for (let k = 0; k < count; k++) {
    const { pixels: at, shades } = sprites[k];
    for (let i = 0; i < at.length; i++) {
      classes[at[i]] = code;
      pixels[at[i]] = colours[(code << 4) | shades[i]];
    }
  }
}

function tissuePaintFibres(field, targets, classes, pixels, colours) {
  const { order, orderFibre } = field,
    firstCell = TISSUE_CLASS.myofibroblast;
  for (let i = 0, done = 0; i < order.length && done < targets.collagen; i++) {
    const p = order[i];
    if (classes[p] >= firstCell) continue;
    const code = done < targets.crosslinked ? TISSUE_CLASS.crosslinked : TISSUE_CLASS.collagen;
    classes[p] = code;
    pixels[p] = colours[(code << 4) | orderFibre[i]];
    done++;
  }
}

/** Mix of two [r, g, b] colours; share 0 keeps the first. */
function tissueMix(a, b, share) {
  return a.map((v, k) => Math.round(v + (b[k] - v) * share));
}

/**
 * Sixteen textures for each class, as 32-bit pixels.
 * @param {Object<string, number[]>} tokens [r, g, b] of every token
 * @returns {Uint32Array}
 */
export function tissueColours(tokens) {
  const white = [255, 255, 255],
    black = [20, 8, 8],
    glass = [253, 250, 244];
  const ramps = {
    lumen: () => [255, 254, 251],
    open: (s) => tissueMix(glass, tokens.hepatocyte, 0.04 + 0.006 * (15 - s)),
    hepatocyte: (s) =>
      tissueMix(
        tokens.hepatocyte,
        s > 10 ? [255, 246, 226] : [250, 232, 196],
        s === 15 ? 0.86 : 0.1 + 0.04 * s,
      ),
    lost: (s) =>
      tissueMix(
        glass,
        tokens.hepatocyte,
        s === 15 ? 0.06 : s === 2 ? 0.26 : s === 11 ? 0.34 : 0.17 + 0.012 * (10 - s),
      ),
    duct: (s) => tissueMix(tokens.hepatocyte, black, 0.12 + 0.012 * s),
    collagen: (s) =>
      s < 7
        ? tissueMix(tokens.collagen, black, 0.045 * (7 - s))
        : tissueMix(tokens.collagen, white, 0.045 * (s - 7)),
    crosslinked: (s) =>
      s < 7
        ? tissueMix(tokens.crosslinked, black, 0.05 * (7 - s))
        : tissueMix(tokens.crosslinked, tokens.collagen, 0.045 * (s - 7)),
    myofibroblast: (s) =>
      s < 7
        ? tissueMix(tokens.myofibroblast, black, 0.45)
        : tissueMix(tokens.myofibroblast, white, 0.07 * (s - 5)),
    macrophage: (s) =>
      s < 7
        ? tissueMix(tokens.macrophage, black, 0.4)
        : tissueMix(tokens.macrophage, white, 0.07 * (s - 6)),
    plate: () => tokens.paper,
  };
  const out = new Uint8ClampedArray(16 * 16 * 4).fill(255);
  for (const [name, code] of Object.entries(TISSUE_CLASS)) {
    for (let s = 0; s < 16; s++) out.set(ramps[name](s), 4 * (16 * code + s));
  }
  return new Uint32Array(out.buffer);
}

/**
 * Field of this size from the cache, built at the first request; only the last few sizes are kept.
 */
function tissueSharedField(width, height, plate, seed) {
  const key = [width, height, seed, ...plate].join(",");
  if (!tissueFields.has(key)) tissueFields.set(key, tissueField(width, height, { seed, plate }));
  if (tissueFields.size > 4) tissueFields.delete(tissueFields.keys().next().value);
  return tissueFields.get(key);
}

/** One colour property of the probe per token, so that one style pass reads them all. */
const TISSUE_PROBE = {
  hepatocyte: "color",
  collagen: "backgroundColor",
  crosslinked: "borderTopColor",
  myofibroblast: "borderRightColor",
  macrophage: "borderBottomColor",
  ink: "borderLeftColor",
  paper: "outlineColor",
};

/**
 * Hidden element that resolves the tokens; asks for the light values unless scheme is "inherit".
 */
function tissueProbe(canvas, scheme) {
  const probe = document.createElement("span");
  probe.hidden = true;
  if (scheme !== "inherit") probe.style.colorScheme = "light";
  for (const [name, property] of Object.entries(TISSUE_PROBE))
    probe.style[property] = `var(--${name})`;
  (canvas.parentElement ?? document.body).append(probe);
  return probe;
}

/** Token colours as the page resolves them now, as CSS strings. */
function tissueReadTokens(probe) {
  const style = getComputedStyle(probe);
  return Object.fromEntries(
    Object.entries(TISSUE_PROBE).map(([name, property]) => [name, style[property]]),
  );
}

/** [r, g, b] of any CSS colour, through one canvas pixel (handles oklch and color-mix). */
function tissueToRgb(css) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  return Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3));
}

/**
 * Backing size of the canvas: at least 1.5 and at most 2 pixels per CSS pixel, in steps of 24, so
 * that small resizes reuse a field.
 */
function tissueSize(canvas, options) {
  const cssWidth = canvas.clientWidth || options.width || 480;
  const ratio = options.aspect ?? 2 / 3;
  const density = Math.min(2, Math.max(1.5, globalThis.devicePixelRatio || 1));
  const width = Math.min(960, Math.max(240, Math.round((cssWidth * density) / 24) * 24));
  const height = Math.round(width * ratio),
    unit = width / cssWidth;
  const bar = Math.round((500 / TISSUE_WIDTH_UM) * width);
  const w = bar + Math.round(16 * unit),
    h = Math.round(25 * unit);
  return { width, height, unit, bar, plate: [width - w, height - h, w, h] };
}

function tissueDrawScaleBar(context, size, paper, ink) {
  const [x, y, w, h] = size.plate,
    middle = x + w / 2;
  context.fillStyle = paper;
  context.fillRect(x, y, w, h);
  context.fillStyle = ink;
  context.fillRect(
    Math.round(middle - size.bar / 2),
    Math.round(y + h - 7 * size.unit),
    size.bar,
    Math.round(3 * size.unit),
  );
  context.font = `${12 * size.unit}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.fillText("500 µm", middle, y + 13 * size.unit);
}

/**
 * Binds the picture to a canvas.
 * @param {HTMLCanvasElement} canvas its CSS size decides the size; give it width: 100% and
 * aspect-ratio: 3 / 2
 * @param {{seed?: number, width?: number, aspect?: number, scheme?: "light"|"inherit"}} [options]
 * width in CSS pixels while the canvas is not laid out; aspect = height / width
 * @returns {{update: function(object): void, resize: function(): void, redFraction: function():
 * number, crosslinkedFraction: function(): number, counts: function(): object}}
 */
export function createTissue(canvas, options = {}) {
  const context = canvas.getContext("2d");
  const view = { state: { H: 1, F: 0, M: 0, CPA: 0, X: 0 }, themeKey: "" };
  const resize = () => {
    const size = tissueSize(canvas, options);
    if (
      view.size &&
      size.width === view.size.width &&
      size.height === view.size.height &&
      size.plate.join() === view.size.plate.join()
    )
      return;
    canvas.width = size.width;
    canvas.height = size.height;
    Object.assign(view, tissueBuffers(context, size, options.seed ?? 11), { size, themeKey: "" });
    update(view.state);
  };
  const update = (state) => {
    view.state = { ...view.state, ...state };
    if (!view.field) return resize();
    tissueRefreshColours(view, canvas, options.scheme);
    view.targets = tissueTargets(view.field, view.state);
    tissuePaint(view.field, view.ground, view.targets, view.classes, view.pixels, view.colours);
    context.putImageData(view.image, 0, 0);
    tissueDrawScaleBar(context, view.size, view.paper, view.ink);
  };
  const share = (...codes) => {
    if (!view.field) resize();
    return (
      view.classes.reduce((sum, code) => sum + (codes.includes(code) ? 1 : 0), 0) /
      view.field.tissue
    );
  };
  return {
    update,
    resize,
    redFraction: () => share(TISSUE_CLASS.collagen, TISSUE_CLASS.crosslinked),
    crosslinkedFraction: () => share(TISSUE_CLASS.crosslinked),
    counts: () => ({
      myofibroblasts: view.targets.myofibroblasts,
      macrophages: view.targets.macrophages,
      tissuePixels: view.field.tissue,
    }),
  };
}

function tissueBuffers(context, size, seed) {
  const image = context.createImageData(size.width, size.height);
  return {
    field: tissueSharedField(size.width, size.height, size.plate, seed),
    image,
    pixels: new Uint32Array(image.data.buffer),
    classes: new Uint8Array(size.width * size.height),
  };
}

function tissueRefreshColours(view, canvas, scheme) {
  if (!view.probe?.isConnected) view.probe = tissueProbe(canvas, scheme);
  const tokens = tissueReadTokens(view.probe),
    key = JSON.stringify(tokens);
  if (key === view.themeKey) return;
  view.themeKey = key;
  view.paper = tokens.paper;
  view.ink = tokens.ink;
  view.colours = tissueColours(
    Object.fromEntries(Object.entries(tokens).map(([name, css]) => [name, tissueToRgb(css)])),
  );
  view.ground = tissueGround(view.field, view.colours);
}
