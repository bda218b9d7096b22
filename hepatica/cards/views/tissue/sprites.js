// The scar cells that are drawn one by one.

import { TISSUE_NEVER, TISSUE_WIDTH_UM, tissueLength } from "./basics.js";
import { tissueLookup, tissueNode } from "./layout.js";

const TISSUE_MAX_SPRITES = 400;

/** Spindle cells seated on early strands: each is a list of pixels and textures. */
export function tissueSpindles(field, map, seats, random) {
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
export function tissueRounds(field, map, random) {
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
