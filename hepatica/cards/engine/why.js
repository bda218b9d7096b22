// Why? — the causal arrows of a model, walked from what the reader has moved to what she asks for.
// A step is the change of an arrow's target when only its source returns to its value at the start,
// everything else held at now; an unknown is solved again, a state run again. The same in
// parts/why.py; a test compares the two.

import { functionOf } from "./code.js";
import { formatNumber } from "./rules.js";

const SMALL = 0.01; // a step that changes its target by less is left out
const SAME = 1e-9; // relative; two symbols that keep the same value are one thing

const DOUBLINGS = 40; // of the bracket in which an unknown is looked for

const close = (a, b) => Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b), 1e-12);

/**
 * Turn a card's `why` into something to walk.
 * @param {object} spec `{targets, nodes}` as parts/why.py writes them
 * @param {object} model the compiled model: `parameters`, and `read(values)` gives its read-outs
 * @returns {{steps: function, say: function}} `steps(now, start)` in values of the controls, and
 * `say(step)`, a sentence
 */
export function compileWhy(spec, model) {
  const nodes = new Map(spec.nodes.map((node) => [node.name, compileNode(node)]));
  const factors = new Map(model.parameters.map((row) => [row.name, row.factor]));
  const why = { targets: spec.targets, nodes, factors, model };
  return {
    steps: (now, start) => stepsOf(why, now, start),
    say: (step) => sentenceOf(why, step),
  };
}

function compileNode(node) {
  const compiled = { ...node };
  for (const key of ["is", "gap", "low", "high"]) {
    if (node[key]) compiled[key] = functionOf(node[key]);
  }
  return compiled;
}

/** Everything that a formula may name: parameters in the model's own units, and read-outs. */
function knownAt({ model }, values) {
  const rows = model.parameters.map((row) => [
    row.name,
    (values[row.name] ?? row.value) * row.factor,
  ]);
  // a run reports years as years
  return { ...values, ...model.read(values), ...Object.fromEntries(rows) };
}

/** What a symbol is when its sources are as in `known`. */
function valueOf(why, node, known) {
  if (node.is) return node.is(known);
  if (node.gap) return settle((x) => node.gap({ ...known, [node.name]: x }), node, known);
  const own = why.model.parameters.map(({ name, factor }) => [name, known[name] / factor]);
  return why.model.read({ ...known, ...Object.fromEntries(own) })[node.name];
}

/**
 * Where the gap of a balance closes, by halving as far as doubles go; above the node's upper end,
 * too, where one source has gone back and the others have not.
 */
function settle(gap, node, known) {
  let [low, high] = [node.low(known), node.high(known)];
  const atLow = gap(low);
  for (let i = 0; i < DOUBLINGS && atLow * gap(high) > 0; i++) high = low + 2 * (high - low);
  if (!(atLow * gap(high) <= 0)) throw new Error(`The balance of ${node.name} closes nowhere.`);
  if (gap(high) === 0) return high;
  for (let middle = (low + high) / 2; middle !== low && middle !== high;) {
    if (gap(middle) * atLow > 0) low = middle;
    else high = middle;
    middle = (low + high) / 2;
  }
  return (low + high) / 2;
}

function stepsOf(why, now, start) {
  const [here, there] = [knownAt(why, now), knownAt(why, start)];
  const arrows = arrowsOf(why, here, there);
  const nameOf = alike(why, arrows, here, there);
  const found = new Map();
  for (const arrow of arrows) {
    const [source, target] = [nameOf.get(arrow.source), nameOf.get(arrow.target)];
    const key = `${source} ${target}`;
    if (source !== target && !found.has(key)) found.set(key, { ...arrow, source, target });
  }
  const moved = [...why.nodes.keys()].filter((name) => why.factors.has(name));
  const names = (list) => list.map((name) => nameOf.get(name));
  return walk([...found.values()], names(moved), names(why.targets));
}

/** A step for each arrow that changes its target by more than a trifle. */
function arrowsOf(why, here, there) {
  const found = [];
  for (const node of [...why.nodes.values()].filter(({ from }) => from.length)) {
    const after = valueOf(why, node, here);
    for (const source of node.from) {
      const [was, now] = [there[source], here[source]];
      if (close(was, now)) continue;
      const before = valueOf(why, node, { ...here, [source]: was });
      const most = Math.max(Math.abs(after), Math.abs(before));
      if (most > 0 && Math.abs(after - before) >= SMALL * most)
        found.push({ source, target: node.name, was, now, before, after });
    }
  }
  return found;
}

/**
 * Each symbol's name, one for all that are the same thing: one is worked out from the other, keeps
 * its value, and nothing else moves it.
 */
function alike({ nodes, targets }, arrows, here, there) {
  const groups = new Map([...nodes.keys()].map((name) => [name, new Set([name])]));
  for (const node of nodes.values()) {
    const keeps = (source) => [here, there].every((at) => close(at[source], at[node.name]));
    const same = node.from.filter(keeps);
    const movers = arrows.filter((arrow) => arrow.target === node.name);
    if (!movers.every((arrow) => same.includes(arrow.source))) continue;
    const joined = new Set([node.name, ...same].flatMap((name) => [...groups.get(name)]));
    for (const name of joined) groups.set(name, joined);
  }
  const rank = [...targets, ...nodes.keys()];
  const first = (group) => rank.find((name) => group.has(name));
  return new Map([...groups].map(([name, group]) => [name, first(group)]));
}

/** Everything that can be reached from `begin`. */
function closure(begin, onward) {
  const found = new Set(begin);
  for (const name of found) for (const next of onward(name)) found.add(next);
  return found;
}

/**
 * The steps on a way from what has moved to what is asked about, in the order of the walk; what
 * leads nowhere further comes last.
 */
function walk(steps, moved, targets) {
  const after = (name) => steps.filter((step) => step.source === name).map((step) => step.target);
  const before = (name) => steps.filter((step) => step.target === name).map((step) => step.source);
  const [reached, useful] = [closure(moved, after), closure(targets, before)];
  const kept = steps.filter((step) => reached.has(step.source) && useful.has(step.target));
  const ends = new Set(kept.flatMap((step) => [step.source, step.target]));
  const onward = (name) => kept.filter((step) => step.source === name).map((step) => step.target);
  const order = [
    ...closure(
      [...ends].filter((name) => moved.includes(name)),
      onward,
    ),
  ];
  const leads = new Set(kept.map((step) => step.source));
  const rank = (step) => [leads.has(step.target) ? 0 : 1, order.indexOf(step.source)];
  return kept.toSorted((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
}

/** A step as a sentence with both values. */
function sentenceOf({ nodes, factors }, step) {
  const [source, target] = [nodes.get(step.source), nodes.get(step.target)];
  const factor = factors.get(step.source) ?? 1;
  const [was, now] = [step.was, step.now].map((value) => written(source, value / factor));
  const [before, after] = [step.before, step.after].map((value) => written(target, value));
  const verb = step.after > step.before ? "lifts" : "lowers";
  const name = source.label.slice(0, 1).toUpperCase() + source.label.slice(1);
  return (
    `${name} ${was} → ${now}${unitOf(source)}: it ${verb} the ${target.label} ` +
    `from ${before} to ${after}${unitOf(target)}.`
  );
}

/** A value as the reader knows it: a word, or three digits without idle noughts. */
function written(node, value) {
  const named = node.words?.find((item) => close(item.value, value));
  if (named) return named.word;
  const digits = formatNumber(value * (node.times ?? 1), "3s");
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

const unitOf = (node) => (node.unit ? ` ${node.unit}` : "");
