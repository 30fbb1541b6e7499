import { MemoryStore } from "./memory-store.js";

/**
 * A store that survives, and memory beside it for the day when the disk is full or taken away: the
 * scan at hand is kept until the page goes, `kind` becomes "memory" and `refused(error)` is told.
 */
export class SpareStore {
  kind = "kept";
  #main;
  #spare = new MemoryStore();
  #refused;

  constructor(main, refused = () => {}) {
    this.#main = main;
    this.#refused = refused;
  }

  async add(command) {
    // Once the disk has failed all go to memory: what is kept there stays older than these.
    if (this.kind === "memory") return this.#spare.add(command);
    return this.#try((store) => store.add(command));
  }

  async get(commandId) {
    return (await this.#main.get(commandId)) ?? this.#spare.get(commandId);
  }

  async next(user) {
    return (await this.#try((store) => store.next(user))) ?? this.#spare.next(user);
  }

  async counts(user) {
    const spare = await this.#spare.counts(user);
    const kept = await this.#try((store) => (store === this.#main ? store.counts(user) : {}));
    return Object.fromEntries(Object.entries(spare).map(([name, at]) => [name, at + (kept[name] ?? 0)]));
  }

  async change(commandId, changes) {
    return (await this.#spare.change(commandId, changes)) ?? this.#main.change(commandId, changes);
  }

  async list() {
    return [...(await this.#main.list()), ...(await this.#spare.list())];
  }

  async renumber() {
    return this.#main.renumber();
  }

  async trim() {
    await this.#main.trim();
  }

  async #try(work) {
    try {
      return await work(this.#main);
    } catch (error) {
      this.kind = "memory";
      this.#refused(error);
      return work(this.#spare);
    }
  }
}
