/*
 * Notes of numbers and terms. Pointing at one or reaching it with Tab shows its note; a click,
 * a tap, Enter or Space keeps the note open, with "Report an error" in reach; Escape closes it.
 */
(() => {
  "use strict";
  const root = document.documentElement;
  const opener = "data.fact, .term";
  const edge = 8;
  const patience = 250; /* ms for the pointer to travel from a word to its note */

  /** A new element with a class and words. */
  function made(tag, name, words = "") {
    const node = document.createElement(tag);
    node.className = name;
    node.textContent = words;
    return node;
  }

  const note = made("span", "fact-note");
  note.setAttribute("role", "group");
  note.hidden = true;
  const words = note.appendChild(made("span", "fact-words"));
  const report = note.appendChild(made("button", "fact-report", "Report an error"));
  report.type = "button";
  const said = note.appendChild(made("span", "fact-said"));
  said.setAttribute("role", "status");
  let open = null; /* the word whose note is shown */
  let kept = false; /* it stays until it is closed */
  let leaving = 0;

  const described = (word) => document.getElementById(word.getAttribute("aria-describedby"));

  function close() {
    clearTimeout(leaving);
    if (open?.hasAttribute("role")) open.setAttribute("aria-expanded", "false");
    note.hidden = true;
    open = null;
    kept = false;
  }

  /** Below the word where there is room, else above; never beyond the page's edge. */
  function place(word) {
    const at = word.getClientRects()[0];
    const home = (note.offsetParent ?? root).getBoundingClientRect();
    const last = root.clientWidth - note.offsetWidth - edge;
    const left = Math.max(edge, Math.min(at.left, last));
    const below = at.bottom + note.offsetHeight + edge < innerHeight;
    note.style.left = `${left - home.left}px`;
    note.style.top = `${(below ? at.bottom + 4 : at.top - note.offsetHeight - 4) - home.top}px`;
  }

  /** Show the note of a word; right behind it in the page, so that Tab leads into the note. */
  function show(word, keep) {
    clearTimeout(leaving);
    if (open !== word) {
      close();
      open = word;
      words.textContent = described(word).textContent;
      note.setAttribute("aria-label", `Note: ${word.textContent}`);
      said.replaceChildren();
      word.after(note);
      note.hidden = false;
    }
    kept ||= keep;
    report.tabIndex = kept ? 0 : -1;
    if (word.hasAttribute("role")) word.setAttribute("aria-expanded", String(kept));
    place(word);
  }

  /** What a reader can send us: which rows, on which page, in which version. */
  function message(word) {
    const rows = described(word).dataset.rows.split(" ");
    return [
      `Hepatica ${root.dataset.version}, page ${root.dataset.page}`,
      `${rows.length > 1 ? "Rows" : "Row"} of the ledger: ${rows.join(", ")}`,
      `In the text: ${word.textContent}`,
      `Note: ${described(word).textContent}`,
      "What is wrong: ",
      "A source that says otherwise: ",
    ].join("\n");
  }

  /** Whether the text is in the clipboard now; a page opened from disk may not be let there. */
  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; /* the reader copies it by hand, see `offer` */
    }
  };

  /** The message in a field, chosen whole, for copying by hand. */
  function offer(text) {
    const field = made("textarea", "fact-text");
    field.readOnly = true;
    field.rows = 6;
    field.value = text;
    field.setAttribute("aria-label", "The message, ready to copy");
    said.replaceChildren("Copy this message:", field);
    field.focus();
    field.select();
  }

  report.addEventListener("click", async () => {
    const word = open;
    show(word, true);
    const text = message(word);
    if (await copied(text)) said.replaceChildren("Copied. Send it to whoever gave you the course.");
    else offer(text);
    place(word);
  });

  const wordAt = (event) => event.target.closest?.(opener);
  const inside = (node) => node instanceof Node && (note.contains(node) || open?.contains(node));

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || kept) return;
    const word = wordAt(event);
    if (word) show(word, false);
    else if (note.contains(event.target)) clearTimeout(leaving);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse" || !open || kept || inside(event.relatedTarget)) return;
    clearTimeout(leaving);
    leaving = setTimeout(close, patience);
  });
  document.addEventListener("focusin", (event) => {
    const word = wordAt(event);
    if (word) show(word, false);
    else if (open && !inside(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const word = wordAt(event);
    if (word && kept && word === open) close();
    else if (word) show(word, true);
    else if (open && !note.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) {
      const word = open;
      if (note.contains(document.activeElement)) word.focus();
      close();
      return;
    }
    const word = wordAt(event);
    if (!word || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    word.click();
  });
})();
