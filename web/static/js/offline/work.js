import { announce, user } from "../lib/page.js";
import { outbox, queueState } from "../outbox.js";
import { inWords, learn } from "./language.js";
import { belongsTo, fetchPackage, keptAt, noteAccepted, sinceOf, todayIn } from "./packages.js";
import { show as showOnPage, softReload } from "./page.js";

/** How long a command may wait for its answer before this device answers for itself. */
const PATIENCE_MS = 2500;
const PROBE_MS = 10_000;
const REFRESH_MS = 30_000;
const FOLD_MS = 300;
const WORKFLOWS = {
  receiving: () => import("./receiving/workflow.js"),
  picking: () => import("./picking/workflow.js"),
  counting: () => import("./counting/workflow.js"),
};

/** Everything that a page needs to go on without network, from the cache of the worker. */
async function loaded(workflow) {
  const [rules] = await Promise.all([WORKFLOWS[workflow](), learn(workflow), inWords()]);
  return rules;
}

/**
 * One piece of work on this page: while answers come, the server's regions stand; where they do not,
 * this device counts by the same rules and says that nothing of it is confirmed.
 */
export class LocalWork {
  #rules = null;
  #drawn = false;
  #turn = Promise.resolve();
  #tally = null;
  #confirmed = null;
  #taken = new Set();
  #fetched = 0;
  #answers = 0;
  #folding = null;
  #showing = null;

  constructor(record, { away = false } = {}) {
    this.record = record;
    this.away = away;
    document.addEventListener("saoku:stored", ({ detail }) => this.#stored(detail.command));
    document.addEventListener("saoku:answered", ({ detail }) => this.#answered(detail));
    document.addEventListener("saoku:queue", ({ detail }) => this.#queue(detail));
    window.addEventListener("online", () => this.refresh());
    setInterval(() => this.#probe(), PROBE_MS);
    if (away) this.draw();
    // Without a worker there is no cache to load from once the network is gone.
    else if (!navigator.serviceWorker?.controller) setTimeout(() => this.#load().catch(() => {}), PATIENCE_MS * 2);
  }

  #mine = (command) => belongsTo(command, this.record.url) && command.user === String(this.record.user_id);

  get #offline() {
    return this.away || !navigator.onLine || queueState().state === "resending";
  }

  #stored(command) {
    if (!this.#mine(command)) return;
    if (this.#drawn || this.#offline) return this.#inTurn(() => this.#takeOne(command));
    setTimeout(() => this.#drawIfWaiting(command.command_id), PATIENCE_MS);
  }

  async #drawIfWaiting(id) {
    const waits = (await outbox.waiting()).some(({ command_id: one }) => one === id);
    if (waits && !this.#drawn) this.draw();
  }

  async #answered({ command, status }) {
    this.#answers += 1;
    if (!this.#mine(command)) return;
    if (status < 400) await noteAccepted(command);
    if (this.#drawn) this.#foldSoon();
  }

  /** A replay answers faster than a screen can be read. */
  #foldSoon() {
    this.#folding ??= setTimeout(() => {
      this.#folding = null;
      if (this.#drawn) this.#inTurn(() => this.#fold());
    }, FOLD_MS);
  }

  #queue({ state, pending }) {
    if (state === "resending" && pending && !this.#drawn) this.draw();
    if (state === "idle" && !pending) this.#quiet();
  }

  /** Nothing waits: what stands here is the server's again, and so is the package. */
  async #quiet() {
    if (this.#drawn) await this.refresh();
    else if (Date.now() - this.#fetched > REFRESH_MS) await this.#fetch().catch(() => {});
  }

  #probe() {
    if (this.#drawn && document.visibilityState === "visible" && !queueState().pending) this.refresh();
  }

  /** Go back to the server's screen; stays as it is while there is no network. */
  async refresh() {
    if (!this.#drawn || queueState().pending) return;
    try {
      await this.#fetch();
      if (await softReload()) [this.#drawn, this.away, this.#tally] = [false, false, null];
    } catch {
      // Still no network: what stands here is all there is.
    }
  }

  async #fetch() {
    const answers = this.#answers;
    this.#fetched = Date.now();
    const record = await fetchPackage(this.record.key);
    // A command answered meanwhile is in this package or not: only the next one tells.
    if (record && answers === this.#answers) this.record = record;
  }

  draw() {
    this.#drawn = true;
    return this.#inTurn(() => this.#fold());
  }

  #inTurn(work) {
    this.#turn = this.#turn.then(work).catch((error) => console.error("saoku: offline work", error));
    return this.#turn;
  }

  async #load() {
    this.#rules ??= await loaded(this.record.package.open.workflow);
  }

  /** The tally from the package on: first what the server has accepted since, then what waits. */
  async #fold() {
    await this.#load();
    this.record = (await keptAt(this.record.url)) ?? this.record;
    const waiting = (await outbox.waiting()).filter(this.#mine);
    const start = this.#rules.begin(this.record, todayIn(this.record));
    const since = await sinceOf(this.record.key);
    this.#confirmed = since.reduce(this.#rules.take, start);
    this.#tally = waiting.reduce(this.#rules.take, this.#confirmed);
    this.#taken = new Set(waiting.map(({ command_id: id }) => id));
    this.#show();
  }

  async #takeOne(command) {
    this.#drawn = true;
    if (!this.#tally) await this.#fold();
    else if (!this.#taken.has(command.command_id)) {
      this.#taken.add(command.command_id);
      this.#tally = this.#rules.take(this.#tally, command);
      this.#show();
    }
    const { said } = this.#tally;
    if (said?.problem) announce("saoku:told", { command_id: command.command_id, problem: said.problem.code });
    if (said && said.tone !== "accepted") announce("saoku:feedback", { tone: said.tone });
  }

  /** A harvest of labels comes in at once: one picture of it is enough. */
  #show() {
    this.#showing ??= setTimeout(() => {
      this.#showing = null;
      // Meanwhile the server's own screen may be back.
      if (this.#drawn && this.#tally) this.#put();
    }, 0);
  }

  #put() {
    const { stepOf, linesOf, problemOf, barOf } = this.#rules;
    const screen = { url: this.record.url, pending: this.#taken.size };
    showOnPage({
      problem: problemOf(this.#tally), step: stepOf(this.#tally, screen), lines: linesOf(this.#tally, this.#confirmed),
      bar: barOf(this.#tally, this.record.url),
    });
  }
}

/** The work of this page, online: fetched, kept, and ready for when the network goes. */
export async function carry(key) {
  const record = await fetchPackage(key).catch(() => keptAt(location.pathname));
  if (record && String(record.user_id) === user()) return new LocalWork(record);
  return null;
}
