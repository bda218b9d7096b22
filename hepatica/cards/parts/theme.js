// One watch over the page's colours for everything that paints by them: the reader's scheme, the
// button of the pages, JupyterLab's theme. Whoever is gone from the page is forgotten with its node.

/**
 * Call `repaint` whenever the page's colours have changed, as long as `node` exists. Each card is
 * its own module in JupyterLab, so the watch is the page's.
 */
export function onTheme(node, repaint) {
  globalThis.hepaticaTheme ??= watchTheme();
  globalThis.hepaticaTheme(node, repaint);
}

function watchTheme() {
  const nodes = new Set();
  const repaints = new WeakMap();
  const all = () => {
    for (const held of nodes) {
      const node = held.deref();
      if (node) repaints.get(node)();
      else nodes.delete(held);
    }
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  const observer = new MutationObserver(all);
  const watch = (node, name) =>
    observer.observe(node, { attributes: true, attributeFilter: [name] });
  watch(document.documentElement, "data-theme");
  watch(document.body, "data-jp-theme-light");
  return (node, repaint) => {
    if (!repaints.has(node)) nodes.add(new WeakRef(node));
    repaints.set(node, repaint);
  };
}
