// Predictions in the reader's record: kept with what they were about, and found again on the next
// visit.

import { admit } from "../engine/door.js";
import { HANDLES, isSkipped } from "../engine/guess.js";
import { viewOf } from "./draw.js";

/** What the record keeps of a prediction: enough to show it again elsewhere. */
export function keepPrediction(card, given) {
  const { predict, title, question } = card.spec;
  const entry = { kind: predict.way, given, title, question, asked: predict.question };
  if (predict.way === "choose") {
    const right = predict.options.find((option) => option.right);
    const chosen = predict.options[given];
    Object.assign(entry, { text: chosen?.text ?? "", right: chosen === right, answer: right.text });
  } else if (predict.way === "draw") {
    const { x, y } = card.spec.views[viewOf(card.spec)];
    Object.assign(entry, { model: card.heights(), axes: { x, y } });
  } else if (predict.way === "share")
    Object.assign(entry, { answer: predict.answer, of: predict.of });
  else entry.items = given.map((place) => ranked(predict.items[place]));
  card.remember("predictions", entry);
}

const ranked = ({ text, rank }) => ({ text, rank });

/** The prediction of an earlier visit, if the question is still the one that was answered. */
export function recalled({ spec, record }) {
  const kept = spec.predict ? record.get("predictions", spec.id) : null;
  const same = kept?.kind === spec.predict?.way && kept?.asked === spec.predict?.question;
  const chosen = kept?.kind !== "choose" || kept.given < 0;
  if (!kept || !same || (!chosen && spec.predict.options[kept.given]?.text !== kept.text))
    return {};
  return isWhole(spec.predict, kept.given)
    ? admit(spec.fields, { prediction: kept.given }).values
    : {};
}

/** Whether a drawn curve has all its heights and an order all its items, or neither any. */
function isWhole({ way, items }, given) {
  if (isSkipped(given)) return true;
  if (way === "order") return given?.length === items.length;
  return way !== "draw" || handles.every((n) => Number.isFinite(given?.[n]));
}

const handles = Array.from({ length: HANDLES }, (_, n) => n + 1);
