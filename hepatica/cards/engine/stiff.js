// Long runs of a stiff model: Rodas5P, a Rosenbrock method of fifth order whose steps are as long
// as the slow states allow. An explicit method must follow the fastest cells for decades.

// Coefficients of Steinebach 2023, BIT Numerical Mathematics 63:27, of the transformed method.
const GAMMA = 0.21193756319429014;
const PLACES = [
  [],
  [3],
  [2.849394379747939, 0.45842242204463923],
  [-6.954028509809101, 2.489845061869568, -10.358996098473584],
  [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641],
  [
    -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256,
    0.030198172008377946,
  ],
];
// the last two stages stand where the one before ended
PLACES.push([...PLACES[5], 1], [...PLACES[5], 1, 1]);
const MIXED = [
  [],
  [-14.155112264123755],
  [-17.97296035885952, -2.859693295451294],
  [147.12150275711716, -1.41221402718213, 71.68940251302358],
  [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306],
  [
    24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125,
    -0.6610691825249471,
  ],
  [
    30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783,
    -19.097331116725623, -28.087943162872662,
  ],
  [
    37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047,
    -40.06618937091002, -54.66780262877968, -9.48861652309627,
  ],
];
const DENSE = [
  [
    25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204,
    0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493,
  ],
  [
    -9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796,
    20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372,
  ],
  [
    11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643,
    -52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722,
  ],
];
const STAGES = PLACES.length;
const NUDGE = 1.5e-8; // relative change of a state for a difference quotient: root of the rounding
const LEAST = 1e-3; // of a state that is near nothing, as in the scale of errors

/**
 * A stepper for y' = f(y), with the same calls as the explicit one in solver.js.
 * @param {function} f f(y, d) writes the rates of change of y into d
 * @param {Float64Array} y the present state; the caller moves it on
 * @param {Float64Array} next where a step ends
 * @param {function} scale scale(y, i) is the size of an acceptable error of y[i]
 * @returns {{begin: function, step: function, interpolate: function}} `begin()` at each new state,
 * `step(h)` gives the error as a share of the acceptable one, `interpolate(theta, h, out)`
 */
export function stiffStepper(f, y, next, scale) {
  const n = y.length;
  const rows = (count) => Array.from({ length: count }, () => new Float64Array(n));
  const s = { f, y, next, k: rows(STAGES), slopes: rows(n), lower: rows(n), order: [] };
  Object.assign(s, {
    bends: rows(DENSE.length),
    bent: false,
    rate: new Float64Array(n),
    other: new Float64Array(n),
  });
  return {
    begin: () => slopesAt(s),
    step(h) {
      s.bent = false;
      if (!factor(s, 1 / (h * GAMMA))) return Infinity;
      for (let stage = 0; stage < STAGES; stage++) takeStage(s, stage, h);
      const last = s.k[STAGES - 1];
      let worst = 0;
      for (let i = 0; i < n; i++) {
        next[i] += last[i];
        const share = Math.abs(last[i]) / Math.max(scale(y, i), scale(next, i));
        if (!Number.isFinite(share)) return Infinity; // a step that overflowed is rejected
        worst = Math.max(worst, share);
      }
      return worst;
    },
    interpolate: (theta, _, out) => between(s, theta, out),
  };
}

/** The rates at the present state, and how each changes with each state, by differences. */
function slopesAt({ f, y, next, slopes, rate, other }) {
  f(y, rate);
  next.set(y);
  for (let j = 0; j < y.length; j++) {
    next[j] = y[j] + NUDGE * Math.max(Math.abs(y[j]), LEAST);
    f(next, other);
    const by = next[j] - y[j];
    for (let i = 0; i < y.length; i++) slopes[i][j] = (other[i] - rate[i]) / by;
    next[j] = y[j];
  }
}

/** `diagonal` less the slopes, as two triangles; false when that cannot be solved. */
function factor({ slopes, lower, order }, diagonal) {
  const n = lower.length;
  for (let i = 0; i < n; i++) {
    order[i] = i;
    for (let j = 0; j < n; j++) lower[i][j] = (i === j ? diagonal : 0) - slopes[i][j];
  }
  for (let c = 0; c < n; c++) {
    let top = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(lower[r][c]) > Math.abs(lower[top][c])) top = r;
    if (!(Math.abs(lower[top][c]) > 0)) return false;
    [lower[c], lower[top]] = [lower[top], lower[c]];
    [order[c], order[top]] = [order[top], order[c]];
    for (let r = c + 1; r < n; r++) {
      const share = (lower[r][c] /= lower[c][c]);
      for (let j = c + 1; j < n; j++) lower[r][j] -= share * lower[c][j];
    }
  }
  return true;
}

/** One stage: a linear system in the triangles of `factor`. */
function takeStage({ f, y, next, k, lower, order, rate, other }, stage, h) {
  const [places, mixed, found] = [PLACES[stage], MIXED[stage], k[stage]];
  const n = y.length;
  for (let i = 0; i < n; i++) {
    let at = y[i];
    for (let j = 0; j < stage; j++) at += places[j] * k[j][i];
    next[i] = at;
  }
  if (stage) f(next, other);
  else other.set(rate);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < stage; j++) sum += mixed[j] * k[j][i];
    other[i] += sum / h;
  }
  for (let i = 0; i < n; i++) {
    let value = other[order[i]];
    for (let j = 0; j < i; j++) value -= lower[i][j] * found[j];
    found[i] = value;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) found[i] -= lower[i][j] * found[j];
    found[i] /= lower[i][i];
  }
}

/** The state at a share `theta` of the last step, to fourth order. */
function between(s, theta, out) {
  const { y, next, bends } = s;
  if (!s.bent) bend(s);
  for (let i = 0; i < y.length; i++) {
    const inner = bends[0][i] + theta * (bends[1][i] + theta * bends[2][i]);
    out[i] = (1 - theta) * y[i] + theta * (next[i] + (1 - theta) * inner);
  }
}

/** How the way bends within the last step: worked out once, however many times are asked for. */
function bend(s) {
  DENSE.forEach((row, order) => {
    const way = s.bends[order].fill(0);
    for (let stage = 0; stage < STAGES; stage++)
      for (let i = 0; i < way.length; i++) way[i] += row[stage] * s.k[stage][i];
  });
  s.bent = true;
}
