// The lattice of a field of lobules, in lobule widths: where its vessels are, how far each site is
// from its source, which bridges are possible, and what the bridges enclose.

import { mulberry } from "./luck.js";
import { linspace } from "./solver.js";

export const ROUGH = Math.sqrt(3) / 2; // height of a row of lobules in lobule widths

const REACH = 2; // rows and columns of neighbours that can own a site

/**
 * Lattice of central veins with everything derived from it: sources and their factors by row,
 * column and kind.
 */
function allSources(field, v) {
  const rows = field.rows + 2 * REACH;
  const columns = field.columns + 2 * REACH;
  const places = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) places.push(sourcesOf(r - REACH, c - REACH, v.pattern));
  }
  const flat = places.flat();
  const random = mulberry(v.seed);
  const dice = Float64Array.from({ length: 2 * flat.length + 18 }, random);
  const waves = Array.from({ length: 6 }, (_, k) => {
    const [turn, shift, length] = [0, 6, 12].map((skip) => dice[2 * flat.length + skip + k]);
    const wave = (2 * Math.PI) / (6 + 10 * length);
    return [
      wave * Math.cos(2 * Math.PI * turn),
      wave * Math.sin(2 * Math.PI * turn),
      2 * Math.PI * shift,
    ];
  });
  flat.forEach((source, i) => {
    const chance =
      Math.sqrt(-2 * Math.log(1 - dice[i])) * Math.cos(2 * Math.PI * dice[flat.length + i]);
    const region =
      waves.reduce((sum, [x, y, shift]) => sum + Math.cos(source.x * x + source.y * y + shift), 0) /
      Math.sqrt(3);
    source.factor = Math.exp((v.variation * (chance + region)) / Math.SQRT2);
  });
  return { places, columns, flat };
}

export function centreOf(row, column) {
  return { x: column + 0.25 + 0.5 * (((row % 2) + 2) % 2), y: (row + 0.5) * ROUGH, central: true };
}

/** The sources that belong to one lobule: its vein, its two tracts, or all. */
export function sourcesOf(row, column, pattern) {
  const vein = centreOf(row, column);
  const tracts = [1, -1].map((side) => ({
    x: vein.x + 0.5,
    y: vein.y + side / Math.sqrt(12),
    central: false,
  }));
  return pattern === 0 ? [vein] : pattern === 1 ? tracts : [vein, ...tracts];
}

/** Row and column of the lobule lattice below a point. */
function cellOf(field, x, y) {
  const inside = (value, count) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  return [inside(y / ROUGH, field.rows), inside(x, field.columns)];
}

/** Distance of a point to its source, over that source's factor. */
function distanceFrom(field, sources, x, y) {
  const [row, column] = cellOf(field, x, y);
  let nearest = Infinity;
  for (let down = 0; down <= 2 * REACH; down++) {
    for (let right = 0; right <= 2 * REACH; right++) {
      for (const source of sources.places[(row + down) * sources.columns + column + right]) {
        const dx = source.x - x;
        const dy = source.y - y;
        nearest = Math.min(nearest, Math.sqrt(dx * dx + dy * dy) / source.factor);
      }
    }
  }
  return nearest;
}

export function geometryOf(field, v) {
  const sources = allSources(field, v);
  const wide = field.columns;
  const high = field.rows * ROUGH;
  const away = new Float64Array(field.width * field.height);
  for (let j = 0; j < field.height; j++) {
    for (let i = 0; i < field.width; i++) {
      away[j * field.width + i] = distanceFrom(
        field,
        sources,
        ((i + 0.5) * wide) / field.width,
        ((j + 0.5) * high) / field.height,
      );
    }
  }
  return { away, links: linksOf(field, sources, v.pattern, wide, high), wide, high };
}

/**
 * Possible bridges between neighbouring sources inside the field, with the distances of points
 * along them.
 */
function linksOf(field, sources, pattern, wide, high) {
  const inside = sources.flat.filter(
    (s) => s.x > -1e-9 && s.y > -1e-9 && s.x < wide + 1e-9 && s.y < high + 1e-9,
  );
  const reach = (pattern === 0 ? 1 : 1 / Math.sqrt(3)) * 1.001;
  const links = [];
  inside.forEach((p, n) => {
    for (const q of inside.slice(n + 1)) {
      if (Math.hypot(p.x - q.x, p.y - q.y) >= reach) continue;
      const along = linspace(0, 1, field.linkPoints);
      const away = along.map((s) =>
        distanceFrom(field, sources, p.x * (1 - s) + q.x * s, p.y * (1 - s) + q.y * s),
      );
      links.push({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, away });
    }
  });
  return links;
}

/**
 * What the bridges enclose around a lobule: middles with the angle of one side, number of sides,
 * inner radius.
 */
function islandsOf(row, column, pattern) {
  const vein = centreOf(row, column);
  if (pattern === 1) return { list: [{ ...vein, turn: 0 }], sides: 6, radius: 0.5 };
  if (pattern === 0) {
    const list = sourcesOf(row, column, 1).map((tract, k) => ({
      ...tract,
      turn: k ? Math.PI / 2 : -Math.PI / 2,
    }));
    return { list, sides: 3, radius: 1 / Math.sqrt(12) };
  }
  const list = Array.from({ length: 6 }, (_, k) => (k * Math.PI) / 3).map((turn) => ({
    x: vein.x + Math.cos(turn) / 3,
    y: vein.y + Math.sin(turn) / 3,
    turn,
  }));
  return { list, sides: 3, radius: 1 / 6 };
}

/**
 * For each site its share of the island's area between wall and site, and the sites along its ray.
 */
export function ringsOf(field, pattern) {
  const wide = field.columns;
  const high = field.rows * ROUGH;
  const share = new Float64Array(field.width * field.height);
  const ray = new Uint32Array(share.length * field.ray);
  const along = Array.from({ length: field.ray }, (_, k) => Math.sqrt(1 - (k + 0.5) / field.ray));
  const clip = (value, count) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  const islands = new Map();
  const around = (row, column) => {
    const key = row * 1000 + column;
    if (!islands.has(key)) islands.set(key, islandsOf(row, column, pattern));
    return islands.get(key);
  };
  for (let site = 0; site < share.length; site++) {
    const x = (((site % field.width) + 0.5) * wide) / field.width;
    const y = ((Math.floor(site / field.width) + 0.5) * high) / field.height;
    const [island, dx, dy, sides, radius] = islandAt(field, x, y, around);
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
function islandAt(field, x, y, around) {
  const [row, column] = cellOf(field, x, y);
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
