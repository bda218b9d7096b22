// Cases whose steps the reader puts in order; what is pressed too early says what is missing.

import { statusMark } from "../../parts/controls.js";
import { element } from "../../parts/dom.js";

/** Mount the cases; the values are the open case, the steps taken, and the last press. */
export function mount(card) {
  const { spec } = card;
  const tabs = tabsOf(spec, (open) => card.change({ case: open, tried: "" }, true));
  const pages = spec.cases.map((each) => pageOf(each, (key) => press(card, each, key)));
  const stage = element("div.hep-steps", { "aria-live": "polite" }, ...pages.map((p) => p.node));
  return {
    views: [stage],
    controls: [],
    again: "Start again",
    lay: ({ sentence, controls }) => [tabs.node, stage, ...sentence, controls],
    draw: (values) => {
      tabs.show(values.case);
      pages.forEach((page) => page.show(values));
      return countOf(spec, values);
    },
  };
}

/** How many steps the open case has, and how many of them are done. */
export function countOf(spec, values) {
  const open = spec.cases.find(({ key }) => key === values.case);
  const steps = open.steps.filter((step) => step.done).length;
  return { done: takenOf(open, values.taken).length, steps };
}

/** Whether a step counts after others (their own keys), and what is said to it. */
export function saidTo(step, taken) {
  const missing = step.early.find(([before]) => !taken.includes(before));
  return { counts: Boolean(step.done) && !missing, words: missing ? missing[1] : step.why };
}

/** The keys of a case's own steps among those taken in all cases, in the order of taking. */
export function takenOf(each, taken) {
  const own = taken.map((one) => one.split("/")).filter(([name]) => name === each.key);
  return own.map(([, key]) => key);
}

function press(card, each, key) {
  const { taken } = card.values;
  const step = each.steps.find((one) => one.key === key);
  const { counts } = saidTo(step, takenOf(each, taken));
  const tried = `${each.key}/${key}`;
  card.change({ tried, ...(counts ? { taken: [...taken, tried] } : {}) }, true);
}

function tabsOf(spec, onPick) {
  const buttons = spec.cases.map(({ key, label }) =>
    element("button", { type: "button", "data-case": key, onclick: () => onPick(key) }, label),
  );
  return {
    node: element("div.hep-steps-tabs", { role: "group", "aria-label": "Cases" }, ...buttons),
    show: (open) =>
      buttons.forEach((each) =>
        each.setAttribute("aria-pressed", String(each.dataset.case === open)),
      ),
  };
}

function pageOf(each, onPress) {
  const done = element("ol.hep-steps-done");
  const offers = each.steps.map((step) => offerOf(step, () => onPress(step.key)));
  const list = element("ul.hep-steps-open", {}, ...offers.map((offer) => offer.node));
  const end = endOf(each);
  const scene = element("p.hep-steps-scene", { html: each.scene });
  const node = element("section", { "data-page": each.key }, scene, done, list, end);
  const show = (values) => {
    node.hidden = values.case !== each.key;
    const taken = takenOf(each, values.taken);
    const all = each.steps.filter((step) => step.done).length;
    const own = values.tried.split("/")[0] === each.key ? values.tried.split("/")[1] : "";
    done.replaceChildren(...taken.map((key) => doneOf(each, key, key === own)));
    const held = offers.some((offer) => offer.node.contains(document.activeElement));
    offers.forEach((offer) => offer.show(taken, own));
    if (held && taken.includes(own)) {
      offers.find((offer) => !offer.node.hidden)?.focus();
    }
    list.hidden = taken.length === all;
    end.hidden = taken.length < all;
  };
  return { node, show };
}

function offerOf(step, onPress) {
  const button = element("button.hep-offer", {
    type: "button",
    "data-step": step.key,
    onclick: onPress,
    html: step.text,
  });
  const why = element("p.hep-steps-not");
  const show = (taken, tried) => {
    node.hidden = taken.includes(step.key);
    const wrong = tried === step.key && !node.hidden;
    why.hidden = !wrong;
    why.innerHTML = wrong ? `${mark(step)}${saidTo(step, taken).words}` : "";
  };
  const node = element("li", {}, button, why);
  return { node, show, focus: () => button.focus({ preventScroll: true }) };
}

const mark = (step) => `<b>✗ ${step.done ? "Not yet." : "Leave it."}</b> `;

function doneOf(each, key, last) {
  const step = each.steps.find((one) => one.key === key);
  const why = last ? element("span", { html: step.why }) : null;
  return element("li", {}, element("b", { html: step.done }), why ? " " : null, why);
}

/** What is said when all is done: the offers left alone, each with its reason, and the rules. */
function endOf(each) {
  const left = each.steps
    .filter((step) => !step.done)
    .map((step) => element("li", {}, element("s", { html: step.text }), " ", reason(step)));
  const rules = each.rules.map((rule) =>
    element("li", {}, element("span", { html: rule.text }), " ", whence(rule)),
  );
  return element(
    "div.hep-steps-end",
    {},
    element("p", { html: each.end }),
    element("p.hep-steps-name", {}, "Left alone, and why"),
    element("ul", {}, ...left),
    fold("The rules, for teaching", element("ul", {}, ...rules)),
  );
}

const fold = (name, inside) => element("details", {}, element("summary", {}, name), inside);
const reason = (step) => element("span", { html: step.why });

function whence({ status, source, link, read }) {
  const named = link ? element("a", { href: link }, source) : source;
  const day = read ? element("span", { html: ` · ${read}` }) : null;
  return element("small", {}, statusMark(status), " ", named, day);
}
