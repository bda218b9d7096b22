// The review: the questions due today, the ideas behind the reader's mistakes, and what can be done
// with the record.

import { doneToday, dueItems, ownMisconceptions } from "../../engine/review.js";
import { element } from "../../parts/dom.js";
import { RECORD_EVENT, openRecord, today } from "../../parts/record.js";
import { notebookAddress } from "../claims/card.js";
import { createReturning } from "../quiz/again.js";
import { createHanding } from "./handing.js";
import { createKeeping } from "./keeping.js";

/** Mount the review. */
export function mount(card) {
  const record = openRecord(card.host);
  const review = { card, record, items: [], returning: null };
  review.questions = element("div.hep-returning");
  review.ideas = element("div.hep-ideas");
  review.begin = beginning(card);
  const keeping = createKeeping(record, () => begin(review));
  const handing = createHanding(record);
  return {
    views: [review.questions, review.begin, review.ideas, keeping, handing],
    connect: () => load(review),
    lay: ({ sentence, views: [questions, start, ideas, own, hand] }) => [
      ...sentence,
      questions,
      start,
      ideas,
      own,
      hand,
    ],
    draw: () => drawReview(review),
  };
}

function beginning({ spec, host }) {
  const href = notebookAddress(spec.start.file, location.pathname, host.shareable);
  const link = element("a", { href, target: host.shareable ? null : "_blank" }, spec.start.words);
  return element("p.hep-begin", { hidden: true }, "A good place to begin: ", link, ".");
}

async function load(review) {
  const { card, record } = review;
  await record.ready;
  review.items = await card.host.items();
  const follow = () => {
    if (!card.root.isConnected) return removeEventListener(RECORD_EVENT, follow);
    if (review.returning.count().given) card.paint();
    else begin(review, false); // nothing is answered here yet; another tab may have added some
  };
  addEventListener(RECORD_EVENT, follow);
  begin(review);
  follow();
}

/** Lay out what is due now; what stands already stays. */
function begin(review, anew = true) {
  const { card, record, items } = review;
  const due = dueItems(items, record.all("answers"), today());
  const keys = JSON.stringify(due.map(({ key }) => key));
  if (!anew && keys === review.keys) return card.paint();
  review.keys = keys;
  review.returning = createReturning(record, due, () => card.paint());
  review.questions.replaceChildren(review.returning.node);
  card.paint();
}

function drawReview(review) {
  const scope = countsOf(review);
  review.begin.hidden = scope.answered > 0 || !review.returning;
  review.questions.hidden = !review.returning?.count().items;
  review.ideas.replaceChildren(...ideasOf(review, scope.done >= scope.today));
  return scope;
}

function countsOf({ record, items, returning }) {
  const answers = record.all("answers");
  const dues = Object.values(answers)
    .map(({ due }) => due)
    .filter(Boolean);
  const done = doneToday(items, answers, today()).length;
  const { items: shown, given } = returning?.count() ?? { items: 0, given: 0 };
  const next = dues.filter((due) => due > today()).toSorted()[0];
  const words = next ? dayInWords(next) : "another day";
  return { answered: dues.length, done, today: done + shown - given, next: words };
}

/** "3 December" of "2026-12-03". */
function dayInWords(day) {
  const options = { day: "numeric", month: "long", timeZone: "UTC" };
  return new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", options);
}

/** What may stand behind the mistakes; told only when it gives no answer of today away. */
function ideasOf({ card, record, items }, done) {
  const own = ownMisconceptions(items, record.all("answers"));
  const told = own.map((key) => card.spec.ideas.find((idea) => idea.key === key)).filter(Boolean);
  if (!told.length) return [];
  const heading = element("h4", {}, "The ideas behind your mistakes");
  if (!done) return [heading, element("p", {}, "They stand here once today's questions are done.")];
  const rows = told.flatMap(({ misconception, instead }) => [
    element("dt", {}, misconception),
    element("dd", {}, instead),
  ]);
  return [heading, element("dl", {}, ...rows)];
}
