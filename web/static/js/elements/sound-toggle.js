import { keep, recall } from "../lib/kept.js";

/** <sound-toggle><button aria-pressed>…</button></sound-toggle>: pressed means sounds are on. */
export class SoundToggle extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const show = () => button.setAttribute("aria-pressed", String(recall("saoku.muted") !== "1"));
    this.onclick = () => {
      keep("saoku.muted", recall("saoku.muted") === "1" ? "0" : "1");
      show();
    };
    show();
  }
}
