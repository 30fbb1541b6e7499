import "../vendor/idb.umd.js";

/*
 * The work that this device carries along, in the database `saoku-work`:
 *
 *   packages  {key: "receiving/12", url, user_id, version, fetched_at, clock, package}
 *   since     commands that the server has accepted after the package with that `key` was made
 */
function upgrade(database) {
  database.createObjectStore("packages", { keyPath: "key" }).createIndex("url", "url");
  database.createObjectStore("since", { keyPath: "command_id" }).createIndex("key", "key");
}

let opened = null;

function database() {
  opened ??= open().catch((error) => {
    // The next one tries again: a browser under load can fail once.
    opened = null;
    throw error;
  });
  return opened;
}

function open() {
  // Someone signs out in another tab: what is here must not keep the database from going.
  const blocking = (_current, _blocked, { target }) => {
    target.close();
    opened = null;
  };
  return globalThis.idb.openDB("saoku-work", 1, { upgrade, blocking, terminated: () => (opened = null) });
}

/** Every package of this device; none where the browser keeps nothing (private mode). */
export async function kept() {
  try {
    return await (await database()).getAll("packages");
  } catch (error) {
    console.warn("saoku: no packages", error);
    return [];
  }
}

/** The package whose page this is, or null. */
export async function keptAt(path) {
  try {
    return (await (await database()).getFromIndex("packages", "url", path)) ?? null;
  } catch {
    return null;
  }
}

/**
 * Fetch one package anew; the record as it is now, null where there is no such work any more.
 * Throws where the network is gone: then what is kept stays.
 */
export async function fetchPackage(key) {
  const [before, known] = [await (await database()).get("packages", key), await sinceOf(key)];
  const headers = before ? { "If-None-Match": before.version } : {};
  const answer = await fetch(`/packages/${key}`, { headers, credentials: "same-origin", cache: "no-store" });
  if (answer.status === 404 || answer.status === 403) {
    await forget(key);
    return null;
  }
  if (answer.status !== 304 && (!answer.ok || answer.redirected)) throw new Error(`package ${key}: ${answer.status}`);
  const record = answer.status === 304 ? { ...before, fetched_at: Date.now() } : recordOf(key, answer, await answer.json());
  await (await database()).put("packages", record);
  // This package has them inside.
  await Promise.all(known.map(async ({ command_id: id }) => (await database()).delete("since", id)));
  return record;
}

function recordOf(key, answer, work) {
  // How far this device's clock is behind the server's.
  const clock = Date.parse(answer.headers.get("X-Server-Time")) - Date.now();
  return { key, url: work.open.url, user_id: work.user_id, version: answer.headers.get("ETag"), fetched_at: Date.now(), clock, package: work };
}

export async function forget(key) {
  const known = await sinceOf(key);
  await (await database()).delete("packages", key);
  await Promise.all(known.map(async ({ command_id: id }) => (await database()).delete("since", id)));
}

/** Drop what is not this person's: nobody sees another's work, on a shared device neither. */
export async function keepOnlyOf(userId) {
  const others = (await kept()).filter((record) => String(record.user_id) !== userId);
  await Promise.all(others.map(({ key }) => forget(key)));
}

/** The server has accepted a command: it counts as done until the next package says so itself. */
export async function noteAccepted(command) {
  const url = command.url.slice(0, command.url.lastIndexOf("/"));
  const key = await (await database()).getKeyFromIndex("packages", "url", url);
  if (key) await (await database()).put("since", { ...command, key });
}

/** What was accepted since the package was made, in order. */
export async function sinceOf(key) {
  const found = await (await database()).getAllFromIndex("since", "key", key);
  return found.sort((one, other) => one.order - other.order);
}

export const belongsTo = (command, url) => command.url.startsWith(`${url}/`);

/** The day in the work's store, by the server's clock: a device can be a year off. */
export function todayIn(record) {
  const now = new Date(Date.now() + (Number.isFinite(record.clock) ? record.clock : 0));
  return new Intl.DateTimeFormat("en-CA", { timeZone: record.package.time_zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
}
