import { again, settled } from "./memory-store.js";

/** Tries before a command that the server cannot take makes way for those behind it. */
const MOST_FAULTS = 5;
const FAULT = 500;
const REFUSED = new Set(["refused", "inbox", "discarded", "handed_over"]);

/** Milliseconds before attempt n + 1: half a second, doubling, at most 15 s. */
export function backOff(attempts) {
  return Math.min(500 * 2 ** (attempts - 1), 15_000);
}

/**
 * Commands in the order of their triggers, sent strictly one after another, none dropped.
 *
 * store    a store as MemoryStore, or a promise of one.
 * send     async (command) -> {kind: "answered", status, ...} | {kind: "unconfirmed", status?} |
 *          {kind: "login"} | {kind: "renumber"}; never throws for a network failure.
 * user     () -> whose commands may be sent now; those of others wait for them.
 * isLate   async (command) -> nobody looks at the screen that it was made on: a refusal then goes
 *          to the inbox.
 * reasonOf (outcome) -> what is kept of an answer: {status, text}.
 * answered async (command, outcome, {late, last}): shows it; the next command waits for that.
 * changed  ({pending, others, inbox, done, state, attempts}): state is idle, sending, resending or
 *          login; `done` are those answered since the queue was last empty.
 * renumbered  (was): the device has a new number, because another one had the old one too.
 * signedOut  (): nothing goes before a login; `resume` after it.
 * alone    async (work): runs it while no other tab sends.
 * pause    async (ms): waits; replaced in tests.
 *
 * An unconfirmed command is sent again with the same id until there is an answer, because nobody
 * knows whether the server has booked it.
 */
export class ScanQueue {
  #store;
  #ways;
  #adding = Promise.resolve();
  #unstored = 0;
  #counts = { pending: 0, others: 0, inbox: 0 };
  #done = 0;
  #state = "idle";
  #attempts = 0;
  #running = false;
  #again = false;
  #wake = () => {};

  constructor({ store, send, ...ways }) {
    this.#store = Promise.resolve(store);
    // A store that cannot be had is told to whoever puts something in.
    this.#store.catch(() => {});
    this.#ways = {
      send,
      user: () => "",
      isLate: async () => false,
      reasonOf: ({ status }) => ({ status }),
      answered: async () => {},
      changed: () => {},
      renumbered: () => {},
      signedOut: () => {},
      alone: (work) => work(),
      pause: (ms) => new Promise((done) => setTimeout(done, ms)),
      ...ways,
    };
  }

  /** Commands of this user without an answer, counted from the trigger on. */
  get pending() {
    return this.#counts.pending + this.#unstored;
  }

  /** Take a command; shown at once, resolves when the store has it, rejects when it refuses. */
  put(command) {
    this.#unstored += 1;
    // Trouble stays in view while more scans come in.
    this.#tell(this.#state === "idle" ? "sending" : this.#state, this.#attempts);
    // Chained, so that a slow store keeps the order of the triggers.
    const added = this.#adding.then(() => this.#add(command));
    this.#adding = added.catch(() => {});
    return added;
  }

  /** Send now what the store holds: at start, after a login, when the network is back. */
  resume() {
    this.#wake();
    return this.#run();
  }

  /** Everything that is kept, oldest first. */
  async list() {
    return (await this.#store).list();
  }

  /** The operator has been told already that the server will refuse this one. */
  async told(commandId) {
    await (await this.#store).change(commandId, { told: true });
  }

  /**
   * Take one out of the inbox, or one that waits for another person: `state` is retried, handed_over
   * or discarded.
   */
  async settle(commandId, state) {
    const store = await this.#store;
    const kept = await store.get(commandId);
    const isAnothers = kept?.waiting !== undefined && kept.waiting !== this.#ways.user();
    if (kept?.inbox || isAnothers) await store.change(commandId, settled(state, kept.answer));
    await this.#count();
  }

  /** Send one of the inbox again under its own id. */
  async again(commandId) {
    const store = await this.#store;
    const kept = await store.get(commandId);
    if (kept?.inbox) await store.change(commandId, again(kept));
    return this.resume();
  }

  async #add(command) {
    try {
      const kept = await (await this.#store).add(command);
      this.#counts.pending += 1;
      return kept;
    } finally {
      this.#unstored -= 1;
      this.#run();
    }
  }

  async #run() {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again) await this.#ways.alone(() => this.#drain());
    } finally {
      this.#running = false;
    }
  }

  async #drain() {
    this.#again = false;
    const store = await this.#store;
    const waiting = () => store.next(this.#ways.user());
    await this.#count();
    for (let next = await waiting(); next; next = await waiting()) {
      const outcome = await this.#outcome(next);
      if (outcome.kind === "login") return this.#signedOut();
      if (outcome.kind !== "renumber") await this.#settle(next, outcome);
    }
    if (this.#done) await store.trim();
    this.#done = 0;
    this.#tell("idle");
  }

  #signedOut() {
    this.#tell("login");
    this.#ways.signedOut();
  }

  async #count() {
    this.#counts = await (await this.#store).counts(this.#ways.user());
    this.#tell(this.#state, this.#attempts);
  }

  async #outcome(command) {
    const store = await this.#store;
    const before = command.follows && (await store.get(command.follows));
    if (before && REFUSED.has(before.state)) return { kind: "unsent", status: 0 };
    const outcome = await this.#deliver(command);
    if (outcome.kind === "renumber") this.#ways.renumbered(await store.renumber());
    return outcome;
  }

  async #deliver(command) {
    const store = await this.#store;
    // Only for whoever looks: the sending need not wait for it.
    const noted = command.state === "stored" && store.change(command.command_id, { state: "sent" });
    if (noted) noted.catch(() => {});
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.#ways.send(command);
      if (outcome.kind !== "unconfirmed") return outcome;
      const faults = outcome.status === FAULT ? (command.tries ?? 0) + 1 : 0;
      if (faults >= MOST_FAULTS) return { ...outcome, kind: "fault" };
      if (faults) Object.assign(command, await store.change(command.command_id, { tries: faults }));
      this.#tell("resending", attempts);
      await this.#rest(Math.max(backOff(attempts), outcome.retryAfter ?? 0));
    }
  }

  /** Waits, or less when resume() is called. */
  async #rest(ms) {
    const woken = new Promise((done) => (this.#wake = done));
    await Promise.race([this.#ways.pause(ms), woken]);
    this.#wake = () => {};
  }

  async #settle(command, outcome) {
    const late = await this.#ways.isLate(command);
    const state = stateAfter(outcome, late);
    const kept = settled(state, state === "accepted" ? undefined : this.#ways.reasonOf(outcome));
    await (await this.#store).change(command.command_id, kept);
    this.#done += 1;
    await this.#count();
    this.#tell("sending");
    await this.#show({ ...command, ...kept }, outcome, { late, last: !this.pending });
  }

  async #show(command, outcome, how) {
    try {
      await this.#ways.answered(command, outcome, how);
    } catch (error) {
      // A screen that cannot be drawn must not hold up the scans behind it.
      console.error("saoku: the answer could not be shown", error);
    }
  }

  #tell(state, attempts = 0) {
    [this.#state, this.#attempts] = [state, attempts];
    const { pending } = this;
    this.#ways.changed({ ...this.#counts, pending, done: this.#done, state, attempts });
  }
}

function stateAfter({ kind, status }, late) {
  if (kind !== "answered") return "inbox";
  if (status < 400) return "accepted";
  return late ? "inbox" : "refused";
}
