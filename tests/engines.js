// What a page of the course says and draws, told alike by every browser engine. The test lays this
// script into a copy of the page, first after its policy; `tour()` does what a reader does and
// returns what each card shows after each step.

const troubles = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, lineNumber }) => {
  troubles.push(`refused ${effectiveDirective}: ${blockedURI} (line ${lineNumber})`);
});
addEventListener(
  "error",
  ({ message, target }) => {
    troubles.push(`error: ${message ?? target?.outerHTML?.slice(0, 200)}`);
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) => troubles.push(`rejected: ${reason}`));

const REST = 350; // ms; a chart that has not moved for half of this is drawn anew
const AGAIN = 300; // ms; between two looks at a page that may still work: words follow in 250
const PATIENCE = 90_000; // ms; a busy machine draws a hundred livers slowly
const after = (ms) => new Promise((done) => setTimeout(done, ms));
const frames = () =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const cards = () => all("article.hep-card");

// ---- what stands there ----

/** The words of a card, without those in pictures and what screen readers are told late. */
function words(card) {
  const walk = document.createTreeWalker(card, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("svg, script, style, [aria-live], .js-plotly-plot")
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  );
  const said = [];
  while (walk.nextNode()) said.push(walk.currentNode.data);
  return said.join(" ").replace(/\s+/g, " ").trim();
}

const NINE = [...Array(9).keys()];

/** The length of a column, and nine of its entries. */
function column(values) {
  const list = [...(values ?? [])];
  return [list.length, ...NINE.map((n) => list[Math.round((n / 8) * (list.length - 1))] ?? null)];
}

/** A plotly chart: the axes' ranges, and each curve's data, name and number of drawn shapes. */
function chart(plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  const traces = plot.data.map(({ x, y, name }) => ({ name, x: column(x), y: column(y) }));
  const drawn = all(".cartesianlayer path", plot).filter((path) => path.getAttribute("d")).length;
  return { axes: [...(xaxis?.range ?? []), ...(yaxis?.range ?? [])], traces, drawn };
}

/** The share of a canvas that each of 64 colours covers. */
function histogram(canvas) {
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
  const counts = Array(65).fill(0);
  for (let i = 0; i < pixels.length; i += 4) {
    const place = (pixels[i] >> 6) * 16 + (pixels[i + 1] >> 6) * 4 + (pixels[i + 2] >> 6);
    counts[pixels[i + 3] < 128 ? 64 : place] += 1;
  }
  return counts.map((count) => (4 * count) / pixels.length);
}

/** The shapes of a drawing, and the words in it. */
const drawing = (svg) => ({
  shapes: all("path, circle, rect, line, polygon, ellipse, use", svg).length,
  words: all("text", svg).map((text) => text.textContent.trim()),
});

const seen = (node) => node.getClientRects().length > 0;

/** What a card shows: words, values, pictures, and how much room it takes. */
function look(card) {
  const drawings = all("svg", card).filter((svg) => seen(svg) && !svg.closest(".js-plotly-plot"));
  const box = card.getBoundingClientRect();
  return {
    id: card.dataset.card,
    words: words(card),
    scope: numbers(card.hepatica?.scope?.() ?? {}),
    charts: all(".js-plotly-plot", card).filter(seen).map(chart),
    canvases: all("canvas", card).filter(seen).map(histogram),
    drawings: drawings.map(drawing),
    colours: [...new Set(drawings.flatMap((svg) => all("*", svg).map(paint)))],
    controls: all("input, select, textarea, button", card).filter(seen).length,
    size: [box.width, box.height],
    wide: all(".hep-controls, .hep-live, .hep-view, .hep-predict", card)
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
      .map((part) => part.className),
  };
}

const paint = (node) => `${getComputedStyle(node).fill} ${getComputedStyle(node).stroke}`;

const numbers = (scope) =>
  Object.fromEntries(Object.entries(scope).filter(([, value]) => typeof value !== "object"));

// ---- what a reader does ----

