import { readable } from "../lib/choices.js";
import { Harvest } from "./harvest.js";

/**
 * The collected codes on the screen, with buttons to send, clear and bring back; newest first,
 * because that is the one to look at.  Parts: data-count, ol, template, data-send, data-clear,
 * data-restore.
 */
export class HarvestList {
  /** kept: see Harvest; send(symbols): called with all, in order; changed(): after each change. */
  constructor(root, { kept, send, changed }) {
    Object.assign(this, { root, send, changed });
    this.harvest = new Harvest(kept);
    root.addEventListener("click", ({ target }) => this.#clicked(target));
    this.show();
  }

  get size() {
    return this.harvest.size;
  }

  /** Whether there is anything to show or to bring back. */
  get isEmpty() {
    return !this.size && !this.harvest.isCleared;
  }

  add(symbols) {
    const added = this.harvest.add(symbols);
    if (added) this.show();
    return added;
  }

  #clicked(target) {
    const button = target.closest("button");
    if (!button) return;
    if (button.matches("[data-send]")) this.send(this.harvest.take());
    if (button.matches("[data-clear]")) this.harvest.clear();
    if (button.matches("[data-restore]")) this.harvest.restore();
    if (button.matches("[data-remove]")) this.harvest.remove(button.value);
    this.show();
  }

  show() {
    const find = (selector) => this.root.querySelector(selector);
    for (const count of this.root.querySelectorAll("[data-count]")) count.textContent = this.size;
    find("ol").replaceChildren(...this.harvest.codes.reverse().map((symbol) => this.#row(symbol)));
    find("[data-send]").disabled = this.size === 0;
    find("[data-clear]").hidden = this.harvest.isCleared;
    find("[data-clear]").disabled = this.size === 0;
    find("[data-restore]").hidden = !this.harvest.isCleared;
    this.changed();
  }

  #row({ text }) {
    const row = this.root.querySelector("template").content.cloneNode(true);
    row.querySelector("span").textContent = readable(text);
    row.querySelector("button").value = text;
    return row;
  }
}
