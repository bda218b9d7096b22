// The reader's record as data: what it holds, how it is read, brought up to date and merged.
// parts/record.js and cards/record.py keep it; both read and merge by these rules.

/** The version that this course writes. */
export const VERSION = 1;

/** The parts that map a key to an entry; `readers` is a list of names. */
export const PARTS = ["places", "predictions", "answers", "missions", "code", "letter"];

/** A mapping without anything of its own, so that no key is special. */
const mapping = () => Object.create(null);

/** A record in which nothing stands yet. */
export function emptyRecord() {
  const parts = Object.fromEntries(PARTS.map((part) => [part, mapping()]));
  return { version: VERSION, readers: [], ...parts };
}

const DEEPEST = 20; // levels of an entry; a program that copies a thousand comes to its end

const isMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Older forms, each with what makes the next version of it. Version 0 is what cards kept one by one
 * under their ids: {version: 0, kept: {id: {key: what was given}}}.
 */
const MIGRATIONS = [
  ({ kept, ...rest }) => {
    const answers = Object.assign(mapping(), isMapping(rest.answers) ? rest.answers : {});
    for (const [id, given] of Object.entries(isMapping(kept) ? kept : {}))
      for (const [key, each] of Object.entries(isMapping(given) ? given : {}))
        if (typeof each === "number") answers[`${id}/${key}`] = { given: each, on: "" };
    return { ...rest, version: 1, answers };
  },
];

/**
 * A record as text, read: `state` is "none" (nothing there), "sound", "newer" (made by a later
 * version of the course; not read) or "damaged" (then `record` holds what is still sound of it).
 */
export function readRecord(text) {
  if (text === null || text === undefined) return { state: "none", record: emptyRecord() };
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return { state: "damaged", record: emptyRecord() };
  }
  if (!isMapping(found) || !Number.isInteger(found.version) || found.version < 0)
    return { state: "damaged", record: emptyRecord() };
  if (found.version > VERSION) return { state: "newer", record: emptyRecord() };
  return checked(broughtUp(found));
}

function broughtUp(found) {
  let record = found;
  while (record.version < VERSION) record = MIGRATIONS[record.version](record);
  return record;
}

/** Own entries of the known parts that are mappings themselves; anything else is damage. */
function checked(found) {
  const record = emptyRecord();
  const names = found.readers ?? [];
  let sound = Array.isArray(names) && names.every((name) => typeof name === "string");
  if (sound) record.readers = [...names];
  for (const part of PARTS) {
    const entries = found[part] ?? {};
    sound = sound && isMapping(entries);
    for (const [key, entry] of Object.entries(isMapping(entries) ? entries : {})) {
      if (isMapping(entry) && isKept(entry)) record[part][key] = entry;
      else sound = false;
    }
  }
  return { state: sound ? "sound" : "damaged", record };
}

/** Whether a value comes back as it is when written and read: shallow, no number too large. */
function isKept(value, left = DEEPEST) {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((each) => isKept(each, left - 1));
}

/** Two records as one: of two entries under one key the one of the later day, else the first's. */
export function mergeRecords(mine, other) {
  const merged = emptyRecord();
  merged.readers = [...new Set([...mine.readers, ...other.readers])];
  for (const part of PARTS) {
    Object.assign(merged[part], mine[part]);
    for (const [key, entry] of Object.entries(other[part]))
      if (isLater(entry, merged[part][key])) merged[part][key] = entry;
  }
  return merged;
}

const isLater = (entry, mine) =>
  mine === undefined || String(entry.on ?? "") > String(mine.on ?? "");

/** Every entry of a record as [part, key, entry]. */
export function entriesOf(record) {
  return PARTS.flatMap((part) =>
    Object.entries(record[part]).map(([key, entry]) => [part, key, entry]),
  );
}

/** A record with one more entry; raises an error for a part that it does not have. */
export function withEntry(record, part, key, entry) {
  if (!PARTS.includes(part)) throw new Error(`The record has no part “${part}”.`);
  const entries = Object.assign(mapping(), record[part]);
  entries[key] = entry;
  return { ...record, [part]: entries };
}
