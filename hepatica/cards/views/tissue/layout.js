// Where vessels and septa lie, and when scar arrives at each place.

import { mulberry } from "../../engine/luck.js";
import { TISSUE_WIDTH_UM, tissueLength, tissueNoise } from "./basics.js";

const TISSUE_GRID_UM = 15;
const TISSUE_LOBULE_UM = 800;

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
export function tissueVessel(v, x, y) {
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
export function tissueLookup(map, x, y) {
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
export function tissueNode(map, x, y) {
  const i = Math.min(map.cols - 3, Math.max(2, Math.round(x / TISSUE_GRID_UM)));
  const j = Math.min(map.rows - 3, Math.max(2, Math.round(y / TISSUE_GRID_UM)));
  return j * map.cols + i;
}
