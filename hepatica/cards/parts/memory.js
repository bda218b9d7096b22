// What a reader's browser keeps, under the name of a card; a browser without storage keeps nothing
// and nothing breaks.

/** Told to the window when something has been kept, so that a card that compares can follow. */
export const KEPT_EVENT = "hepatica:kept";

const nameOf = (id) => `hepatica:${id}`;

/**
 * What was kept under a card's id; an empty object where nothing was, or where it cannot be read.
 */
export function kept(id) {
  try {
    const found = JSON.parse(localStorage.getItem(nameOf(id)));
    return found !== null && typeof found === "object" ? found : {};
  } catch {
    return {}; // storage is switched off in this browser, or something else has written there
  }
}

/** Keep a value under a card's id. */
export function keep(id, value) {
  try {
    localStorage.setItem(nameOf(id), JSON.stringify(value));
  } catch {
    return; // storage is switched off or full; the card works without it
  }
  dispatchEvent(new Event(KEPT_EVENT));
}
