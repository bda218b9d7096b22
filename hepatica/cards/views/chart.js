// Charts. Plotly draws axes, curves and hover text; while a control moves, only the paths of the
// moving curves are rewritten, on Plotly's own scales, because a full redraw takes longer than a
// frame. When the control rests, Plotly gets the data, so that hovering tells the truth.

import { element, paintedColour, whenQuiet } from "../parts/dom.js";
import { functionOf } from "../engine/code.js";
import { nameOf } from "./values.js";

const REST = 180; // ms without movement before Plotly redraws
const TYPE = 13; // px; a slide sets its own, --hep-type
const NEAR = 1; // px; a moving line needs no points closer than this
const PATTERNS = {
  solid: "",
  dash: "9,9",
  dot: "3,3",
  longdash: "15,15",
  dashdot: "9,3,3,3",
  longdashdot: "15,3,3,3",
};

/**
 * Make a chart.
 * @param {HTMLElement} container an element inside the card
 * @param {object} view the chart's part of the card's JSON
 * @param {object} Plotly the library
 * @param {object} values what stands after the picture and describes it, see values.js
 * @returns {{update: function, redraw: function, keep: function, forget: function}}
 */
export function createChart(container, view, Plotly, values) {
  const named = { role: "img", "aria-label": nameOf(view), "aria-describedby": values.id };
  const plot = element("div.hep-plot", named);
  values.node.before(legendOf(view), plot);
  const points = view.points.map((point) => ({
    ...point,
    at: [functionOf(point.x), functionOf(point.y)],
  }));
  const chart = { plot, view, points, kept: [], moving: [], veiled: false };
  let whenDrawn = () => {};
  const redraw = () =>
    Plotly.react(plot, tracesOf(chart), layoutOf(chart), CONFIG).then(() => whenDrawn());
  const settle = whenQuiet(redraw, REST);
  let drawn = false;
  const resize = () => drawn && Plotly.Plots.resize(plot).then(() => whenDrawn());
  new ResizeObserver(resize).observe(container);
  plot.addEventListener("hepatica:room", () => drawn && redraw());
  return {
    plot,
    /** Show a run; `moving` true while a control is being dragged. */
    update(run, veiled) {
      const before = chart.moving;
      chart.moving = movingData(chart, run);
      const unveiled = chart.veiled !== veiled; // hidden curves have no paths to rewrite
      chart.veiled = veiled;
      if (!drawn || unveiled) {
        drawn = true;
        return redraw();
      }
      nudge(chart, before);
      settle();
    },
    redraw,
    /** Lay a pad (parts/draw.js) over the axes; it follows them. */
    lay(pad) {
      container.append(pad.node);
      whenDrawn = () => pad.place(areaOf(plot));
    },
    /** Keep the present curves as a faint comparison. */
    keep() {
      chart.kept = view.curves.map((curve, i) => ({ ...curve, data: chart.moving[i] }));
      return redraw();
    },
    forget() {
      chart.kept = [];
      return redraw();
    },
  };
}

/** Where the axes lie within the chart's container, in pixels. */
function areaOf(plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  const left = plot.offsetLeft + xaxis._offset;
  const top = plot.offsetTop + yaxis._offset;
  return { left, top, width: xaxis._length, height: yaxis._length };
}

const CONFIG = {
  displayModeBar: false,
  showSendToCloud: false,
  displaylogo: false,
  responsive: false,
  doubleClick: false,
};

function legendOf(view) {
  const named = [...view.curves, ...view.background, ...view.points].filter((item) => item.label);
  return element(
    "ul.hep-legend",
    {},
    ...named.map((item) => element("li", {}, keyOf(item), item.label)),
  );
}

const MARKERS = {
  circle: `<circle cx="15" cy="6" r="5"/>`,
  diamond: `<path d="M15 0l6 6-6 6-6-6z"/>`,
  square: `<path d="M10 1h10v10H10z"/>`,
  "triangle-up": `<path d="M15 0l6 11H9z"/>`,
  "triangle-down": `<path d="M15 12l6-11H9z"/>`,
  cross: `<path d="M13 0h4v4h4v4h-4v4h-4V8H9V4h4z"/>`,
  x: `<path d="M10 2l2-2 3 3 3-3 2 2-3 4 3 4-2 2-3-3-3 3-2-2 3-4z"/>`,
  star: `<path d="M15 0l2 4 4 .5-3 3 1 4.5-4-2-4 2 1-4.5-3-3 4-.5z"/>`,
};

