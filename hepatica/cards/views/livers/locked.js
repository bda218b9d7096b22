// Two hypotheses on the same draw: with the lock and without it, how many are no longer cirrhotic
// and in how many myofibroblasts are still at work.

import { shareShape, shareTables } from "../../engine/told_trials.js";
import { valuesOfNamed } from "../values.js";
import { putLayers, trialKeys, trialStroke, trialVeil, viewOf } from "../virtual_trial/marks.js";
import { arrived, countOf, drawnAs } from "./marks.js";
import { shareChart } from "./shares.js";

const LINES = [
  { paint: ["ink", 2.5], label: "a hundred with the lock" },
  { paint: ["therapy", 2.5], dash: "7 5", label: "a hundred without it" },
];

/** The view of two hypotheses. */
export function viewLocked(spec) {
  const cut = spec.model.parameters.find(({ name }) => name === "cut_F4").value;
  const shown = [
    {
      view: viewOf("By collagen: below the line, of a hundred", "shares"),
      holds: (t) => (liver) => liver.area[t] < cut,
    },
    {
      view: viewOf("By stain: myofibroblasts at work, of a hundred", "shares"),
      holds: (t) => (liver) => liver.lit[t],
      from: 1, // cells need some months to rest, which the crowd does not follow
    },
  ];
  const sample = ({ paint: [role, thick], dash, label }) => {
    return ["line", trialStroke(role, thick, dash ? 'stroke-dasharray="5 3"' : ""), label];
  };
  for (const { view } of shown) view.node.append(trialKeys(LINES.map(sample)));
  for (const one of shown)
    one.values = valuesOfNamed(one.view.node, one.view.title, shareTables, shareShape);
  const scope = (v, runs) => {
    const t = spec.years.indexOf(v.after);
    const [[on, off], [lit_on, lit_off]] = shown.map(({ holds }) =>
      runs.map(({ livers }) => countOf(livers, holds(t))),
    );
    const own = { ...arrived(runs), people: v.people, after: v.after, seed: v.seed };
    return { ...own, on, off, lit_on, lit_off };
  };
  const draw = (v, runs, veiled) => {
    for (const { view, holds, from, values } of shown) {
      const lines = runs.map(({ livers }, i) => ({
        ...LINES[i],
        from,
        values: overYears(livers, holds),
      }));
      values.follow({ years: spec.years, lines }, veiled);
      const drawn = shareChart(view.width(), spec.years, lines, v);
      if (veiled) view.picture.innerHTML = trialVeil(view.width(), 190);
      else putLayers(view.picture, { ...drawn, told: values.id });
    }
    return scope(v, runs);
  };
  const overYears = (livers, holds) =>
    livers.length
      ? spec.years.map((_, t) => (100 * countOf(livers, holds(t))) / livers.length)
      : [];
  return {
    nodes: shown.map(({ view }) => view.node),
    values: shown.map(({ values }) => values),
    runs: (v) => [1, 0].map((lock) => drawnAs(v, { lock })),
    scope,
    draw,
  };
}
