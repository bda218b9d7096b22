// The answers to the questions inside the atlas, in the reader's record: each counts once, the
// first time, and is found again on the next visit. The question before the atlas is kept by the
// frame, as on every card.

import { today } from "../../parts/record.js";

const keyOf = ({ id }, { name }) => `${id}/${name}`;

/** The answers that the record holds, by the name of the question. */
export function answersKept({ record, spec }) {
  const found = spec.traps.map((trap) => [trap, record.get("answers", keyOf(spec, trap))]);
  const fitting = found.filter(([trap, entry]) => fits(trap.predict, entry));
  return Object.fromEntries(fitting.map(([{ name }, { given }]) => [name, given]));
}

/** Whether this question is still the one that was answered; a store may hold anything. */
function fits({ question, options }, entry) {
  if (entry?.asked !== question || !Number.isInteger(entry.given)) return false;
  return entry.given < 0 || options[entry.given]?.text === entry.text;
}

/** Keep an answer, unless one stands already. */
export function keepAnswer(card, trap, given) {
  const { record, spec } = card;
  if (trap.name in answersKept(card)) return;
  const { question, options } = trap.predict;
  const chosen = options[given];
  const entry = { given, asked: question, text: chosen?.text ?? "", right: chosen?.right === true };
  record.put("answers", keyOf(spec, trap), { ...entry, on: today() });
}

/** In JupyterLab the record comes after the card; whoever has answered meanwhile keeps that. */
export async function answersLate(card) {
  await card.record.ready;
  const kept = Object.entries(answersKept(card));
  const news = kept.filter(([name]) => card.values[name] === null);
  if (news.length) card.change(Object.fromEntries(news));
}
