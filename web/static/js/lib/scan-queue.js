/** Milliseconds before attempt n + 1: half a second, doubling, at most 15 s. */
export function backOff(attempts) {
  return Math.min(500 * 2 ** (attempts - 1), 15_000);
}

/**
 * Commands in the order of their triggers, sent strictly one after another, none dropped.
 *
 * store    add(command), remove(id), all(): see MemoryStore.
 * send     async (command) -> {kind: "answered", ...} | {kind: "unconfirmed"} | {kind: "login"};
 *          never throws for a network failure.
 * answered async (command, outcome): shows the answer; the next command waits for it.
 * changed  ({pending, state, attempts}): state is idle, sending, resending or login.
 * pause    async (ms): waits; replaced in tests.
 *
 * An unconfirmed command is sent again with the same id until there is an answer, because nobody
 * knows whether the server has booked it.
 */
export class ScanQueue {
  #store;
  #send;
  #answered;
  #changed;
  #pause;
  #adding = Promise.resolve();
  #unstored = 0;
  #held = 0;
  #state = "idle";
  #attempts = 0;
  #running = false;
  #again = false;
  #wake = () => {};

  constructor({ store, send, answered = async () => {}, changed = () => {}, pause }) {
    this.#store = store;
    this.#send = send;
    this.#answered = answered;
    this.#changed = changed;
    this.#pause = pause ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
  }

  /** Commands without an answer, counted from the trigger on. */
  get pending() {
    return this.#held + this.#unstored;
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

  async #add(command) {
    try {
      await this.#store.add(command);
      this.#held += 1;
    } finally {
      this.#unstored -= 1;
    }
    this.#run();
  }

  async #run() {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again) await this.#drain();
    } finally {
      this.#running = false;
    }
  }

  async #drain() {
    this.#again = false;
    for (let next = await this.#next(); next; next = await this.#next()) {
      const outcome = await this.#deliver(next);
      if (outcome.kind === "login") return this.#tell("login");
      await this.#store.remove(next.command_id);
      this.#held -= 1;
      this.#tell(this.pending ? "sending" : "idle");
      await this.#show(next, outcome);
    }
    this.#tell("idle");
  }

  async #next() {
    const waiting = await this.#store.all();
    this.#held = waiting.length;
    return waiting[0];
  }

  async #deliver(command) {
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.#send(command);
      if (outcome.kind !== "unconfirmed") return outcome;
      this.#tell("resending", attempts);
      await this.#rest(Math.max(backOff(attempts), outcome.retryAfter ?? 0));
    }
  }

  /** Waits, or less when resume() is called. */
  async #rest(ms) {
    const woken = new Promise((done) => (this.#wake = done));
    await Promise.race([this.#pause(ms), woken]);
    this.#wake = () => {};
  }

  async #show(command, outcome) {
    try {
      await this.#answered(command, outcome);
    } catch (error) {
      // A screen that cannot be drawn must not hold up the scans behind it.
      console.error("saoku: the answer could not be shown", error);
    }
  }

  #tell(state, attempts = 0) {
    [this.#state, this.#attempts] = [state, attempts];
    this.#changed({ pending: this.pending, state, attempts });
  }
}
