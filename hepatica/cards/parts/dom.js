// Making elements without a framework.

/**
 * Create an element.
 * @param {string} tag tag name, with classes after dots: "p.hep-live"
 * @param {object} [attributes] attributes; `on…` adds a listener, `html` sets trusted markup of our
 * own cards
 * @param {...(Node|string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "html") node.innerHTML = value;
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined)
      node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Put words into a node that holds nothing else. Its text node stays: a new one makes the browser
 * work out the styles of everything near it again, which takes longer than drawing a chart.
 */
export function putText(node, words) {
  const only = node.firstChild;
  if (!(only instanceof Text) || only.nextSibling) node.textContent = words;
  else if (only.data !== words) only.data = words;
}

/** Set an attribute, unless it has this value: the browser would work out styles again. */
export function putAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

let counter = 0;

/** An id that no other element of the page has, for labels and descriptions. */
export function freshId(stem) {
  counter += 1;
  return `hep-${stem}-${counter}`;
}

const probes = new WeakMap(); // a hidden element in each host; a new one would cost a style pass

/**
 * Resolve a CSS colour, custom properties and light-dark() included, to what the browser paints.
 */
export function paintedColour(host, colour) {
  if (!probes.has(host)) probes.set(host, element("span", { hidden: true }));
  const probe = probes.get(host);
  if (probe.parentNode !== host) host.append(probe);
  probe.style.color = colour;
  probe.style.forcedColorAdjust = "none"; // where colour is data, forced colours leave it
  return getComputedStyle(probe).color;
}

/**
 * Call `draw` at once, but at most once per frame: calls that come faster are drawn together in the
 * next one.
 */
export function oncePerFrame(draw) {
  let busy = false;
  let again = false;
  const trigger = () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    requestAnimationFrame(() => {
      busy = false;
      if (again) {
        again = false;
        trigger();
      }
    });
    draw();
  };
  return trigger;
}

/**
 * Call `act` once the browser has laid the page out for the next picture, where sizes and places
 * can be read for nothing; asked for earlier they make the browser lay out the page twice.
 */
export function onceLaidOut(node, act) {
  const observer = new ResizeObserver(() => {
    observer.disconnect();
    act();
  });
  observer.observe(node);
}

/** Call `act` when the returned function has not been called for `quiet` milliseconds. */
export function whenQuiet(act, quiet) {
  let timer = null;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), quiet);
  };
}
