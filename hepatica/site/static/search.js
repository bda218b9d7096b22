/*
 * Search over the whole course, from disk too: the index is one script, loaded when the field is
 * first used. "/" leads to the field, the arrows through the results, Escape back.
 */
(() => {
  "use strict";
  const up = document.currentScript.getAttribute("src").replace("assets/search.js", "");
  const box = document.querySelector(".search");
  if (!box) return;
  const field = box.querySelector("input");
  const panel = box.querySelector(".search-results");
  const told = panel.querySelector("p");
  const list = panel.querySelector("ul");
  const most = 30; /* results shown */
  let loading = null;

  /** Lower case, without accents, as words. */
  function wordsOf(text) {
    const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  }

  /** The index, loaded once. */
  function index() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${up}assets/search-index.js`;
      script.addEventListener("load", () => done(prepared(globalThis.hepaticaIndex)));
      script.addEventListener("error", () => failed(new Error(`${script.src} cannot be loaded`)));
      document.head.append(script);
    });
    return loading;
  }

  function prepared({ pages, entries }) {
    return entries.map(([kind, page, anchor, text, more]) => {
      const href = up + pages[page] + (anchor && `#${encodeURIComponent(anchor)}`);
      return { kind, href, text, more, words: wordsOf(text) };
    });
  }

  /** Entries that have a word for each word asked: by kind, those that begin so first. */
  function matches(entries, asked) {
    const has = (entry, word) => entry.words.some((each) => each.startsWith(word));
    const begins = (entry) => (entry.words[0]?.startsWith(asked[0]) ? 0 : 1);
    return entries
      .filter((entry) => asked.every((word) => has(entry, word)))
      .sort((a, b) => a.kind - b.kind || begins(a) - begins(b) || a.words.length - b.words.length);
  }

  function line({ href, text, more }) {
    const item = document.createElement("li");
    const link = item.appendChild(document.createElement("a"));
    link.href = href;
    link.append(text);
    const small = link.appendChild(document.createElement("span"));
    small.className = "search-more";
    small.textContent = more;
    return item;
  }

  function close() {
    panel.hidden = true;
  }

  /** Show what the field asks for. */
  async function search() {
    const asked = wordsOf(field.value);
    if (!asked.length) return close();
    const found = matches(await index(), asked);
    if (asked.join() !== wordsOf(field.value).join()) return; /* typed on meanwhile */
    list.replaceChildren(...found.slice(0, most).map(line));
    const all = found.length === 1 ? "1 place" : `${found.length} places`;
    told.textContent = found.length ? all : `Nothing found for “${field.value.trim()}”.`;
    if (found.length > most) told.textContent += `, the first ${most} here`;
    panel.hidden = false;
  }

  /** Move the focus along the field and the results. */
  function step(by) {
    const stops = [field, ...list.querySelectorAll("a")];
    const next = stops.indexOf(document.activeElement) + by;
    stops[Math.max(0, Math.min(next, stops.length - 1))].focus();
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: () => {
      field.focus();
      close();
    },
  };

  field.addEventListener("focus", () => index());
  field.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) list.querySelector("a")?.click();
    if (panel.hidden || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  list.addEventListener("click", close);
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) close();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || busy || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
