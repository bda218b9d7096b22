/*
 * The colours that the reader chose, before the first picture of the page: a script of the head,
 * which waits for it.
 */
(() => {
  "use strict";
  try {
    const theme = localStorage.getItem("hepatica-theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    /* a page opened from disk may have no storage */
  }
})();
