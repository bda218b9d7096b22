// The view of a league of trials.

import { leagueOf, momentsOf, pooledOf } from "../../engine/virtual_trial.js";
import { leagueTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import {
  TRIAL_HALO,
  TRIAL_MARKS,
  putLayers,
  trialEnds,
  trialFill,
  trialGrid,
  trialInterval,
  trialKeys,
  trialLine,
  trialNumber,
  trialScale,
  trialSpots,
  trialStroke,
  trialText,
  trialVeil,
  viewOf,
} from "./marks.js";

const LEAGUE_TRIALS = 100;

/** A hundred trials, which of them are published, and what each pool says. */
export function viewLeague() {
  const funnel = viewOf("A hundred blinded trials: effect against precision");
  funnel.node.append(
    trialKeys([
      ["circle", trialFill("therapy"), "published"],
      ["diamond", trialFill("therapy"), "published, significantly better"],
      ["circle", trialStroke("muted", 1.6), "in the drawer"],
      ["line", trialStroke("ink", 2, 'stroke-dasharray="6 4"'), "the truth"],
    ]),
  );
  const values = valuesOfNamed(funnel.node, funnel.title, leagueTables);
  const draw = (v, data, veiled) => {
    const trials = leagueOf(v, data.sizes, LEAGUE_TRIALS, v.seed),
      published = trials.filter((one) => one.published);
    const pools = [
      ["all 100", pooledOf(trials), "hepatocyte"],
      [`${published.length} published`, published.length ? pooledOf(published) : null, "accent"],
    ];
    values.follow({ v, trials, pools }, veiled);
    if (veiled) funnel.picture.innerHTML = trialVeil(funnel.width(), 412);
    else putLayers(funnel.picture, leaguePicture(v, trials, pools, funnel.width()));
    return leagueScope(
      v,
      trials,
      published,
      pools.map((pool) => pool[1]),
    );
  };
  return {
    nodes: [funnel.node],
    values: [values],
    buttons: [
      {
        label: "Run another hundred",
        primary: true,
        act: (v) => ({ seed: v.seed + LEAGUE_TRIALS }),
      },
    ],
    draw,
  };
}

/** What a league shows: all, what is published, and the winners. */
function leagueScope(v, trials, published, [all, shown]) {
  const winners = trials.filter((one) => one.winner).map((one) => one.estimate);
  return {
    benefit: v.benefit,
    published: published.length,
    winners: winners.length,
    curse: winners.length ? momentsOf(winners).mean : 0,
    ...trialEnds("all", all),
    ...trialEnds("shown", shown ?? { estimate: 0, low: 0, high: 0 }),
  };
}

function leaguePicture(v, trials, pools, width) {
  const low = 300,
    narrow = width < 480,
    x = trialScale(-8, 8, 40, width - 10),
    y = trialScale(0, 2.6, 14, low);
  const grid = trialGrid([0, 1, 2], y, 40, width - 10);
  const ticks = (narrow ? [-6, -3, 0, 3, 6] : [-8, -6, -4, -2, 0, 2, 4, 6, 8]).map((tick) =>
    trialText(x(tick), low + 20, trialNumber(tick, 0), `text-anchor="middle" ${TRIAL_HALO}`),
  );
  const side = (sign) =>
    trialLine(
      x(-v.benefit),
      y(0),
      x(-v.benefit + sign * 1.96 * 2.6),
      y(2.6),
      trialStroke("muted", 1, 'stroke-dasharray="3 4"'),
    );
  const truth = trialLine(
    x(-v.benefit),
    y(0),
    x(-v.benefit),
    low + 98,
    trialStroke("ink", 2, 'stroke-dasharray="6 4"'),
  );
  const kind = (published, winner) =>
    trials
      .filter((one) => one.published === published && one.winner === winner)
      .map((one) => [x(one.estimate), y(one.se)]);
  const shown = trialFill("therapy", 'stroke="var(--paper)" stroke-width="0.8"');
  const drawer = trialStroke("muted", 1.3);
  const dots =
    trialSpots(kind(false, false), 4.2, drawer) +
    kind(false, true)
      .map(([a, b]) => TRIAL_MARKS.diamond(a, b, 5, drawer))
      .join("") +
    trialSpots(kind(true, false), 4.2, shown) +
    kind(true, true)
      .map(([a, b]) => TRIAL_MARKS.diamond(a, b, 5, shown))
      .join("");
  const axis =
    trialText(46, 28, "standard error") +
    trialText(46, low - 6, "imprecise", TRIAL_HALO) +
    trialText(40, low + 38, "← better") +
    trialText(
      (40 + width - 10) / 2,
      low + 38,
      "difference in MELD",
      `text-anchor="middle" ${TRIAL_HALO}`,
    ) +
    trialText(width - 10, low + 38, "worse →", 'text-anchor="end"');
  const rows = pools.map(([name, pool, role], i) =>
    leaguePool(name, pool, role, low + 66 + 30 * i, x),
  );
  const label = `Funnel of ${trials.length} trials; ${pools.map(([name, pool]) => `${name}, pooled ${pool ? trialInterval(pool) : "none"}`).join("; ")}`;
  const ground = grid + ticks.join("") + axis;
  const layers = [ground, side(-1) + side(1) + truth, dots, ...rows];
  return { width, height: low + 112, label, layers };
}

function leaguePool(name, pool, role, at, x) {
  if (!pool) return trialText(x(1.5), at + 5, `${name}: nothing to pool`);
  const shape = `<path d="M${x(pool.low)} ${at}L${x(pool.estimate)} ${at - 8}L${x(pool.high)} ${at}L${x(pool.estimate)} ${at + 8}Z" ${trialFill(role)}/>`;
  return (
    shape +
    trialText(
      Math.max(x(pool.high), x(0)) + 8,
      at + 5,
      `${name}: ${trialNumber(pool.estimate)}`,
      'style="font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px"',
    )
  );
}
