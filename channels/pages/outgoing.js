// What the customer has sent and the server has not acknowledged; kept over reloads.
// One entry of localStorage per message, so that two tabs never overwrite each other's.

const PREFIX = "parley.outgoing.";
const memory = new Map(); // where storage is forbidden: lasts as long as the page

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function read(key) {
  const kept = storage();
  return kept ? kept.getItem(key) : memory.get(key) ?? null;
}

export function write(key, value) {
  memory.set(key, value);
  try {
    storage()?.setItem(key, value);
  } catch {
    // full or forbidden: memory has it
  }
}

function remove(key) {
  memory.delete(key);
  storage()?.removeItem(key);
}

let counter = 0;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function keep(message) {
  const kept = { ...message, id: newId(), order: [Date.now(), counter++] };
  write(PREFIX + kept.id, JSON.stringify(kept));
  return kept;
}

export function drop(id) {
  remove(PREFIX + id);
}

export function waiting() {
  const kept = storage();
  const keys = new Set([...memory.keys(), ...(kept ? Object.keys(kept) : [])]);
  return [...keys]
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => JSON.parse(read(key) ?? memory.get(key) ?? "null"))
    .filter((message) => message !== null)
    .sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
}

export function isKey(key) {
  return key !== null && key.startsWith(PREFIX);
}
