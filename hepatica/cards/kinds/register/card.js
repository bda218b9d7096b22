// The register: a bar per trial, as long as its people are many, in a row per stage.

import { minusSigns } from "../../engine/rules.js";
import { element } from "../../parts/dom.js";
import { layBoard } from "../../parts/stage.js";

/** Mount the rows; the value is the picked trial. */
export function mount(card) {
  const { spec } = card;
  const own = spec.stages.map((stage) => ({ ...stage, people: sum(stage.trials) }));
  const most = Math.max(sum(spec.pool), ...own.map((stage) => stage.people));
  const pool = {
    name: "in our pool",
    told: "the four trials of the forest plot",
    trials: spec.pool,
  };
  card.rows = [{ ...pool, people: sum(spec.pool) }, ...own].map((row) => rowOf(card, row, most));
  card.about = element("div.hep-register-about", { "aria-live": "polite" });
  return {
    views: [...card.rows.map((row) => row.node), card.about],
    controls: [],
    lay: layBoard,
    draw: (values, veiled) => drawRegister(card, values, veiled),
  };
}

const sum = (trials) => trials.reduce((all, trial) => all + trial.people, 0);

function rowOf(card, row, most) {
  const bars = row.trials.map((trial) => barOf(card, trial, most));
  const count = element("output.hep-value");
  const track = element("div.hep-register-track", {}, ...bars.map((bar) => bar.node));
  const node = element(
    "section.hep-register-row",
    { "data-stage": row.name },
    element("div.hep-register-head", {}, element("strong", {}, row.name), count),
    element("small", {}, row.told),
    track,
  );
  return { row, bars, count, track, node };
}

/** A trial: its width is its people; those without a number are outlines. */
function barOf(card, trial, most) {
  const style = `flex: 0 0 max(${((100 * trial.people) / most).toFixed(2)}% - 2px, 0.625rem)`;
  const own = { style, "data-known": String(trial.people > 0) };
  if (!trial.key)
    return { trial, node: element("span.hep-register-bar", { ...own, title: trial.label }) };
  const press = () => card.change({ trial: card.values.trial === trial.key ? "" : trial.key });
  const label = `${trial.label}: ${trial.size}`;
  const node = element("button.hep-register-bar", {
    ...own,
    type: "button",
    title: label,
    "aria-label": label,
    onclick: press,
  });
  return { trial, node };
}

function drawRegister(card, values, veiled) {
  for (const { row, bars, count, track } of card.rows) {
    const trials = row.trials.length;
    count.textContent = veiled
      ? "?"
      : `${trials} trial${trials === 1 ? "" : "s"}, ${row.people} people`;
    track.hidden = veiled;
    for (const { trial, node } of bars)
      if (trial.key) node.setAttribute("aria-pressed", String(trial.key === values.trial));
  }
  const picked = card.spec.stages.flatMap((stage) => stage.trials);
  tell(
    card,
    veiled,
    picked.find((trial) => trial.key === values.trial),
  );
  return registerScope(card.spec, values);
}

function tell(card, veiled, trial) {
  card.about.hidden = veiled;
  if (!trial) {
    card.about.replaceChildren(element("p", {}, "Pick a bar to read what its register says."));
    return;
  }
  const link = element(
    "a",
    { href: trial.link, target: "_blank", rel: "noopener" },
    trial.registry,
  );
  card.about.replaceChildren(
    element("p", {}, element("strong", {}, trial.label), ` · ${trial.size} · `, link),
    element("p", {}, minusSigns(trial.told)),
    element("p", {}, `As seen: ${trial.seen}.${trial.note ? ` ${trial.note}.` : ""}`),
  );
}

/** How many trials and people stand where, in the names of the card's sentence. */
export function registerScope(spec, values) {
  const of = (name) => spec.stages.find((stage) => stage.name === name).trials;
  const pooled = sum(spec.pool);
  return {
    trials: spec.stages.reduce((all, stage) => all + stage.trials.length, 0),
    silent: of("without results").length,
    silent_people: sum(of("without results")),
    pooled,
    randomised: spec.randomised,
    share: (100 * pooled) / spec.randomised,
    unknown: of("unknown").length,
    about: values.trial,
    picked: values.trial === "" ? 0 : 1,
  };
}
