// The formulas of models and sentences. They arrive as functions in a script of their own, so that
// a page needs no `eval`; a card's JSON names each by its place in that table: {"js": 12}.

let functions = [];

/**
 * Take the functions that came with the page or with the widget; called once, before any card is
 * mounted.
 */
export function provide(table) {
  functions = table;
}

/** The function of a formula in a card's JSON; throws when it did not come along. */
export function functionOf({ js }) {
  const found = functions[js];
  if (!found)
    throw new Error(
      "the formulas of this page are missing beside it. Reload the page, or run the cell again.",
    );
  return found;
}
