/*
 * The filter over the table of objectives: by notebook, by level, by words. Without it the whole
 * table stands there.
 */
(() => {
  "use strict";
  const box = document.querySelector(".filter");
  if (!box) return;
  const rows = [...document.querySelectorAll(".matrix tbody tr")];
  const told = box.querySelector("[role='status']");

  /** Whether a row has the chosen notebook and level, and all words that were typed. */
  function fits(row, { notebook, level, words }) {
    const text = row.textContent.toLowerCase();
    const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
    return (
      (!notebook || row.dataset.notebook === notebook) &&
      (!level || row.dataset.level === level) &&
      asked.every((word) => text.includes(word))
    );
  }

  function show() {
    const fields = [...box.querySelectorAll("[name]")];
    const asked = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    for (const row of rows) row.hidden = !fits(row, asked);
    const left = rows.filter((row) => !row.hidden).length;
    told.textContent = `${left} of ${rows.length} objectives`;
  }

  box.addEventListener("input", show);
  box.hidden = false;
  show();
})();
