// A quiz: choices or numbers with a unit; every option is explained. An answer counts once, the
// first time, and stays in the reader's record; after it one may practise.

import { element } from "../../parts/dom.js";
import { RECORD_EVENT, openRecord } from "../../parts/record.js";
import { createReturning, dueBefore } from "./again.js";
import { finish, isFinished, keepAnswer, keepPlace, recorded } from "./answers.js";
import { createItem, isRight } from "./items.js";
import { createSteps } from "./steps.js";

const PRACTICE = "Your first answers stay in your record. This round is for practice.";
const RECALL = /^quiz-(\d\d)-recall$/;

/** Mount a quiz; `values.answers` maps the number of an item to the answer given. */
export function mount(card) {
  const quiz = makeQuiz(card);
  const { spec } = card;
  return {
    views: [quiz.returning, quiz.list, quiz.steps?.node, quiz.finish, quiz.practice].filter(
      Boolean,
    ),
    form: "form.hep-quiz-controls",
    again: "Start again",
    silent: ({ answers }) => !quiz.came && !given(answers).length, // nothing to count yet
    start: { answers: recorded(quiz.record, spec) },
    stop: () => practise(quiz),
    connect: () => follow(quiz),
    lay: ({ views, sentence, controls }) => [...views, ...sentence, controls],
    draw: ({ answers }) => drawQuiz(quiz, answers),
  };
}

function makeQuiz(card) {
  const { spec } = card;
  const record = openRecord(card.host);
  const quiz = { card, spec, record, restarted: false, practising: false, came: null };
  quiz.ways = {
    silent: spec.feedback === "later",
    again: spec.kind === "decision", // a wrong decision is taken back
    closed: () => spec.feedback === "later" && !quiz.practising && isFinished(record, spec),
  };
  quiz.items = spec.items.map((item, index) =>
    createItem(item, quiz.ways, (answer) => take(quiz, index, answer)),
  );
  const rows = quiz.items.map(({ node }) => element("li.hep-item", {}, node));
  quiz.list = element("ol.hep-questions", { "data-steps": spec.one_by_one }, ...rows);
  quiz.returning = element("div.hep-returning", { hidden: true });
  quiz.practice = element("p.hep-note.hep-practice", { role: "status", hidden: true }, PRACTICE);
  quiz.steps = spec.one_by_one ? createSteps(rows, () => card.paint()) : null;
  const end = { type: "button", hidden: true, onclick: () => finishQuiz(quiz) };
  quiz.finish = element("button.hep-primary.hep-finish", end, "Finish");
  return quiz;
}

/** An answer of the reader: kept if it counts, and shown. */
function take(quiz, index, answer) {
  const { card, spec, ways } = quiz;
  const { answers } = card.values;
  const counts = ways.silent || ways.again || !has(answers, index);
  if (!quiz.practising)
    keepAnswer(quiz.record, spec, index, answer, isRight(spec.items[index], answer));
  if (!card.host.shareable) keepPlace(quiz.record, spec);
  card.change({ answers: counts ? { ...answers, [index]: answer } : { ...answers } });
}

/** From the start again. What counted stays in the record, unless nothing is finished yet. */
function practise(quiz) {
  const { record, spec, ways } = quiz;
  quiz.restarted = true;
  const counted = Object.keys(recorded(record, spec)).length > 0;
  quiz.practising = counted && (!ways.silent || isFinished(record, spec));
  quiz.steps?.resume();
}

function finishQuiz(quiz) {
  finish(quiz.record, quiz.spec);
  quiz.card.paint();
}

function drawQuiz(quiz, answers) {
  const { spec } = quiz;
  quiz.items.forEach((item, index) => item.show(answers[index]));
  quiz.steps?.show(spec.items.map((_, index) => has(answers, index)));
  quiz.practice.hidden = !quiz.practising;
  const complete = given(answers).length === spec.items.length;
  quiz.finish.hidden = !quiz.ways.silent || !complete || quiz.practising || quiz.ways.closed();
  return quiz.came?.count() ?? scoreOf(spec, answers);
}

/** Take up what the record holds, now and whenever it changes, here or in another tab. */
function follow(quiz) {
  const { card, record, spec } = quiz;
  const fill = () => {
    if (!card.root.isConnected) return removeEventListener(RECORD_EVENT, fill);
    const answers = { ...recorded(record, spec), ...present(card.values.answers) };
    const news = given(answers).length > given(card.values.answers).length;
    if (news && !quiz.restarted) card.change({ answers });
  };
  addEventListener(RECORD_EVENT, fill);
  record.ready.then(fill).then(() => recall(quiz));
}

/** A recall quiz asks what is due of earlier notebooks, where there is something. */
async function recall(quiz) {
  const [, notebook] = RECALL.exec(quiz.spec.id) ?? [];
  if (!notebook) return;
  const due = await dueBefore(quiz.card.host, quiz.record, notebook, quiz.spec.items.length);
  if (!due.length) return;
  quiz.came = createReturning(quiz.record, due, () => quiz.card.paint());
  const words = "These questions come back to you from your own answers.";
  quiz.returning.replaceChildren(element("p.hep-from", {}, words), quiz.came.node);
  quiz.returning.hidden = false;
  quiz.list.hidden = true;
  quiz.card.paint();
}

const has = (answers, index) => answers[index] !== undefined && answers[index] !== null;
const given = (answers) => Object.keys(answers).filter((index) => has(answers, index));
const present = (answers) =>
  Object.fromEntries(given(answers).map((index) => [index, answers[index]]));

/** How many items there are, are answered and are answered rightly. */
function scoreOf(spec, answers) {
  const right = spec.items.filter((item, index) => isRight(item, answers[index])).length;
  return { items: spec.items.length, given: given(answers).length, right };
}
