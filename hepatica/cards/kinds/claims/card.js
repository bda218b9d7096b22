// The board of claims: all claims of the article with their verdicts, to filter, to search, to
// judge and to open.

import { refusal } from "../../engine/door.js";
import { element, freshId } from "../../parts/dom.js";
import { openRecord, today } from "../../parts/record.js";
import { layBoard } from "../../parts/stage.js";

// One shape per verdict, so that colour is never the only mark.
const VERDICT_SHAPES = {
  supported:
    '<circle cx="8" cy="8" r="7" class="f"/><path d="M4.5 8.2 7 10.8 11.6 5.4" class="c"/>',
  "partly supported":
    '<circle cx="8" cy="8" r="6.25" class="s"/><path d="M8 1.75a6.25 6.25 0 0 0 0 12.5z" class="f"/>',
  uncertain:
    '<circle cx="8" cy="8" r="6.25" class="s d"/><path d="M6 6.4a2 2 0 1 1 2.9 1.8c-.7.4-.9.8-.9 1.5" class="s"/><circle cx="8" cy="11.7" r=".9" class="f"/>',
  "true but misleading":
    '<path d="M8 1 15.4 14.5H.6z" class="f"/><path d="M8 5.6v4.4" class="c"/><circle cx="8" cy="12.2" r="1" class="p"/>',
  "not supported":
    '<path d="M1 1h14v14H1z" class="f"/><path d="M4.7 4.7l6.6 6.6M11.3 4.7l-6.6 6.6" class="c"/>',
};

/** The mark of a verdict, for the eye only; the word stands beside it. */
export function verdictShape(verdict) {
  return element("span.hep-shape", {
    "data-verdict": verdict,
    "aria-hidden": "true",
    html: `<svg viewBox="0 0 16 16">${VERDICT_SHAPES[verdict]}</svg>`,
  });
}

const CLAIM_FILTERS = ["section", "type", "verdict", "certainty"];

/**
 * Claims that a choice lets through; `without` names a filter that is left out, for counting what
 * it would find.
 */
export function claimsFound(claims, chosen, without = "") {
  const words = (chosen.text ?? "").trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (claim) =>
    [claim.key, claim.claim, claim.remark, claim.evidence, claim.numbers, claim.left_out]
      .join(" ")
      .toLowerCase();
  const fits = (claim) =>
    CLAIM_FILTERS.every(
      (name) => name === without || !chosen[name] || claim[name] === chosen[name],
    );
  return claims.filter(
    (claim) => fits(claim) && (!words.length || words.every((word) => text(claim).includes(word))),
  );
}

/**
 * How the reader's own verdicts agree with the ledger's; `trusting` counts claims taken for sound
 * that are not.
 */
export function agreementOf(spec, judged) {
  const given = spec.claims.filter((claim) => spec.answers[judged[claim.key]]);
  const agrees = (claim) => spec.answers[judged[claim.key]].verdicts.includes(claim.verdict);
  const holds = (claim) => claim.verdict === "supported" || claim.verdict === "partly supported";
  const believed = (claim) =>
    spec.answers[judged[claim.key]].verdicts.some(
      (verdict) => verdict === "supported" || verdict === "partly supported",
    );
  const differ = given.filter((claim) => !agrees(claim));
  return {
    given: given.length,
    agree: given.length - differ.length,
    trusting: differ.filter((claim) => believed(claim) && !holds(claim)).length,
    doubting: differ.filter((claim) => !believed(claim) && holds(claim)).length,
  };
}

/**
 * Mount the board; `values.judged` maps a claim's key to the number of the answer that the reader
 * gave.
 */
