// A card's present values in an address: #card-id?name=value&name=value. What may travel,
// engine/door.js decides.

import { writeLink } from "../engine/door.js";

/** Put a card's values into the address and on the clipboard; the button says what became of it. */
export async function shareLink(card, button) {
  history.replaceState(null, "", writeLink(card.spec.id, card.spec.fields, card.values));
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Link copied";
  } catch {
    // the browser forbids the clipboard on this page
    button.textContent = "Link is in the address bar";
  }
}
