// A funnel plot: each trial's effect against its error; without bias the points fill an upside-down
// funnel.

import { element } from "../parts/dom.js";
import { formatNumber } from "../engine/rules.js";

const FUNNEL_NORMAL = 1.959963984540054;
const FUNNEL_SIDES = { left: 48, right: 16, top: 14, bottom: 62 }; // px around the field

/**
 * Make a funnel plot of a forest card.
 * @param {object} spec the card's JSON
 * @param {string} id of what describes the picture
 * @returns {{node: HTMLElement, draw: function}} draw(all, kept, hidden): every trial with `in`;
 * those that count
 */
export function createFunnel(spec, id) {
  const node = element("div.hep-funnel");
  const state = { last: null, width: 0 };
  const svg = funnelNode("svg", {
    role: "img",
    "aria-label": "Funnel plot: effect against standard error",
    "aria-describedby": id,
  });
  const back = funnelNode("g"),
    front = funnelNode("g");
  svg.append(back, front);
  const common = element("span");
  const key = (kind, words) =>
    element(
      "li",
      {},
      element("i.hep-funnel-key", { "data-key": kind, "aria-hidden": "true" }),
      words,
    );
  node.append(
    svg,
    element(
      "ul.hep-legend.hep-forest-legend",
      {},
      key("full", "randomised"),
      key("hollow", "not randomised"),
      key("line", common),
      key("area", "where chance alone would put 95 % of trials"),
    ),
  );
  const dots = spec.trials.map((trial) => {
    const dot = funnelNode("circle", { r: 6, "data-design": trial.tags.design });
    const title = funnelNode("title");
    title.textContent = trial.label;
    dot.append(title);
    const name = funnelNode("text", { "text-anchor": trial.yi < 0 ? "end" : "start" });
    front.append(dot, name);
    return { trial, dot, name };
  });
  const paint = () => {
    if (state.last && node.clientWidth)
      paintFunnel(spec, { svg, back, dots, common, width: node.clientWidth }, ...state.last);
  };
  new ResizeObserver(() => {
    if (node.clientWidth !== state.width) {
      state.width = node.clientWidth;
      paint();
    }
  }).observe(node);
  return {
    node,
    draw: (...what) => {
      state.last = what;
      paint();
    },
  };
}

function funnelNode(name, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function paintFunnel(spec, { svg, back, dots, common, width }, all, kept, hidden) {
  const height = Math.min(440, Math.max(320, width * 0.5)),
    { left, right, top, bottom } = FUNNEL_SIDES;
  const { measure } = spec,
    on = measure.log ? Math.log : (value) => value;
  const most = Math.ceil(10 * Math.max(...spec.trials.map((trial) => Math.sqrt(trial.vi)))) / 10;
  const x = (value) =>
    left +
    ((width - left - right) * (value - on(measure.low))) / (on(measure.high) - on(measure.low));
  const y = (error) => top + ((height - top - bottom) * error) / most;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.height = `${height}px`;
  const centre = commonCentre(kept);
  back.innerHTML = funnelBack({ measure, on, x, y, width, height, most, centre });
  common.textContent =
    hidden || centre === null
      ? "one common effect"
      : `one common effect, ${formatNumber(measure.log ? Math.exp(centre) : centre, "2f")}; precise trials weigh most`;
  const inside = new Set(kept.map((trial) => trial.key));
  for (const { trial, dot, name } of dots) {
    const error = Math.sqrt(trial.vi),
      place = [x(trial.yi), y(error)];
    dot.style.transform = `translate(${place[0].toFixed(1)}px, ${place[1].toFixed(1)}px)`;
    dot.dataset.in = String(inside.has(trial.key));
    const far = centre !== null && Math.abs(trial.yi - centre) > FUNNEL_NORMAL * error;
    name.textContent = inside.has(trial.key) && (far || error < 0.15) && !hidden ? trial.label : "";
    name.setAttribute("x", (place[0] + (trial.yi < 0 ? -11 : 11)).toFixed(1));
    name.setAttribute("y", (place[1] + 5).toFixed(1));
  }
}

/** The common effect, around which the limits are drawn; null without trials. */
function commonCentre(kept) {
  if (!kept.length) return null;
  const weights = kept.map((trial) => 1 / trial.vi),
    total = weights.reduce((sum, weight) => sum + weight, 0);
  return kept.reduce((sum, trial, i) => sum + weights[i] * trial.yi, 0) / total;
}

function funnelBack({ measure, on, x, y, width, height, most, centre }) {
  const floor = height - FUNNEL_SIDES.bottom;
  const roomy = measure.ticks.filter(
    (tick, i) => i === 0 || i === measure.ticks.length - 1 || width > 480 || i % 2 === 0,
  );
  const ticks = roomy.map(
    (tick) =>
      `<text x="${x(on(tick)).toFixed(1)}" y="${floor + 20}" text-anchor="middle">${String(tick).replace("-", "−")}</text><path d="M${x(on(tick)).toFixed(1)} ${floor}v5"/>`,
  );
  const errors = Array.from({ length: Math.floor(most / 0.5) + 1 }, (_, i) => i * 0.5).map(
    (error) =>
      `<text x="${FUNNEL_SIDES.left - 8}" y="${(y(error) + 5).toFixed(1)}" text-anchor="end">${error.toFixed(1)}</text>`,
  );
  const reach = FUNNEL_NORMAL * most;
  const clip = (value) => Math.max(FUNNEL_SIDES.left, Math.min(width - FUNNEL_SIDES.right, value));
  const side = (sign) => {
    // the limit meets the floor or the edge of the field, whichever comes first
    const edge = sign < 0 ? FUNNEL_SIDES.left : width - FUNNEL_SIDES.right,
      end = x(centre + sign * reach);
    const share = Math.min(1, (edge - x(centre)) / (end - x(centre)));
    return [x(centre) + share * (end - x(centre)), y(share * most)];
  };
  const limits = centre === null ? "" : [side(-1), side(1)];
  const area =
    centre === null
      ? ""
      : `<path class="hep-funnel-area" d="M${clip(x(centre)).toFixed(1)} ${y(0)}L${limits[0].map((v) => v.toFixed(1)).join(" ")}${limits[0][1] < floor - 1 ? `L${FUNNEL_SIDES.left} ${floor}` : ""}${limits[1][1] < floor - 1 ? `L${width - FUNNEL_SIDES.right} ${floor}` : ""}L${limits[1].map((v) => v.toFixed(1)).join(" ")}Z"/><path class="hep-funnel-centre" d="M${x(centre).toFixed(1)} ${y(0)}V${floor}"/>`;
  return (
    `${area}<path class="hep-funnel-none" d="M${x(0).toFixed(1)} ${FUNNEL_SIDES.top}V${floor}"/><path d="M${FUNNEL_SIDES.left} ${floor}H${width - FUNNEL_SIDES.right}"/>${ticks.join("")}${errors.join("")}` +
    `<text class="hep-funnel-words" x="${FUNNEL_SIDES.left}" y="${height - 18}">← ${measure.left}</text><text class="hep-funnel-words" x="${width - FUNNEL_SIDES.right}" y="${height - 18}" text-anchor="end">${measure.right} →</text>` +
    `<text class="hep-funnel-words" x="14" y="${(FUNNEL_SIDES.top + floor) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(FUNNEL_SIDES.top + floor) / 2})">← imprecise · error · precise →</text>`
  );
}
