import "../vendor/idb.umd.js";
import { HISTORY, apply, followed, waitingCommand } from "./memory-store.js";
import { uuid7 } from "./uuid7.js";

// The library as published sets a global; nothing else uses it.
const { openDB } = globalThis.idb ?? {};
const NAME = "saoku-outbox";
const STRICT = { durability: "strict" };
const FROM_START = { sequence: 0, order: 0 };
/** How far back a button looks for the scan that it means. */
const NEAR = 50;

function upgrade(database) {
  const commands = database.createObjectStore("commands", { keyPath: "order" });
  commands.createIndex("by_id", "command_id", { unique: true });
  commands.createIndex("waiting", ["waiting", "order"]);
  commands.createIndex("inbox", "inbox");
  commands.createIndex("settled", "settled");
  database.createObjectStore("settings");
}

const of = (user) => IDBKeyRange.bound([user, 0], [user, Infinity]);

/**
 * The outbox's commands in IndexedDB: they survive reload, a killed app and a restarted device.
 * Methods as MemoryStore's.  `add` is done only when the command is on the disk; it numbers the
 * command in the same transaction, so that a number is given once, whatever dies in between.
 */
export class IndexedStore {
  kind = "kept";
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** Rejects where the browser refuses to keep anything (private mode, policy, a full disk). */
  static async open(name = NAME) {
    const database = await openDB(name, 1, { upgrade });
    const store = new IndexedStore(database);
    const writing = database.transaction("settings", "readwrite", STRICT);
    const known = await writing.store.get("device");
    if (!known) await writing.store.put({ ...FROM_START, installation: uuid7() }, "device");
    await writing.done;
    return store;
  }

  async add(command) {
    const writing = this.#database.transaction(["commands", "settings"], "readwrite", STRICT);
    const commands = writing.objectStore("commands");
    const known = await commands.index("by_id").get(command.command_id);
    const kept = known ?? (await this.#number(writing, command));
    await writing.done;
    return kept;
  }

  async #number(writing, command) {
    const [commands, settings] = ["commands", "settings"].map((name) => writing.objectStore(name));
    const device = await settings.get("device");
    const next = { ...device, sequence: device.sequence + 1, order: device.order + 1 };
    const kept = waitingCommand(command, next);
    const follows = followed(kept, await latest(commands.index("waiting"), kept.waiting));
    if (follows) kept.follows = follows;
    await Promise.all([settings.put(next, "device"), commands.add(kept)]);
    return kept;
  }

  async get(commandId) {
    return this.#database.getFromIndex("commands", "by_id", commandId);
  }

  async next(user) {
    return this.#database.getFromIndex("commands", "waiting", of(user));
  }

  async counts(user) {
    const { store } = this.#database.transaction("commands");
    const waiting = store.index("waiting");
    const counted = [waiting.count(of(user)), waiting.count(), store.index("inbox").count()];
    const [pending, all, inbox] = await Promise.all(counted);
    return { pending, others: all - pending, inbox };
  }

  async change(commandId, changes) {
    const writing = this.#database.transaction("commands", "readwrite");
    const kept = await writing.store.index("by_id").get(commandId);
    if (kept) {
      apply(kept, changes);
      await writing.store.put(kept);
    }
    await writing.done;
    return kept;
  }

  async list() {
    return this.#database.getAll("commands");
  }

  /**
   * Another device has our numbers (cloned storage): be a new one, and number anew what waits.
   * Returns the number that we had.
   */
  async renumber(installation = uuid7()) {
    const writing = this.#database.transaction(["commands", "settings"], "readwrite", STRICT);
    const settings = writing.objectStore("settings");
    const before = await settings.get("device");
    const device = { ...before, installation, sequence: 0 };
    let cursor = await writing.objectStore("commands").index("waiting").openCursor();
    const waiting = [];
    for (; cursor; cursor = await cursor.continue()) waiting.push(cursor.value);
    for (const kept of waiting.sort((a, b) => a.order - b.order)) {
      device.sequence += 1;
      Object.assign(kept, { installation, sequence: device.sequence });
      await writing.objectStore("commands").put(kept);
    }
    await settings.put(device, "device");
    await writing.done;
    return before.installation;
  }

  async trim() {
    if ((await this.#database.countFromIndex("commands", "settled")) < 2 * HISTORY) return;
    const writing = this.#database.transaction("commands", "readwrite");
    const answered = await writing.store.index("settled").getAllKeys();
    await Promise.all(answered.slice(0, -HISTORY).map((order) => writing.store.delete(order)));
    await writing.done;
  }
}

async function latest(waiting, user) {
  const found = [];
  let cursor = await waiting.openCursor(of(user), "prev");
  for (; cursor && found.length < NEAR; cursor = await cursor.continue()) found.push(cursor.value);
  return found;
}
