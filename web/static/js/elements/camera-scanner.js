import { keptHarvest } from "../lib/tab-kept.js";

/**
 * <camera-scanner>: reads codes from the live camera while it is open; see camera_scanner in
 * _macros/scan.html for its parts.  A button with data-camera anywhere on the page opens and closes
 * it.  Everything else is loaded at the first tap: most devices have a scanner and never need it.
 */
export class CameraScanner extends HTMLElement {
  #stop;
  #panel = null;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const clicked = ({ target }) => target.closest("[data-camera]") && this.#toggle(performance.now());
    document.addEventListener("click", clicked, { signal });
    // Codes that were collected before a reload wait to be sent.
    if (keptHarvest().get()) this.#load().catch(() => {});
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#panel = null;
  }

  async #toggle(since) {
    const open = !this.dataset.state;
    this.#show(open ? "opening" : "");
    try {
      if (open) (await this.#load()).open(since);
      else (await this.#panel)?.close();
    } catch {
      // Without network it may not come; the next tap tries again.
      this.#panel = null;
      this.#show("help");
    }
  }

  #load() {
    const { signal } = this.#stop;
    this.#panel ??= import("../camera/panel.js").then(({ CameraPanel }) => {
      const panel = new CameraPanel(this, signal);
      this.#listens(true);
      return panel;
    });
    return this.#panel;
  }

  /** A tap before the rest is loaded would be lost: its buttons wait for it. */
  #listens(ready) {
    for (const button of this.querySelectorAll("button[data-mode], button[data-aim]")) button.disabled = !ready;
  }

  /** What there is to see before the rest is loaded. */
  #show(state) {
    if (!this.#panel) this.#listens(false);
    this.hidden = !state;
    this.dataset.state = state;
    for (const one of this.querySelectorAll("[data-help]")) one.hidden = one.dataset.help !== "unloaded";
  }
}
