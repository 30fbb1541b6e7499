import { splitCodes } from "../lib/burst.js";
import { command } from "../lib/command.js";
import { isEditable } from "../lib/fields.js";
import { announce } from "../lib/page.js";
import { stayAwake } from "../lib/wake-lock.js";
import { Wedge } from "../lib/wedge.js";
import { outbox } from "../outbox.js";

/**
 * <scan-field action="/receiving/12/scans" target="#step">: the scan box of a page.  Whatever reads
 * a code (wedge, camera, photo, typing) sends a bubbling `scan` event {code, symbology?, source};
 * this element makes the command at that moment and puts it into the outbox.
 */
export class ScanField extends HTMLElement {
  #stop;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.field = this.querySelector("textarea");
    document.addEventListener("scan", (event) => this.#queue(event.detail), { signal });
    document.addEventListener("keydown", (event) => this.#enter(event), { signal });
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    document.addEventListener("htmx:after:swap", () => this.#takeFocus(), { signal });
    this.querySelector("[data-keyboard]")?.addEventListener("click", () => this.#keyboard());
    stayAwake(signal);
    // Last: it hands out at once what was scanned before this moment.
    const scan = (code) => this.read(code, "wedge");
    new Wedge({ field: this.field, scan }).listen(signal);
    this.#takeFocus();
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** As if a reader had read this code. */
  read(code, source) {
    announce("scan", { code, source }, this);
  }

  #queue({ code, symbology = "", source = "" }) {
    announce("saoku:feedback", { tone: "queued" }, this);
    const fields = [["code", code], ["symbology", symbology], ["source", source]];
    const [url, target] = [this.getAttribute("action"), this.getAttribute("target") ?? "#step"];
    const entry = command({ url, target, fields, kind: "scan" });
    outbox.put(entry).catch(() => announce("saoku:feedback", { tone: "refused" }, this));
  }

  /** A code typed by a person ends with Enter. */
  #enter(event) {
    if (event.key !== "Enter" || event.isComposing || document.activeElement !== this.field) return;
    event.preventDefault();
    splitCodes(this.field.value).forEach((code) => this.read(code, "typed"));
    this.field.value = "";
  }

  #keyboard() {
    const open = this.field.inputMode === "none";
    this.field.inputMode = open ? "text" : "none";
    this.querySelector("[data-keyboard]").setAttribute("aria-pressed", String(open));
    this.field.blur();
    this.field.focus();
  }

  /** Whoever works by keyboard keeps the focus; detail counts the taps of a finger or mouse. */
  #clicked(event) {
    if (event.detail > 0) this.#takeFocus();
  }

  /** Injected text needs a focused field; whoever is typing elsewhere is left in peace. */
  #takeFocus() {
    const busy = isEditable(document.activeElement) || document.activeElement?.closest("select");
    if (!busy) this.field.focus({ preventScroll: true });
  }
}
