// Runs of a crowd, kept by their settings and worked out liver by liver in the pauses of the page.

const SLICE = 8; // ms of work before the page may breathe
const BRIEF = 2; // the same while a hand is moving a control
const STILL = 200; // ms after which it is taken to have come to rest
const SHOW = 120; // ms between pictures of a crowd that is still coming

/**
 * @param {object} model from `compileCrowd`
 * @param {number[]} years after the stop that a run reports
 * @param {function} onMore called when more livers have come
 * @returns {{soon: function, now: function, waiting: function}} both take settings and return
 * {livers, ready}; `soon` what has come so far, `now` all of them, worked out at once
 */
export function createRuns(model, years, onMore) {
  const kept = new Map();
  const queue = [];
  let shown = 0;
  let asked = -STILL;
  let filling = false; // a picture that fills is asked for by nobody's hand
  const runOf = (settings) => {
    const key = JSON.stringify(settings);
    if (!kept.has(key))
      kept.set(key, { livers: [], ready: false, rest: model.livers(settings, years) });
    return kept.get(key);
  };
  const work = () => {
    const now = performance.now();
    const until = now + (now < asked + STILL ? BRIEF : SLICE);
    while (queue.length && performance.now() < until) if (!take(queue[0])) queue.shift();
    if (!queue.length || performance.now() > shown + SHOW) {
      shown = performance.now();
      filling = true;
      onMore();
      filling = false;
    }
    if (queue.length) setTimeout(work, 0);
  };
  const soon = (settings) => {
    const run = runOf(settings);
    if (!filling) asked = performance.now();
    if (!run.ready && !queue.includes(run)) {
      queue.push(run);
      if (queue.length === 1) setTimeout(work, 0);
    }
    return run;
  };
  const now = (settings) => {
    const run = runOf(settings);
    while (!run.ready) take(run);
    return run;
  };
  return { soon, now, waiting: () => queue.length };
}

/** One more liver; false when there are no more. */
function take(run) {
  if (run.ready) return false;
  const { value, done } = run.rest.next();
  if (done) run.ready = true;
  else run.livers.push(value);
  return !run.ready;
}