const COMMITS = {
  choose: (section) => section.querySelector("input[type=radio]").click(),
  draw: (section) => {
    const dots = all(".hep-pad circle[tabindex]", section.closest("article"));
    dots.at(-1).dispatchEvent(new KeyboardEvent("keydown", { key: "PageUp", bubbles: true }));
  },
  share: (section) => put(section.querySelector("input[type=range]"), "max"),
  order: () => {},
};

/** Commit to something, where the card asks. */
function commit(card) {
  const section = card.querySelector(".hep-predict:not([data-answered=true])");
  if (!section) return;
  COMMITS[section.dataset.way](section);
  section.querySelector("button.hep-primary").click();
}

function put(input, end) {
  input.value = input[end];
  for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Move one control to its low or high end; a choice goes to its first or last. */
function move(input, end) {
  if (!input.isConnected || input.disabled || input.closest("[inert]") || !seen(input)) return;
  if (input.type === "range") put(input, end);
  if (input.type === "checkbox" && input.checked !== (end === "max")) input.click();
  if (input.type === "radio") {
    const group = all(`input[name="${input.name}"]`, input.closest("article"));
    if (input === group.at(end === "max" ? -1 : 0) && !input.checked) input.click();
  }
  if (input.tagName === "SELECT") {
    input.selectedIndex = end === "max" ? input.options.length - 1 : 0;
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

const moveAll = (card, end) => all("input, select", card).forEach((input) => move(input, end));

const signature = (card) => words(card) + JSON.stringify(numbers(card.hepatica?.scope?.() ?? {}));

/** Whether a hundred livers are still on their way from the worker. */
const awaits = (card) => card.dataset.veiled !== "true" && card.hepatica?.scope?.().ready === 0;

/** Wait until nothing moves any more. */
async function rest(before = "", until = performance.now() + PATIENCE) {
  await frames();
  await after(before ? AGAIN : REST);
  const now = cards().map(signature).join();
  const waits = document.querySelector(".hep-waiting") || cards().some(awaits);
  if (now === before && !waits) return;
  if (performance.now() > until) throw new Error("the page does not come to rest");
  await rest(now, until);
}

/** One after the other. */
const inTurn = (list, act) =>
  list.reduce((done, item) => done.then(() => act(item)), Promise.resolve());

/** What each card says of each of its presets. */
async function presets() {
  const said = Object.fromEntries(cards().map((card) => [card.dataset.card, []]));
  const rows = cards().map((card) => [card, all(".hep-presets button", card)]);
  const most = Math.max(0, ...rows.map(([, buttons]) => buttons.length));
  await inTurn([...Array(most).keys()], async (n) => {
    rows.forEach(([, buttons]) => buttons[n]?.click());
    await frames();
    for (const [card, buttons] of rows)
      if (buttons[n]) said[card.dataset.card].push(card.querySelector(".hep-live")?.textContent);
  });
  return said;
}

const STEPS = {
  before: () => {},
  committed: commit,
  low: (card) => moveAll(card, "min"),
  high: (card) => {
    moveAll(card, "max");
    all(".hep-runs button", card).forEach((button) => button.click());
  },
};

/** All cards through all steps: `{steps: {name: [card]}, presets, troubles, fetched}`. */
async function tour() {
  localStorage.clear();
  for (const fold of all("details")) fold.open = true;
  const steps = {};
  await inTurn(Object.entries(STEPS), async ([name, act]) => {
    cards().forEach(act);
    await rest();
    steps[name] = cards().map(look);
  });
  const told = { steps, presets: await presets(), ...stand() };
  localStorage.clear();
  return told;
}

/** What went wrong so far, what came from elsewhere, how much wider than its window it is. */
function stand() {
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  return {
    troubles,
    fetched: fetched.filter((name) => !/^(file|data|blob):/.test(name)),
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}

/** True once the page has all that comes by itself. */
const isReady = () =>
  !document.querySelector("figure.hepatica-card") ||
  (document.documentElement.dataset.cards === "ready" && !document.querySelector(".hep-waiting"));

async function ready(until = performance.now() + PATIENCE) {
  if (isReady()) return;
  if (performance.now() > until) throw new Error("the page does not become ready");
  await after(30);
  await ready(until);
}

globalThis.engines = {
  tour: () => ready().then(tour),
  stand: () => ready().then(frames).then(stand),
};
