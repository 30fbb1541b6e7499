/**
 * Where the outbox keeps its commands.  This one forgets them with the page; a store that survives
 * (IndexedDB) has the same three asynchronous methods and nothing else.
 */
export class MemoryStore {
  #commands = [];

  /** Keep a command at the end; the same command_id twice is kept once. */
  async add(command) {
    if (!this.#commands.some((kept) => kept.command_id === command.command_id)) {
      this.#commands.push(command);
    }
  }

  /** Drop the command with this id. */
  async remove(commandId) {
    this.#commands = this.#commands.filter((kept) => kept.command_id !== commandId);
  }

  /** All commands, oldest first. */
  async all() {
    return [...this.#commands];
  }
}
