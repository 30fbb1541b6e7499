import { text } from "../lib/page.js";
import { queueState } from "../outbox.js";

const TROUBLE = new Set(["resending", "login"]);

/**
 * <queue-chip><a href="/outbox"></a></queue-chip>: how the scans of this device stand, on every
 * page; a tap opens the list of them.  `data-look` is idle, sending, trouble or refused, and missing
 * until that is known.
 */
export class QueueChip extends HTMLElement {
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("saoku:queue", (event) => this.#show(event.detail), { signal });
    document.addEventListener("saoku:warning", (event) => warn(event.detail.text), { signal });
    this.#show(queueState());
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  #show({ pending, others, inbox, state, done, storage }) {
    // Before work begins: what this browser cannot do.
    if (storage !== "kept") warn(text(`storage_${storage}`));
    if (state === "opening") return;
    const unsent = pending + others;
    const trouble = (unsent && TROUBLE.has(state)) || storage !== "kept";
    this.dataset.look = inbox ? "refused" : trouble ? "trouble" : unsent ? "sending" : "idle";
    const words = text("chip_counts", { unsent, inbox });
    const link = this.querySelector("a");
    link.replaceChildren(signs({ unsent, inbox, done, trouble }));
    link.setAttribute("aria-label", words);
    link.title = words;
  }
}

/** Stays until the page goes, each text once. */
function warn(words) {
  const shown = [...document.querySelectorAll(".storage-warning")];
  if (shown.some((note) => note.textContent === words)) return;
  const note = Object.assign(document.createElement("p"), { className: "storage-warning" });
  note.setAttribute("role", "alert");
  note.textContent = words;
  document.querySelector("main")?.prepend(note);
}

/** ✓, or the counts: ↑ not answered (of how many, in a long replay), ! to be looked at. */
function signs({ unsent, inbox, done, trouble }) {
  const of = done > 9 && unsent ? `/${done + unsent}` : "";
  const parts = [unsent && `${trouble ? "⚠" : "↑"} ${of ? done : unsent}${of}`, inbox && `! ${inbox}`];
  return parts.filter(Boolean).join(" ") || "✓";
}