/** The sample of a line or marker beside its name. */
function keyOf(item) {
  const paint = `var(--${item.role})`;
  const isLine = item.kind === "line" || (item.dash && !item.kind);
  const mark = isLine
    ? `<line x1="1" y1="6" x2="29" y2="6" stroke="${paint}" stroke-width="3" stroke-dasharray="${PATTERNS[item.dash] ?? item.dash.replaceAll("px", "")}"/>`
    : item.kind === "area"
      ? `<rect x="4" y="1" width="22" height="10" fill="${paint}" opacity="0.35"/>`
      : (MARKERS[item.symbol] ?? MARKERS.circle).replace("/>", ` fill="${paint}"/>`);
  return element("span.hep-key", {
    "aria-hidden": "true",
    html: `<svg viewBox="0 0 30 12" width="30" height="12">${mark}</svg>`,
  });
}

function column(source, run) {
  return source === "time" ? run.times : run.series[source];
}

/** Data of everything that moves, in the order: curves, points, line at the play head. */
function movingData({ view, points }, run) {
  const curves = view.curves.map((curve) => ({ x: column(curve.x, run), y: column(curve.y, run) }));
  const dots = points.map((point) => ({
    x: [point.at[0](run.scope)],
    y: [point.at[1](run.scope)],
  }));
  const head = view.head ? [{ x: [run.scope.time, run.scope.time], y: view.y.range }] : [];
  return [...curves, ...dots, ...head];
}

/** The size of the type in a chart, px. */
const typeOf = (plot) =>
  Number.parseFloat(getComputedStyle(plot.parentElement).getPropertyValue("--hep-type")) || TYPE;

function tracesOf({ plot, view, points, kept, moving, veiled }) {
  const type = typeOf(plot);
  const paint = (role) => paintedColour(plot.parentElement, `var(--${role})`);
  const line = (role, dash, width) => ({
    color: paint(role),
    dash: dash ?? "solid",
    width,
    simplify: false,
  });
  const behind = view.background.map((item) => ({
    ...backgroundTrace(item, paint, line, type),
    visible: !(veiled && item.veil),
  }));
  const ghosts = kept.map((item, i) => ({
    // with names of their own, or Plotly hands them those of the moving curves
    type: "scatter",
    mode: "lines",
    uid: `kept-${i}`,
    ...plain(item.data),
    opacity: 0.45,
    line: line(item.role, "dot", 1.5),
    hovertemplate: `kept run, ${item.label}: %{y:.3~g}<extra></extra>`,
  }));
  const curves = view.curves.map((item, i) => ({
    type: "scatter",
    mode: "lines",
    uid: `curve-${i}`,
    name: item.label,
    visible: !veiled,
    ...plain(moving[i]),
    line: line(item.role, item.dash, 2.6),
    hovertemplate: `%{y:.3~g} ${view.y.unit}<extra>${item.label}</extra>`,
  }));
  const dots = points.map((item, i) => ({
    type: "scatter",
    mode: "markers",
    uid: `point-${i}`,
    name: item.label,
    visible: !veiled,
    ...plain(moving[curves.length + i]),
    cliponaxis: false,
    marker: {
      color: paint(item.role),
      symbol: item.symbol,
      size: item.size,
      line: { color: paint("paper"), width: 1.5 },
    },
    hovertemplate: `${item.label}: %{x:.3~g}, %{y:.3~g}<extra></extra>`,
  }));
  const head = view.head
    ? [
        {
          type: "scatter",
          mode: "lines",
          uid: "head",
          visible: !veiled,
          ...plain(moving.at(-1)),
          line: line("muted", "solid", 1),
          hoverinfo: "skip",
        },
      ]
    : [];
  return [...behind, ...ghosts, ...curves, ...dots, ...head];
}

function plain({ x, y }) {
  return { x: Array.from(x), y: Array.from(y) };
}

function backgroundTrace(item, paint, line, type) {
  const common = {
    type: "scatter",
    x: item.x,
    y: item.y,
    name: item.label ?? "",
    hoverinfo: item.label ? "name" : "skip",
  };
  if (item.kind === "area") {
    return {
      ...common,
      mode: "lines",
      fill: "toself",
      fillcolor: paint(`${item.role}`),
      opacity: item.opacity ?? 0.12,
      line: { width: 0 },
    };
  }
  if (item.kind === "points") {
    return {
      ...common,
      mode: item.text ? "markers+text" : "markers",
      text: item.text,
      textposition: item.textposition ?? "top center",
      cliponaxis: false,
      textfont: { color: paint("ink"), size: type },
      marker: {
        color: paint(item.role),
        symbol: item.symbol ?? "circle",
        size: 10,
        line: { color: paint("paper"), width: 1.5 },
      },
      error_y: item.error
        ? { type: "data", array: item.error, color: paint(item.role), thickness: 1.5, width: 4 }
        : undefined,
      hovertemplate: `${item.label ?? ""} %{x:.3~g}, %{y:.3~g}<extra></extra>`,
    };
  }
  if (item.kind === "text") {
    return {
      ...common,
      mode: "text",
      text: item.text,
      textposition: item.textposition ?? "middle center",
      textfont: { color: paint(item.role ?? "muted"), size: type },
    };
  }
  return { ...common, mode: "lines", line: line(item.role, item.dash, 2) };
}

