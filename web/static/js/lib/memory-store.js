const HISTORY = 200;

/**
 * Where the outbox keeps its commands.  This one forgets them with the page; IndexedStore, which
 * survives, has the same methods.
 *
 * A kept command has `order` (the order of the triggers), `state` and, while it has no answer,
 * `waiting`: the user who made it.  States: stored, sent, accepted, refused, and for those in the
 * conflict inbox: inbox, then retried, handed_over or discarded.
 */
export class MemoryStore {
  kind = "memory";
  #commands = [];
  #order = 0;

  /** Keep a command at the end, and return it as kept; the same command_id twice is kept once. */
  async add(command) {
    const known = await this.get(command.command_id);
    if (known) return known;
    const kept = waitingCommand(command, { order: (this.#order += 1) });
    const before = this.#waiting(kept.waiting);
    kept.follows = followed(kept, before.toReversed());
    this.#commands.push(kept);
    return kept;
  }

  async get(commandId) {
    return this.#commands.find((kept) => kept.command_id === commandId);
  }

  /** The oldest command of this user that has no answer. */
  async next(user) {
    return this.#waiting(user)[0];
  }

  /** How many have no answer (this user's, others'), and how many are in the conflict inbox. */
  async counts(user) {
    const pending = this.#waiting(user).length;
    const others = this.#commands.filter((kept) => kept.waiting !== undefined).length - pending;
    return { pending, others, inbox: this.#commands.filter((kept) => kept.inbox).length };
  }

  /** Change what is kept of a command; see `settled` and `again` for changes that make sense. */
  async change(commandId, changes) {
    const kept = await this.get(commandId);
    if (!kept) return undefined;
    apply(kept, changes);
    return kept;
  }

  /** All commands, oldest first. */
  async list() {
    return this.#commands.toSorted((a, b) => a.order - b.order);
  }

  /** Numbers are for stores that survive. */
  async renumber() {}

  /** Forget the oldest answered ones beyond a history of 200. */
  async trim() {
    const answered = this.#commands.filter((kept) => kept.settled);
    const old = new Set(answered.slice(0, -HISTORY));
    this.#commands = this.#commands.filter((kept) => !old.has(kept));
  }

  #waiting(user) {
    return this.#commands.filter((kept) => kept.waiting === user).sort((a, b) => a.order - b.order);
  }
}

/** A command as it is kept first. */
export function waitingCommand(command, numbers) {
  return { ...command, ...numbers, state: "stored", waiting: command.user ?? "" };
}

/** Set what is given, take away what is given as undefined. */
export function apply(kept, changes) {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete kept[name];
    else kept[name] = value;
  }
}

/** The changes that take a command out of the queue: into the inbox or into the history. */
export function settled(state, answer) {
  const done = { state, answer, waiting: undefined, inbox: undefined, settled: 1 };
  return state === "inbox" ? { ...done, inbox: 1, settled: undefined } : done;
}

/** The changes that send a command again under its own id: nobody knows what became of it. */
export function again(command) {
  const user = command.user ?? "";
  return { state: "stored", waiting: user, inbox: undefined, settled: undefined, tries: 0 };
}

const COMMAND_LABEL = /^\s*(\][A-Za-z]\d)?SK:X/i;

/** The work that a command belongs to: `/receiving/12` of `/receiving/12/scans`. */
const workOf = ({ url = "" }) => url.split("/").slice(0, 3).join("/");

/**
 * A typed quantity, a button or a command label means the scan before it: where that one still
 * waits, its id, so that it is not done to something else when the scan is refused.
 */
export function followed(command, latestFirst) {
  const code = command.fields?.find(([name]) => name === "code")?.[1] ?? "";
  if (command.kind === "report" || (command.kind === "scan" && !COMMAND_LABEL.test(code))) {
    return undefined;
  }
  const isBefore = (kept) => kept.kind !== "report" && workOf(kept) === workOf(command);
  return latestFirst.find(isBefore)?.command_id;
}

export { HISTORY };
