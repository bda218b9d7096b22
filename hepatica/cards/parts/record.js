// The reader's one record: what was read, predicted, answered and written. A page keeps it in the
// browser (`hepatica/record`), JupyterLab in a file beside the course, which the card's Python
// writes (parts/record.py). Nothing is sent anywhere.

import {
  PARTS,
  emptyRecord,
  entriesOf,
  mergeRecords,
  readRecord,
  withEntry,
} from "../engine/record.js";

/** Told to the window whenever the record has changed, here or in another tab. */
export const RECORD_EVENT = "hepatica:record";

const NAME = "hepatica/record";
const OLD = "hepatica:"; // before the record each card kept its own, under this and its id

const TROUBLES = {
  off: "This browser lets the course keep nothing, so what you answer lasts until you leave the page.",
  full: "This browser has no room left for the course, so what you answer now lasts until you leave the page.",
  newer:
    "Your record was written by a newer version of this course. It stays as it is, and nothing of today is added to it.",
  damaged:
    "Part of your record could not be read. It is set aside and not deleted; what could be read is here.",
  file: "The course finds no folder to write in, so what you answer lasts until you close this notebook.",
};

/** The day as "YYYY-MM-DD", where the reader is; tests set `hepaticaToday`. */
export function today() {
  if (globalThis.hepaticaToday) return globalThis.hepaticaToday;
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * The page's one record. `host.record`, where there is one, asks Python: it takes a message and
 * promises an answer.
 */
export function openRecord(host) {
  globalThis.hepaticaRecord ??= recordOf(host?.record ? fileStore() : pageStore());
  globalThis.hepaticaRecord.join(host);
  return globalThis.hepaticaRecord;
}

const tell = () => dispatchEvent(new Event(RECORD_EVENT));

/** What cards see of a store. */
function recordOf(store) {
  const speakers = [];
  const changed = () => {
    tell();
    tellTrouble(store, speakers);
  };
  return {
    join: store.join,
    /** Resolved once what was kept is here; at once on a page. */
    ready: store.ready,
    /** The entry under a key, or undefined. */
    get: (part, key) => structuredClone(entriesIn(store.read(), part)[key]),
    /** A copy of a whole part; of the names, for `readers`. */
    all: (part) => copyOf(entriesIn(store.read(), part)),
    /** Keep an entry; everything else stays, also what another tab has kept meanwhile. */
    put(part, key, entry) {
      store.keep([[part, key, JSON.parse(JSON.stringify(entry))]], []);
      changed();
    },
    /** The record as the text of a file, with the reader's name if one is given. */
    exported(reader = "") {
      if (reader) store.keep([], [reader]);
      return `${JSON.stringify({ ...store.read(), exported: today() }, null, 1)}\n`;
    },
    /** Take in an exported file; of two entries the newer stays. An empty text when all is well. */
    imported(text) {
      const { state, record } = readRecord(text);
      if (state !== "sound") return REFUSALS[state];
      const merged = mergeRecords(store.read(), record);
      store.keep(entriesOf(merged), merged.readers);
      changed();
      return "";
    },
    /** Forget everything. */
    erase() {
      store.erase();
      changed();
    },
    /** A card's `root`, and how it `say`s what the reader must be told about the store. */
    listen(speaker) {
      const ask = () => {
        store.read(); // finds out whether there is a store
        tellTrouble(store, speakers);
      };
      speakers.push(speaker);
      ask();
      store.ready.then(ask);
    },
  };
}

/** Tell once per page what is wrong with the store: on the card in hand, or the first one. */
function tellTrouble(store, speakers) {
  const words = TROUBLES[store.trouble];
  if (!words || !speakers.length) return;
  store.trouble = "";
  const inHand = ({ root }) => root.contains?.(globalThis.document?.activeElement ?? null);
  const speaker = speakers.find(inHand) ?? speakers.find(({ root }) => root.isConnected);
  (speaker ?? speakers[0]).say(words);
}

const REFUSALS = {
  none: "The file is empty. Choose the one that this course has saved.",
  newer: "The file was saved by a newer version of this course. Update the course, then try again.",
  damaged:
    "This is not a record of this course, or it is damaged. Nothing was taken over, and nothing was lost.",
};

function entriesIn(record, part) {
  if (part !== "readers" && !PARTS.includes(part))
    throw new Error(`The record has no part “${part}”.`);
  return record[part];
}

const copyOf = (entries) =>
  Array.isArray(entries)
    ? [...entries]
    : Object.assign(Object.create(null), structuredClone({ ...entries }));

const withAll = (record, entries, readers) =>
  entries.reduce((made, [part, key, entry]) => withEntry(made, part, key, entry), {
    ...record,
    readers: [...new Set([...record.readers, ...readers])],
  });

// ---- on a page: the browser's storage ----

/** Reads before each write, so that two tabs do not lose each other's entries. */
function pageStore() {
  const seen = { text: undefined, record: emptyRecord() };
  const store = { ready: Promise.resolve(), join: () => {}, trouble: "", apart: null };
  store.read = () => store.apart ?? readPage(store, seen);
  store.keep = (entries, readers) => writePage(store, withAll(store.read(), entries, readers));
  store.erase = () => erasePage(store, seen);
  const taken = takeOver(store);
  if (!store.apart) removeNames(taken);
  addEventListener("storage", ({ key }) => (key === NAME || key === null) && tell());
  return store;
}

/** From now on only in memory, and why. */
function setApart(store, trouble, record) {
  store.trouble = trouble;
  store.apart = record;
  return record;
}

function readPage(store, seen) {
  let text;
  try {
    text = localStorage.getItem(NAME);
  } catch {
    return setApart(store, "off", emptyRecord()); // storage is switched off, and the reader is told
  }
  if (text === seen.text) return seen.record;
  const { state, record } = readRecord(text);
  if (state === "newer") return setApart(store, "newer", record);
  Object.assign(seen, { text, record });
  if (state === "damaged") keepDamaged(store, text, record);
  return record;
}

/** Put a text that cannot be read beside the record, under a name that is still free. */
function keepDamaged(store, text, record) {
  let name = `${NAME}/unreadable`;
  for (let n = 2; ![null, text].includes(localStorage.getItem(name)); n++)
    name = `${NAME}/unreadable/${n}`;
  try {
    localStorage.setItem(name, text);
  } catch {
    setApart(store, "full", record); // then the original must stay where it is
    return;
  }
  store.trouble = "damaged";
  writePage(store, record);
}

function writePage(store, record) {
  if (store.apart) {
    store.apart = record;
    return false;
  }
  try {
    localStorage.setItem(NAME, JSON.stringify(record));
    return true;
  } catch {
    setApart(store, "full", record); // the reader is told
    return false;
  }
}

function erasePage(store, seen) {
  Object.assign(seen, { text: undefined, record: emptyRecord() });
  const off = store.apart && !namesInStorage(() => true).length;
  removeNames(namesInStorage((key) => key.startsWith(NAME) || key.startsWith(OLD)));
  store.apart = off ? emptyRecord() : null; // what was full or newer has room again
}

const removeNames = (names) => names.forEach((name) => localStorage.removeItem(name));

function namesInStorage(wanted) {
  try {
    return Object.keys(localStorage).filter(wanted);
  } catch {
    return []; // storage is switched off
  }
}

/**
 * Bring what cards kept under their own ids into the record; the names under which it stood. What
 * stands there already is newer and stays.
 */
function takeOver(store) {
  const kept = Object.create(null);
  const taken = namesInStorage((key) => key.startsWith(OLD)).filter((name) => {
    const given = parsed(textUnder(name));
    if (given !== null) kept[name.slice(OLD.length)] = given;
    return given !== null; // what is not ours stays
  });
  if (!taken.length) return [];
  const { record } = readRecord(JSON.stringify({ version: 0, kept }));
  const merged = mergeRecords(store.read(), record);
  store.keep(entriesOf(merged), merged.readers);
  return taken;
}

/** What stands under a name; null where storage is switched off, of which the reader is told. */
function textUnder(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** A JSON object of a text, or null. */
function parsed(text) {
  try {
    const found = JSON.parse(text);
    return typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

// ---- in JupyterLab: a file, written by the card's Python ----

/** A copy in the page; every change goes to the kernel that was heard of last. */
function fileStore() {
  const store = { record: emptyRecord(), trouble: "", hosts: [], unsent: [], known: false };
  store.ready = new Promise((resolve) => {
    store.began = resolve;
  });
  store.read = () => store.record;
  store.join = (host) => joinFile(store, host);
  store.keep = (entries, readers) => {
    store.record = withAll(store.record, entries, readers);
    send(store, { do: "keep", entries, readers });
  };
  store.erase = () => {
    store.record = emptyRecord();
    removeNames(namesInStorage((key) => key.startsWith(OLD)));
    send(store, { do: "erase" });
  };
  return store;
}

function joinFile(store, host) {
  if (!host?.record || store.hosts.includes(host)) return;
  store.hosts.push(host);
  if (store.known) store.unsent.forEach((message) => post(store, host, message));
  else ask(store, host);
}

const ask = async (store, host) => begin(store, await host.record({ do: "read" }));

/** What the file holds, with what was answered before it came. */
function begin(store, { text, state }) {
  if (store.known) return;
  store.known = true;
  const found = readRecord(text ?? null);
  const mine = store.record;
  store.record = mergeRecords(found.record, mine);
  store.trouble = { unwritable: "file" }[state] ?? { newer: "newer" }[found.state] ?? "";
  if (found.state === "damaged") {
    store.trouble = "damaged";
    send(store, { do: "aside", ...wholeOf(store.record) });
  }
  takeOver(store);
  store.unsent.forEach((message) => post(store, store.hosts.at(-1), message));
  store.began();
  tell();
}

const wholeOf = (record) => ({ entries: entriesOf(record), readers: record.readers });

/** Changes wait until the file has been read, and until a kernel has said that it has them. */
function send(store, message) {
  const sent = { ...message, version: store.record.version };
  store.unsent.push(sent);
  if (store.known) post(store, store.hosts.at(-1), sent);
}

async function post(store, host, message) {
  const { state, text } = await host.record(message);
  store.unsent = store.unsent.filter((each) => each !== message);
  if (state === "unwritable") store.trouble = "file";
  const found = readRecord(text ?? null);
  if (found.state === "sound" && !store.unsent.length) store.record = found.record;
  tell();
}