export function mount(card) {
  const { spec } = card;
  const record = openRecord(card.host);
  const covered = spec.fields.covered.start;
  const board = { card, spec, record, chosen: {}, covered, judged: {} };
  board.choose = (name, value) => card.change({ [name]: value });
  board.rows = spec.claims.map((claim) => claimRow(board, claim));
  const names = [...new Set(spec.claims.map((claim) => claim.section))];
  board.sections = names.map((section) => claimSection(board, section));
  const parts = { cover: coverSwitch(board), strip: verdictStrip(board), bar: filterBar(board) };
  return {
    views: [parts.strip.node, parts.bar.node, ...board.sections.map((part) => part.node)],
    controls: [parts.cover.node],
    form: "form.hep-claims-controls",
    start: judgedBefore(board),
    connect: () => record.ready.then(() => card.change(judgedBefore(board))),
    lay: layBoard,
    draw: (values) => drawBoard(board, parts, values),
  };
}

function drawBoard(board, parts, { judged, covered, ...chosen }) {
  Object.assign(board, { judged, covered, chosen });
  const found = new Set(claimsFound(board.spec.claims, chosen).map((claim) => claim.key));
  board.rows.forEach((row) => row.show(found.has(row.claim.key)));
  board.sections.forEach((part) => part.show(found));
  Object.values(parts).forEach((part) => part.show());
  const total = board.spec.claims.length;
  return { found: found.size, total, covered: covered ? 1 : 0, ...agreementOf(board.spec, judged) };
}

/** The verdicts as one bar of proportional parts, each a button that shows its claims only. */
function verdictStrip(board) {
  const { spec } = board;
  const buttons = spec.verdicts.map((verdict) => {
    const count = element("b");
    const press = () => board.choose("verdict", board.chosen.verdict === verdict ? "" : verdict);
    const node = element(
      "button.hep-verdict-part",
      { type: "button", "data-verdict": verdict, "aria-pressed": "false", onclick: press },
      verdictShape(verdict),
      count,
      element("span", {}, verdict),
    );
    return { verdict, node, count };
  });
  const bar = element(
    "div.hep-verdict-bar",
    { "aria-hidden": "true" },
    ...spec.verdicts.map((verdict) =>
      element("span", {
        "data-verdict": verdict,
        style: `flex-grow: ${spec.claims.filter((claim) => claim.verdict === verdict).length}`,
      }),
    ),
  );
  const node = element(
    "div.hep-verdict-strip",
    { role: "group", "aria-label": "Verdicts" },
    bar,
    element("div.hep-verdict-parts", {}, ...buttons.map((button) => button.node)),
  );
  const show = () => {
    const found = claimsFound(spec.claims, board.chosen, "verdict");
    node.hidden = board.covered;
    buttons.forEach((button) => {
      button.count.textContent = String(
        found.filter((claim) => claim.verdict === button.verdict).length,
      );
      button.node.setAttribute("aria-pressed", String(board.chosen.verdict === button.verdict));
    });
  };
  return { node, show };
}

function filterBar(board) {
  const { spec } = board;
  const values = {
    section: [...new Set(spec.claims.map((claim) => claim.section))],
    type: [...new Set(spec.claims.map((claim) => claim.type))].sort(),
    certainty: spec.certainties,
  };
  const selects = Object.entries(values).map(([name, options]) =>
    filterSelect(board, name, options),
  );
  const id = freshId("search");
  const search = element("input.hep-search", { id, type: "search", autocomplete: "off" });
  search.addEventListener("input", () => board.choose("text", search.value));
  const all = element(
    "button",
    {
      type: "button",
      onclick: () => {
        search.value = "";
        board.card.change({ section: "", type: "", verdict: "", certainty: "", text: "" });
      },
    },
    "Show all",
  );
  const node = element(
    "form.hep-filters",
    {
      onsubmit: (event) => event.preventDefault(),
      role: "search",
      "aria-label": "Filter the claims",
    },
    ...selects.map((select) => select.node),
    element("div.hep-filter", {}, element("label", { for: id }, "Search"), search),
    element("div.hep-filter", {}, all),
  );
  const show = () => {
    selects.forEach((select) => select.show());
    selects.at(-1).node.hidden = board.covered; // how certain a verdict is would tell it
    all.disabled = !Object.values(board.chosen).some(Boolean);
  };
  return { node, show };
}

