// What the pictures of livers share.

import { trialLine, trialStroke, trialText } from "../virtual_trial/marks.js";

const CUT_WORDS = "F4";

/** Settings of one run: what the card draws, and what differs. */
export function drawnAs({ cohort, people, seed }, differs = {}) {
  return { cohort, people, seed, ...differs };
}

/** Whether all runs are there, and how many livers have come to the slowest. */
export function arrived(runs) {
  const n = Math.min(...runs.map(({ livers }) => livers.length));
  return { ready: Number(runs.every(({ ready }) => ready)), n };
}

/** A line at the collagen area from which stage F4 begins, with its word beside the axis. */
export function cutLine(x1, x2, y) {
  return (
    trialLine(x1, y, x2, y, trialStroke("ink", 1.5, 'stroke-dasharray="2 4"')) +
    trialText(x1 - 6, y + 4, CUT_WORDS, 'text-anchor="end"')
  );
}

export const countOf = (items, holds) => items.filter(holds).length;
export const meanOf = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
