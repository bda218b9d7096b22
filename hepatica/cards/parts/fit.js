// How tall the pictures of a card may be.

const PICTURE = "canvas, .hep-drawing svg, svg.hep-icons, svg.hep-lives, svg.hep-trial-svg";
const LEAST = 140; // px; below this a picture says little, so its view scrolls instead
const LEAST_SMALL = 96; // px, of a small chart
const WEIGHTS = { drawing: 1.5, tissue: 1.3, map: 1.3 }; // against 1 of a chart
const WIDTH = "--hep-picture-width";
const ALONE = "--hep-alone"; // set to 1 where one picture is seen at a time beside the controls
const SLACK = 2; // px; heights are rounded, and what follows every rounding never comes to rest
const GAP = 20; // px between rows of pictures

/**
 * Share out the height `most` (px): beside the controls among the rows of pictures, else each
 * picture has it for itself.
 */
export function fitPictures({ node, list, tabs, abreast }, most, wide) {
  const one = getComputedStyle(node).getPropertyValue(ALONE) === "1";
  const shared = wide && !one;
  const rows = shared ? (abreast ? [list] : rowsOf(list)) : list.map((picture) => [picture]);
  const strip = tabs?.offsetHeight ?? 0;
  const rooms = shared ? shares(rows, most) : rows.map(() => most - strip);
  rows.forEach((row, i) => row.forEach((view) => fitView(view, rooms[i])));
  node.style.setProperty("--hep-most", `${Math.round(most)}px`);
}

/** One or two pictures stand below each other; of more, those after the first stand in pairs. */
function rowsOf(list) {
  if (list.length < 3) return list.map((picture) => [picture]);
  const first = list.length % 2 ? [[list[0]]] : [];
  const rest = list.slice(first.length);
  return [...first, ...rest.flatMap((_, i) => (i % 2 ? [] : [rest.slice(i, i + 2)]))];
}

/** What cannot shrink takes what it needs, up to half; the others share the rest. */
function shares(rows, most) {
  const room = most - GAP * (rows.length - 1);
  // a chart that waits for its library will be one that shrinks
  const isStiff = (view) => view.dataset.view !== "chart" && !view.querySelector(PICTURE);
  const stiff = rows.map((row) => row.every(isStiff));
  const need = rows.map((row, i) =>
    stiff[i] ? Math.min(room / 2, Math.max(...row.map((view) => view.scrollHeight))) : 0,
  );
  const left = room - need.reduce((sum, height) => sum + height, 0);
  const weight = ([view]) => WEIGHTS[view.dataset.view] ?? 1;
  const all = rows.reduce((sum, row, i) => sum + (stiff[i] ? 0 : weight(row)), 0);
  const share = (row, i) => (stiff[i] ? need[i] : (left * weight(row)) / all);
  return rows.map((row, i) => (rows.length === 1 ? room : share(row, i)));
}

/** Make one view fit: its picture smaller; where that says nothing, the view scrolls. */
function fitView(view, room) {
  const plots = [...view.querySelectorAll(".hep-plot")];
  if (view.matches(".hep-smalls")) fitSmalls(view, plots, room);
  else if (plots.length) plots.forEach((plot) => fitPlot(plot, room - restOf(view, plot)));
  else for (const picture of view.querySelectorAll(PICTURE)) fitPicture(view, picture, room);
  const scrolls = view.scrollHeight > room + 1;
  view.style.maxHeight = `${Math.round(room)}px`;
  view.toggleAttribute("data-scrolls", scrolls);
  if (scrolls) view.tabIndex = 0;
  else view.removeAttribute("tabindex");
}

const restOf = (view, picture) => view.scrollHeight - picture.getBoundingClientRect().height;

function fitPicture(view, picture, room) {
  const { width, height } = picture.getBoundingClientRect();
  if (!width || !height) return;
  const tall = Math.max(LEAST, room - restOf(view, picture) - SLACK);
  const wide = Math.floor((tall * width) / height);
  const before = Number.parseInt(view.style.getPropertyValue(WIDTH), 10) || 0;
  if (Math.abs(wide - before) > 2 * SLACK) view.style.setProperty(WIDTH, `${wide}px`);
}

/** Plotly draws a chart as tall as it is told. */
function fitPlot(plot, tall, least = LEAST) {
  const most = Math.round(Math.max(least, tall));
  if (Math.abs((plot.hepMost ?? 0) - most) < 2) return;
  plot.hepMost = most;
  plot.dispatchEvent(new Event("hepatica:room"));
}

function fitSmalls(view, plots, room) {
  const columns = getComputedStyle(view).gridTemplateColumns.split(" ").length;
  const rows = Math.ceil(view.children.length / columns);
  const each = (room - GAP * (rows - 1)) / rows;
  for (const plot of plots) {
    fitPlot(plot, each - restOf(plot.parentElement, plot), LEAST_SMALL);
  }
}
