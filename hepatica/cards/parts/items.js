// The items of all quizzes on a page without a kernel: a script beside the page, fetched when a
// card asks for it.

/** A promise of the items; asked for once per page. */
export function pageItems() {
  globalThis.hepaticaItems ??= fetched();
  return globalThis.hepaticaItems;
}

function fetched() {
  const own = document.querySelector("script[src$='assets/hepatica.js']");
  const script = document.createElement("script");
  script.src = own.src.replace(/hepatica\.js$/, "items.js");
  const loaded = new Promise((resolve, reject) => {
    script.onload = () => resolve(globalThis.hepaticaStored);
    script.onerror = () => reject(new Error("items.js is missing beside this page."));
  });
  document.head.append(script);
  return loaded;
}
