import { announce } from "../lib/page.js";
import { press } from "../lib/quantity.js";

/**
 * <key-pad for="quantity" decimals="3" digits="12">: buttons with data-key ("0".."9", ".", "+1",
 * "-1", "+6", "back", "clear") that work on the box with that id; the box stays the truth, so the
 * form works without the pad.  Sends `quantity` {value} after each key.
 */
export class KeyPad extends HTMLElement {
  connectedCallback() {
    this.onclick = (event) => this.#press(event.target.closest("[data-key]")?.dataset.key);
  }

  #press(key) {
    const box = document.getElementById(this.getAttribute("for"));
    if (!key || !box) return;
    const decimals = Number(this.getAttribute("decimals") ?? 0);
    const digits = Number(this.getAttribute("digits") ?? 12);
    // The first digit replaces the proposed quantity, as on a till; + and - change it.
    const fresh = box.dataset.touched === undefined && /^[0-9.]$/.test(key);
    box.dataset.touched = "";
    box.value = press(fresh ? "" : box.value.trim(), key, { decimals, digits });
    box.dispatchEvent(new Event("input", { bubbles: true }));
    announce("quantity", { value: box.value }, this);
  }
}
