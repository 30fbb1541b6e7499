import { h } from "./dom.js";
import { mark, say } from "./words.js";

const key = (digit) => h("button", { class: "keypad__key", type: "button", "data-key": digit }, digit);
const change = (by) => h("button", { class: "keypad__key keypad__key--step", type: "button", "data-key": by }, by.replace("-", "−"));

function control(name, sign, words) {
  return h("button", { class: "keypad__key", type: "button", "data-key": name, "aria-label": words }, sign);
}

/** The quantity pad of web/templates/_macros/keypad.html, for a form that posts `quantity`. */
export function keypad({ value = "", decimals = 0, pack = null, label, ok }) {
  const left = decimals ? key(".") : change(pack ? `+${pack}` : "-10");
  const right = change(decimals && pack ? `+${pack}` : "+10");
  return h("key-pad", { for: "quantity", decimals },
    h("label", { class: "visually-hidden", for: "quantity" }, label),
    h("input", { class: "keypad__box", id: "quantity", name: "quantity", value, type: "text", inputmode: "none", autocomplete: "off", required: true }),
    h("div", { class: "keypad" },
      ["7", "8", "9"].map(key), control("back", "⌫", say(mark("Delete one digit"))),
      ["4", "5", "6"].map(key), change("+1"),
      ["1", "2", "3"].map(key), change("-1"),
      control("clear", "C", say(mark("Clear"))), key("0"), left, right),
    h("button", { class: "button button--primary keypad__ok", type: "submit" }, ok));
}