function filterSelect(board, name, options) {
  const id = freshId("filter");
  const items = options.map((option) => element("option", { value: option }));
  const every = element("option", { value: "" });
  const select = element(
    "select",
    { id, "data-filter": name, onchange: () => board.choose(name, select.value) },
    every,
    ...items,
  );
  const show = () => {
    const found = claimsFound(board.spec.claims, board.chosen, name);
    every.textContent = `all (${found.length})`;
    items.forEach((item) => {
      item.textContent = `${item.value} (${found.filter((claim) => claim[name] === item.value).length})`;
    });
    select.value = board.chosen[name] ?? "";
  };
  return { node: element("div.hep-filter", {}, element("label", { for: id }, name), select), show };
}

function coverSwitch(board) {
  const input = element("input", { type: "checkbox", "data-name": "cover" });
  input.addEventListener("change", () => {
    // filters by these would tell
    const telling = input.checked ? { verdict: "", certainty: "" } : {};
    board.card.change({ covered: input.checked, ...telling });
  });
  const forget = element(
    "button",
    { type: "button", onclick: () => judgeClaims(board, {}) },
    "Forget my verdicts",
  );
  const node = element(
    "div.hep-row.hep-cover",
    {},
    element(
      "label.hep-segment",
      {},
      input,
      element("span", {}, "Cover the verdicts: I judge first"),
    ),
    forget,
  );
  return {
    node,
    show: () => {
      input.checked = board.covered;
      forget.hidden = !Object.keys(board.judged).length;
    },
  };
}

function claimSection(board, section) {
  const rows = board.rows.filter((row) => row.claim.section === section);
  const count = element("span.hep-section-count");
  const node = element(
    "div.hep-claims",
    { role: "group", "aria-label": section },
    element("h4", {}, section, " ", count),
    ...rows.map((row) => row.node),
  );
  const show = (found) => {
    const shown = rows.filter((row) => found.has(row.claim.key)).length;
    node.hidden = !shown;
    count.textContent = shown === rows.length ? String(shown) : `${shown} of ${rows.length}`;
  };
  return { node, show };
}

function claimRow(board, claim) {
  const verdict = element("span.hep-claim-verdict"),
    certainty = element("span.hep-claim-certainty"),
    own = ownVerdict(board, claim);
  const summary = element(
    "summary",
    {},
    element("span.hep-claim-key", {}, claim.key),
    element("span.hep-claim-words", {}, claim.claim),
    verdict,
    certainty,
  );
  const details = element(
    "details.hep-claim",
    { "data-claim": claim.key },
    summary,
    ...claimBody(board, claim),
  );
  const node = element("div.hep-claim-row", {}, details, own.node);
  const tell = () => {
    const told = !board.covered || details.open || board.judged[claim.key] !== undefined;
    verdict.replaceChildren(
      ...(told
        ? [
            verdictShape(claim.verdict),
            element("span", {}, claim.verdict, element("small", {}, `sure of it: ${claim.sure}`)),
          ]
        : [element("span.hep-covered", {}, "covered")]),
    );
    certainty.replaceChildren(...(told ? [certaintyMark(board, claim.certainty)] : []));
    own.show(told);
  };
  details.addEventListener("toggle", tell);
  return {
    claim,
    node,
    show: (shown) => {
      node.hidden = !shown;
      tell();
    },
  };
}

/**
 * The reader's own verdict: asked for while the verdicts are covered, then shown beside the
 * course's.
 */
