import { text } from "../lib/page.js";
import { queueState } from "../outbox.js";

/**
 * <outbox-badge>: how many commands wait for an answer, and why.  `data-state` is missing until that
 * is known, then idle, sending, resending or login; at login it holds the way to sign in, which
 * opens beside the waiting scans.
 */
export class OutboxBadge extends HTMLElement {
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("saoku:queue", (event) => this.#show(event.detail), { signal });
    this.#show(queueState());
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  #show({ pending, state }) {
    if (state === "opening") return;
    this.dataset.state = pending ? state : "idle";
    this.dataset.pending = pending;
    const words = text(`queue_${this.dataset.state}`, { pending });
    if (this.dataset.state !== "login") this.textContent = words;
    else this.replaceChildren(this.#signIn(words));
  }

  #signIn(words) {
    const link = document.createElement("a");
    Object.assign(link, { href: this.dataset.login ?? "/login", target: "_blank", textContent: words });
    return link;
  }
}