/**
 * Whether the numbers of a logarithmic axis are short enough to be written out: 0.1, 1, 10, 100.
 */
function plainTicks({ scale, range }) {
  return scale === "log" && range[0] >= 0.01 && range[1] <= 1000;
}

function layoutOf({ plot, view }) {
  const paint = (role) => paintedColour(plot.parentElement, `var(--${role})`);
  const font = getComputedStyle(plot.parentElement).fontFamily;
  const type = typeOf(plot);
  const narrow = plot.clientWidth > 0 && plot.clientWidth < 480;
  const axis = (spec) => ({
    title: {
      text: spec.unit ? `${spec.label} (${spec.unit})` : spec.label,
      font: { size: type, color: paint("muted") },
      standoff: 8,
    },
    type: spec.scale,
    range: spec.scale === "log" ? spec.range.map(Math.log10) : spec.range,
    fixedrange: true,
    automargin: true,
    color: paint("muted"),
    gridcolor: paint("line"),
    zeroline: false,
    linecolor: paint("line"),
    showline: true,
    ticks: "outside",
    tickcolor: paint("line"),
    ticklen: 4,
    tickfont: { size: type, color: paint("ink") },
    tickvals: spec.ticks,
    ticktext: spec.ticktext,
    exponentformat: plainTicks(spec) ? "none" : "power",
    showexponent: "all",
    dtick: spec.scale === "log" ? 1 : undefined,
    nticks: spec.scale === "log" ? undefined : narrow ? 5 : 8,
  });
  return {
    xaxis: axis(view.x),
    yaxis: axis(view.y),
    height: Math.min(view.height, narrow ? 300 : Infinity, plot.hepMost ?? Infinity),
    showlegend: false,
    hovermode: "closest",
    margin: view.small ? { l: 34, r: 12, t: 8, b: 40 } : { l: 56, r: 14, t: 8, b: 48 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, color: paint("ink"), size: type },
    dragmode: false,
    uirevision: "hepatica",
    hoverlabel: {
      bgcolor: paint("panel"),
      bordercolor: paint("line"),
      font: { color: paint("ink"), family: font },
    },
  };
}

/** Rewrite the paths of what moves, on the scales of the last full drawing; `before` is drawn. */
function nudge({ plot, view, points, moving }, before) {
  const { xaxis, yaxis } = plot._fullLayout;
  const scales = { x: pixelsOf(xaxis, 0, xaxis._length), y: pixelsOf(yaxis, yaxis._length, 0) };
  view.curves.forEach((_, i) => {
    const still = before[i].x === moving[i].x && before[i].y === moving[i].y;
    if (!still) rewriteLine(plot, `curve-${i}`, moving[i], scales);
  });
  points.forEach((_, i) => {
    const dot = plot.querySelector(`.tracepoint-${i} .point`);
    const data = moving[view.curves.length + i];
    const [x, y] = [scales.x(data.x[0]), scales.y(data.y[0])];
    if (dot && Number.isFinite(x) && Number.isFinite(y))
      dot.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
  });
  if (view.head) rewriteLine(plot, "head", moving.at(-1), scales);
}

/** Where a value lies on an axis of Plotly, in pixels between its two ends. */
function pixelsOf({ type, range }, from, to) {
  const perUnit = (to - from) / (range[1] - range[0]);
  const start = from - range[0] * perUnit;
  return type === "log"
    ? (value) => start + perUnit * Math.log10(value)
    : (value) => start + perUnit * value;
}

function rewriteLine(plot, uid, data, scales) {
  const path = plot.querySelector(`.trace${uid} .js-line`);
  if (path) path.setAttribute("d", linePath(data, scales.x, scales.y));
}

/**
 * A moving line as a path. A point less than NEAR pixels from the one before it is left out, so a
 * line of thousands of points takes no more than the screen can show.
 */
export function linePath({ x, y }, toX, toY) {
  let d = "";
  let [lastX, lastY] = [-Infinity, -Infinity];
  const last = x.length - 1;
  for (let i = 0; i <= last; i++) {
    const [across, down] = [toX(x[i]), toY(y[i])];
    if (!Number.isFinite(across) || !Number.isFinite(down)) continue;
    const near = Math.abs(across - lastX) < NEAR && Math.abs(down - lastY) < NEAR;
    if (near && i < last) continue;
    d += `${d ? "L" : "M"}${across.toFixed(1)},${down.toFixed(1)}`;
    [lastX, lastY] = [across, down];
  }
  return d || "M0,0";
}
