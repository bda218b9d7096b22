// How far a result can be trusted: five signs and a sixth for all, which open into their reasons.

import { minusSigns } from "../../engine/rules.js";
import { element } from "../../parts/dom.js";

const LEGEND = [
  ["low", "+", "low risk"],
  ["some concerns", "!", "some concerns"],
  ["high", "−", "high risk of bias"],
  ["not readable", "?", "not told in what we read"],
];

function sign(judgement, mark) {
  return element("i.hep-bias-sign", { "data-judgement": judgement, "aria-hidden": "true" }, mark);
}

/** The signs of one trial, closed; null where nobody judged this result. */
export function biasOf(trial) {
  const { bias } = trial;
  if (!bias) return null;
  const all = bias.marks.at(-1);
  const words = `bias: ${all.judgement === "high" ? "high risk" : all.judgement}`;
  const summary = element(
    "summary",
    { "aria-label": `${words}, ${trial.label}` },
    ...bias.marks.map(({ judgement, sign: mark }) => sign(judgement, mark)),
    element("span", {}, words),
  );
  const rows = bias.marks.map((mark) =>
    element(
      "li",
      {},
      sign(mark.judgement, mark.sign),
      element(
        "span",
        {},
        element("strong", {}, mark.name),
        minusSigns(` ${mark.judgement}: ${mark.reason}.`),
      ),
    ),
  );
  return element("details.hep-bias", {}, summary, element("ul", {}, ...rows), whose(bias));
}

/** For which result, who judged it, and from what. */
function whose(bias) {
  const read = bias.read_as === "abstract" ? "read from the abstract" : `from a ${bias.read_as}`;
  return element(
    "p",
    {},
    `RoB 2 for ${bias.outcome}, judged by ${bias.by}, ${read}: `,
    element("a", { href: bias.link, target: "_blank", rel: "noopener" }, bias.source),
    ".",
    ...bias.others.map((words) => ` Others see it otherwise. ${words}.`),
  );
}

/** What the signs mean, for the legend. */
export function biasLegend() {
  return LEGEND.map(([judgement, mark, words]) => element("li", {}, sign(judgement, mark), words));
}
