// Pooled effects of trials. The same statistics as hepatica/analysis/trials.py, to the ninth digit.

const POOL_NORMAL = 1.959963984540054; // half-width of a 95 % interval in standard errors

/**
 * The pooled effect of trials, on the scale of their effects (logarithms for ratios).
 * @param {{yi: number, vi: number}[]} trials at least one
 * @param {string} method "DL", "PM", "REML" or "fixed"
 * @param {boolean} knappHartung scale the error by the observed scatter, with t quantiles; never
 * for "fixed"
 * @returns {{centre: number, low: number, high: number, predictionLow: number, predictionHigh:
 * number, tau2: number,   i2: number, q: number, df: number, se: number, weights: number[]}} i2 in
 * per cent; NaN for what cannot be known
 */
export function poolTrials(trials, method, knappHartung) {
  const k = trials.length;
  const common = weightedMean(trials, 0);
  const tau2 = k > 1 ? POOL_TAU[method](trials, common) : 0;
  const mixed = weightedMean(trials, tau2);
  const hartung = knappHartung && method !== "fixed" && k > 1;
  const se = Math.sqrt(hartung ? mixed.q / (k - 1) / mixed.total : 1 / mixed.total);
  const width = se * (hartung ? studentQuantile(k - 1) : POOL_NORMAL);
  const reach =
    k > 2 && method !== "fixed" ? studentQuantile(k - 2) * Math.sqrt(tau2 + se * se) : NaN;
  const centre = mixed.mean,
    q = k > 1 ? common.q : 0;
  return {
    centre,
    low: centre - width,
    high: centre + width,
    predictionLow: centre - reach,
    predictionHigh: centre + reach,
    tau2,
    i2: k < 2 ? NaN : q > 0 ? 100 * Math.max(0, 1 - (k - 1) / q) : 0,
    q,
    df: k - 1,
    se,
    weights: mixed.w.map((w) => w / mixed.total),
  };
}

/** Weights, mean and weighted scatter once tau2 is added to every variance. */
function weightedMean(trials, tau2) {
  const w = trials.map((trial) => 1 / (trial.vi + tau2));
  const total = poolSum(w);
  const mean = poolSum(trials.map((trial, i) => w[i] * trial.yi)) / total;
  return { w, total, mean, q: poolSum(trials.map((trial, i) => w[i] * (trial.yi - mean) ** 2)) };
}

function poolSum(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

const POOL_TAU = {
  fixed: () => 0,
  DL: dersimonianLaird,
  PM: pauleMandel,
  REML: restrictedLikelihood,
};

function dersimonianLaird(trials, { w, total, q }) {
  return Math.max(0, (q - (trials.length - 1)) / (total - poolSum(w.map((x) => x * x)) / total));
}

function pauleMandel(trials) {
  let tau2 = 0;
  for (let turn = 0; turn < 1000; turn++) {
    const { w, mean, q } = weightedMean(trials, tau2);
    const moved = Math.max(
      0,
      tau2 +
        (q - (trials.length - 1)) /
          poolSum(trials.map((trial, i) => (w[i] * (trial.yi - mean)) ** 2)),
    );
    if (Math.abs(moved - tau2) <= 1e-14 * (1 + tau2)) return moved;
    tau2 = moved;
  }
  return tau2;
}

function restrictedLikelihood(trials, common) {
  let tau2 = dersimonianLaird(trials, common);
  for (let turn = 0; turn < 1000; turn++) {
    const { w, total, mean } = weightedMean(trials, tau2);
    const second = poolSum(w.map((x) => x * x)),
      third = poolSum(w.map((x) => x ** 3));
    const score =
      poolSum(trials.map((trial, i) => (w[i] * (trial.yi - mean)) ** 2)) - (total - second / total);
    const moved = Math.max(
      0,
      tau2 + score / (second - (2 * third) / total + (second / total) ** 2),
    );
    if (Math.abs(moved - tau2) < 1e-13 * (1 + tau2)) return moved;
    tau2 = moved;
  }
  return tau2;
}

/**
 * Probability that Student's t with a whole number of degrees lies between −t and t (Abramowitz and
 * Stegun 26.7.3–4).
 */
export function studentInside(t, df) {
  const angle = Math.atan(t / Math.sqrt(df)),
    cosine = Math.cos(angle),
    odd = df % 2 === 1;
  let term = odd ? cosine : 1,
    sum = df === 1 ? 0 : term;
  for (let n = odd ? 3 : 2; n < df; n += 2) {
    term *= ((n - 1) / n) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/** Two-sided 5 % quantile of Student's t. */
export function studentQuantile(df) {
  let low = 0,
    high = Math.PI / 2;
  for (let turn = 0; turn < 100; turn++) {
    const middle = (low + high) / 2;
    if (studentInside(Math.sqrt(df) * Math.tan(middle), df) < 0.95) low = middle;
    else high = middle;
  }
  return Math.sqrt(df) * Math.tan((low + high) / 2);
}

/**
 * Egger's regression of effect/error on 1/error.
 * @param {{yi: number, vi: number}[]} trials at least three
 * @returns {{intercept: number, p: number}}
 */
export function eggerTest(trials) {
  const x = trials.map((trial) => 1 / Math.sqrt(trial.vi)),
    y = trials.map((trial, i) => trial.yi * x[i]);
  const k = trials.length,
    middleX = poolSum(x) / k,
    middleY = poolSum(y) / k;
  const spread = poolSum(x.map((each) => (each - middleX) ** 2));
  const slope = poolSum(x.map((each, i) => (each - middleX) * (y[i] - middleY))) / spread;
  const intercept = middleY - slope * middleX;
  const scatter = poolSum(x.map((each, i) => (y[i] - intercept - slope * each) ** 2)) / (k - 2);
  const error = Math.sqrt(scatter * (1 / k + middleX ** 2 / spread));
  return { intercept, p: 1 - studentInside(Math.abs(intercept / error), k - 2) };
}
