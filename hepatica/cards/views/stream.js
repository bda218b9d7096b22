// Blood that moves: dots run along the vessels of a drawing, as fast as the model's flow. They lie
// in a picture of their own above the drawing, so that only they are painted anew. They rest while
// nobody can see them; where nothing may move (reduced motion, print), arrows take their place.

const SVG = "http://www.w3.org/2000/svg";
const GAP = 46; // units of the drawing between two dots
const ARROWS_APART = 150; // units
const SLOWEST = 1; // units a second; below, nothing flows that an eye could follow
const DOT = { share: 0.36, least: 5.5, most: 14 }; // of the vessel's width; units

const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

function make(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/**
 * Streams above a drawing.
 * @param {SVGElement} svg the drawing, in its box
 * @returns {function} add(node): the vessels of a part get a stream; its result is called with the
 * pace, in units of the drawing a second
 */
export function createStreams(svg) {
  const layer = make("svg", {
    viewBox: svg.getAttribute("viewBox"),
    class: "hep-streams",
    "aria-hidden": "true",
  });
  svg.after(layer);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const streams = [];
  let seen = false;
  const go = () => streams.forEach((stream) => stream.go(seen && !still.matches));
  const look = (entries) => {
    seen = entries.at(-1).isIntersecting;
    go();
  };
  new IntersectionObserver(look).observe(layer);
  still.addEventListener("change", go);
  return (node) => {
    const stream = createStream(layer, node);
    streams.push(stream);
    return stream.pace;
  };
}

/** One stream: `pace(units a second)` and `go(whether it may move)`. */
function createStream(layer, node) {
  const vessels = vesselsOf(node);
  const dots = vessels.map((vessel) => make("path", { class: "dots", d: pathOf(vessel) }));
  const group = make("g", {}, ...dots, ...vessels.flatMap(arrowsAlong));
  group.style.display = "none";
  layer.append(group);
  const runs = dots.map((dot) => runAlong(dot));
  let moving = false;
  let pace = 0;
  const settle = () =>
    runs.forEach((run) => (moving && pace >= SLOWEST ? run.play() : run.pause()));
  return {
    go(may) {
      moving = may;
      settle();
    },
    pace(units) {
      pace = units;
      group.style.display = units >= SLOWEST ? "" : "none";
      group.style.setProperty("--dot", sizeOf(node, vessels[0]).toFixed(1));
      for (const run of runs) run.playbackRate = Math.max(units, SLOWEST) / GAP;
      settle();
    },
  };
}

/** The paths of a part that blood runs through: those of the class, or all in the part's colour. */
function vesselsOf(node) {
  const named = node.querySelectorAll("path.vessel");
  return [...(named.length ? named : node.querySelectorAll("path:not([stroke])"))];
}

const pathOf = (vessel) => vessel.getAttribute("d");

/** How wide the dots are, from the width that the part has now. */
function sizeOf(node, vessel) {
  const width =
    node.style.strokeWidth || vessel.closest("[stroke-width]")?.getAttribute("stroke-width");
  return clamp(DOT.share * Number.parseFloat(width ?? "0"), DOT.least, DOT.most);
}

/** Dots that run along a path without end, a gap a second at the rate 1. */
function runAlong(dot) {
  const frames = { strokeDashoffset: [`${GAP}px`, "0px"] };
  const run = dot.animate(frames, { duration: 1000, iterations: Infinity });
  run.pause();
  return run;
}

/** Arrows along a path, at least one. */
function arrowsAlong(vessel) {
  const length = vessel.getTotalLength();
  const count = Math.max(1, Math.round(length / ARROWS_APART));
  return Array.from({ length: count }, (_, i) => arrowAt(vessel, ((i + 0.5) / count) * length));
}

function arrowAt(vessel, place) {
  const [a, b] = [vessel.getPointAtLength(place - 2), vessel.getPointAtLength(place + 2)];
  const turn = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const spot = `translate(${((a.x + b.x) / 2).toFixed(1)} ${((a.y + b.y) / 2).toFixed(1)})`;
  const arrow = make("path", { class: "arrow", d: "M-.8-1L1 0L-.8 1z" });
  return make("g", { transform: `${spot} rotate(${turn.toFixed(1)})` }, arrow);
}
