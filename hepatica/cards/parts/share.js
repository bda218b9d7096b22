// A card's state in the fragment of the page's address: #card-id?name=value&name=value

/** Values of the card `id` that the address names, of known names and numbers only. */
export function readShared(id, defaults) {
  const [card, query] = decodeURIComponent(location.hash.slice(1)).split("?");
  if (card !== id || !query) return {};
  const pairs = [...new URLSearchParams(query)].filter(([name, value]) => name in defaults && value.trim() !== "" && Number.isFinite(Number(value)));
  return Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
}

/** Write the values that differ from the defaults into the address and return it. */
function writeShared(id, values, defaults) {
  const query = new URLSearchParams(Object.entries(values).filter(([name, value]) => value !== null && value !== defaults[name]));
  const hash = `#${id}?${query}`;
  history.replaceState(null, "", hash);
  return location.href;
}

/** Put a card's state into the address and on the clipboard; the button says what became of it. */
export async function shareLink(card, button) {
  const url = writeShared(card.spec.id, card.values, card.defaults);
  try {
    await navigator.clipboard.writeText(url);
    button.textContent = "Link copied";
  } catch {
    button.textContent = "Link is in the address bar"; // the browser forbids the clipboard on this page
  }
}
