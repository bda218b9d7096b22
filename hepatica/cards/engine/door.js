// The one door for values from outside: links, storage, Python, presets. What a card may take is
// declared in its JSON (`fields`); rules and words are those of parts/door.py.

/** Why a field refuses a value, in words; "" when it takes it. */
export function refusal(field, value) {
  if (value === null || value === undefined) return field.empty ? "" : "nothing is not a value";
  return CHECKS[field.type](field, value);
}

const CHECKS = {
  number(field, value) {
    if (typeof value !== "number" || !Number.isFinite(value))
      return `${shown(value)} is not a number`;
    if (field.whole && !Number.isInteger(value)) return `${shown(value)} is not a whole number`;
    const inside = (field.low ?? -Infinity) <= value && value <= (field.high ?? Infinity);
    return inside ? "" : `${shown(value)} is outside ${limits(field)}`;
  },
  one(field, value) {
    const found = field.of.some((each) => same(each, value) || near(each, value));
    return found ? "" : `${shown(value)} is none of ${field.of.map(shown).join(", ")}`;
  },
  flag: (_field, value) =>
    typeof value === "boolean" ? "" : `${shown(value)} is neither on nor off`,
  words(field, value) {
    if (typeof value !== "string") return `${shown(value)} is not a text`;
    return [...value].length <= field.most ? "" : `a text of more than ${field.most} letters`;
  },
  several(field, value) {
    if (!Array.isArray(value)) return `${shown(value)} is not a list`;
    const wrong = value.find((each, i) => !field.of.includes(each) || value.indexOf(each) !== i);
    return wrong === undefined
      ? ""
      : `${shown(wrong)} is none of ${field.of.map(shown).join(", ")}`;
  },
  map(field, value) {
    if (typeof value !== "object" || Array.isArray(value))
      return `${shown(value)} is not a mapping`;
    for (const [key, item] of Object.entries(value)) {
      if (!Object.hasOwn(field.fields, key)) return `there is no ${cut(key)}`;
      const why = refusal({ ...field.fields[key], empty: true }, item);
      if (why) return `${key}: ${why}`;
    }
    return "";
  },
};

/** Two numbers that agree to the six digits of a card's JSON. */
function near(a, b) {
  return (
    typeof a === "number" &&
    typeof b === "number" &&
    Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b))
  );
}

function limits({ low, high, unit }) {
  const ends = `${low === null ? "anything" : shown(low)} to ${high === null ? "anything" : shown(high)}`;
  return unit ? `${ends} ${unit}` : ends;
}

const LONGEST = 40; // letters of a value or a name that are repeated in a message

const cut = (text) =>
  [...text].length > LONGEST ? `${[...text].slice(0, LONGEST).join("")}…` : text;

function shown(value) {
  return typeof value === "string"
    ? `“${cut(value)}”`
    : typeof value === "object"
      ? "this"
      : String(value);
}

/** The start value of every field. */
export function startValues(fields) {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, field]) => [name, structuredClone(field.start)]));
}

/**
 * Let values in.
 * @param {Object<string, object>} fields what the card takes
 * @param {object} given values by name, from anywhere
 * @returns {{values: object, refused: string[]}} what may be used, and a sentence for each value
 * that may not
 */
export function admit(fields, given) {
  const values = {};
  const refused = [];
  for (const [name, value] of Object.entries(given ?? {})) {
    const field = Object.hasOwn(fields, name) ? fields[name] : null;
    const why = field ? refusal(field, value) : "this card has no such value";
    if (why) refused.push(`${field?.label || cut(name)}: ${why}.`);
    else values[name] = value;
  }
  return { values, refused };
}

const FEW = 3; // sentences; a made-up address may hold thousands of values

/** What the reader hears of the values that may not be used; "" where there are none. */
export function toldOf(refused) {
  if (!refused.length) return "";
  const more = refused.length > FEW ? ` And ${refused.length - FEW} more.` : "";
  return `Not taken over: ${refused.slice(0, FEW).join(" ")}${more} The rest is as it was.`;
}

// ---- links: #card-id?name=value&name=value ----

const READ = {
  number: (text) => (text.trim() === "" ? NaN : Number(text)),
  one: (text, { of }) => of.find((each) => String(each) === text) ?? text,
  flag: (text) => ({ on: true, off: false })[text] ?? text,
  several: (text) => (text === "" ? [] : text.split("~")),
};

const WRITE = { flag: (value) => (value ? "on" : "off"), several: (value) => value.join("~") };

/** The values that an address gives to the card `id`; a private field never comes from a link. */
export function readLink(hash, id, fields) {
  const [card, query] = hash.replace(/^#/, "").split("?");
  if (card !== id || !query) return { values: {}, refused: [] };
  const given = [...new URLSearchParams(query)].map(([name, text]) => {
    const field = Object.hasOwn(fields, name) && !fields[name].private ? fields[name] : null;
    return [name, field && READ[field.type] ? READ[field.type](text, field) : text];
  });
  const open = Object.entries(fields).filter(([, field]) => !field.private);
  return admit(Object.fromEntries(open), Object.fromEntries(given));
}

/**
 * The part of an address that gives a card its present values: what differs from the start, nothing
 * private.
 */
export function writeLink(id, fields, values) {
  const changed = Object.entries(fields).filter(
    ([name, field]) =>
      canTravel(field) && values[name] !== null && !same(values[name], field.start),
  );
  const pairs = changed.map(([name, field]) => [name, (WRITE[field.type] ?? String)(values[name])]);
  return `#${id}?${new URLSearchParams(pairs)}`;
}

/** Whether a field may stand in a link. */
export function canTravel(field) {
  return !field.private && field.type !== "map";
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