function ownVerdict(board, claim) {
  const name = freshId("own");
  const radios = board.spec.answers.map((answer, index) => {
    const input = element("input", {
      type: "radio",
      name,
      value: index,
      onchange: () => judgeClaims(board, { ...board.judged, [claim.key]: index }),
    });
    return element("label.hep-segment", {}, input, element("span", {}, answer.text));
  });
  const fields = element(
    "fieldset.hep-own",
    {},
    element("legend.hep-hidden", {}, `Your verdict on ${claim.key}`),
    ...radios,
  );
  const said = element("p.hep-own-said", { "aria-live": "polite" });
  const show = (told) => {
    const given = board.spec.answers[board.judged[claim.key]];
    fields.hidden = told;
    radios.forEach((label, index) => {
      label.firstChild.checked = index === board.judged[claim.key];
    });
    said.hidden = !given;
    said.textContent = given
      ? `${given.verdicts.includes(claim.verdict) ? "✓ You agree" : "✕ You differ"}: “${given.text}”.`
      : "";
  };
  return { node: element("div", {}, fields, said), show };
}

/** The reader's verdicts as the record holds them; one that is none takes no other with it. */
export function judgedBefore({ record, spec }) {
  const own = spec.claims.map(({ key }) => [
    key,
    record.get("answers", `${spec.id}/${key}`)?.given,
  ]);
  const { fields } = spec.fields.judged;
  const sound = ([key, given]) => Number.isInteger(given) && !refusal(fields[key], given);
  return { judged: Object.fromEntries(own.filter(sound)) };
}

/** Keep what has changed; a verdict taken back is kept as none. */
function judgeClaims(board, judged) {
  const { record, spec } = board;
  const changed = spec.claims.filter(({ key }) => judged[key] !== board.judged[key]);
  for (const { key } of changed)
    record.put("answers", `${spec.id}/${key}`, { given: judged[key] ?? null, on: today() });
  board.card.change({ judged });
}

function claimBody(board, claim) {
  const part = (label, ...children) =>
    element("div.hep-claim-part", {}, element("dt", {}, label), element("dd", {}, ...children));
  const list = (nodes) => nodes.flatMap((node, index) => (index ? ["; ", node] : [node]));
  const sources = claim.sources.map(({ text, link }) =>
    link
      ? element("a", { href: link, target: "_blank", rel: "noopener" }, text)
      : element("span", {}, text),
  );
  return [
    element(
      "dl.hep-claim-body",
      {},
      claim.remark ? part("Our remark", claim.remark) : null,
      part("Evidence", claim.evidence),
      part("Key numbers", claim.numbers),
      part("What the article leaves out", element("strong", {}, claim.left_out)),
      part("Sources", ...list(sources)),
      part("As of", claim.as_of),
      part("Taught in", ...list(claim.taught_in.map((number) => notebookLink(board, number)))),
    ),
  ];
}

function certaintyMark(board, certainty) {
  const level = board.spec.certainties.length - board.spec.certainties.indexOf(certainty);
  return element(
    "span",
    {},
    element(
      "span.hep-certainty",
      { "aria-hidden": "true" },
      "◆".repeat(level) + "◇".repeat(board.spec.certainties.length - level),
    ),
    element("span.hep-hidden", {}, " certainty:"),
    ` ${certainty}`,
  );
}

/**
 * On the site a notebook is a page, in JupyterLab a file; both lie beside the lessons, one or two
 * folders from here.
 */
export function notebookAddress(file, path, onSite) {
  const inside = /\/exercises\/solutions\/[^/]*$/.test(path)
    ? "../../"
    : /\/(exercises|teacher)\/[^/]*$/.test(path)
      ? "../"
      : "";
  return onSite
    ? `${inside}${file.replace(".ipynb", ".html")}`
    : `${inside}${inside ? "notebooks/" : ""}${file}`;
}

function notebookLink(board, number) {
  const { file, question } = board.spec.notebooks[number],
    onSite = board.card.host.shareable;
  return element(
    "a",
    { href: notebookAddress(file, location.pathname, onSite), target: onSite ? null : "_blank" },
    `${number} ${question}`,
  );
}
