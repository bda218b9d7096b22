// Labels of a drawing stay legible where it is small: their type grows against the drawing, as far
// as no label meets another.

import { oncePerFrame } from "../parts/dom.js";

const SIZES = [10, 9, 8]; // px on the screen, the first that fits

/** Keep the labels of a drawing legible at every width; what is returned does so once more. */
export function keepLegible(svg) {
  const labels = [...svg.querySelectorAll("text")];
  const again = oncePerFrame(() => svg.isConnected && lift(svg, labels));
  if (labels.length) new ResizeObserver(again).observe(svg);
  return again;
}

function lift(svg, labels) {
  const { width, height } = svg.viewBox.baseVal;
  const scale = Math.min(svg.clientWidth / width, svg.clientHeight / height);
  if (!(scale > 0)) return;
  for (const label of labels) label.style.fontSize = "";
  const drawn = (label) => Number.parseFloat(getComputedStyle(label).fontSize) * scale;
  let small = labels.filter((label) => drawn(label) < SIZES[0]);
  for (const size of SIZES) {
    for (const label of small) label.style.fontSize = `${size / scale}px`;
    const boxes = new Map(labels.map((label) => [label, label.getBBox()]));
    small = small.filter((label) => meetsAnother(label, boxes));
  }
  for (const label of small) label.style.fontSize = "";
}

/** Whether the box of a label lies over that of another. */
function meetsAnother(label, boxes) {
  const own = boxes.get(label);
  return [...boxes].some(([other, box]) => other !== label && overlap(own, box));
}

// A line's box is taller than its letters, so boxes may overlap by a little.
function overlap(a, b) {
  if (!a.width || !b.width) return false; // not shown
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return wide > 0 && high > 0.3 * Math.min(a.height, b.height);
}
