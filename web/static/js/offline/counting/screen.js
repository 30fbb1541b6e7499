import { compare, minus, plain } from "../decimal.js";
import { commandForm, h } from "../dom.js";
import rules from "../generated/counting.js";
import { keypad } from "../keypad.js";
import { titleOf } from "../outcomes.js";
import { amount, itemBox, lotWords, shown, signed, stepRegion, submit } from "../regions.js";
import { mark, say } from "../words.js";
import { keyOf, lastOf, totalsOf } from "./lines.js";

export { problemOf } from "../regions.js";

const SHOWN_ROWS = 30;
const odd = () => h("span", { class: "tag tag--warn" }, say(mark("not expected here")));

/** What to scan now, what the last scan led to, and what is in hand or was counted last. */
export function stepOf(tally, screen) {
  return stepRegion(tally, screen, say(rules.prompts[tally.state.step]), [placeOf(tally), bodyOf(tally, screen.url)]);
}

function placeOf({ place, zone, round }) {
  return h("p", { class: "step__facts" },
    h("span", { class: "code" }, place.location), zone && h("span", {}, zone),
    round > 1 && h("span", { class: "tag tag--warn" }, say(rules.prompts[`round_${round}`])),
    place.item && h("span", {}, say(mark("only {item}"), { item: place.item })));
}

function bodyOf(tally, url) {
  const { state, entries } = tally;
  if (state.step === "done") return null;
  if (state.pending) return handOf(state, url);
  const last = lastOf(entries);
  return last ? lastBox(last, url) : null;
}

function field(name, label, attributes) {
  return h("div", { class: "field" },
    h("label", { class: "field__label", for: name }, label),
    h("input", { class: "field__input", id: name, name, type: "text", autocomplete: "off", ...attributes }));
}

/** The goods whose lot is still to be said, or looked at twice because it is new. */
function handOf({ step, pending }, url) {
  const { item, lot, dates, quantity } = pending;
  const isNew = step === "new_lot";
  const day = dates.expires_on ?? dates.best_before_on ?? "";
  const form = commandForm(`${url}/lot`, { about: keyOf(pending) },
    field("lot", say(mark("Lot")), { value: lot ?? "", maxlength: rules.longestLot, required: true }),
    isNew && item.expiry_rule !== "none" && field("expires_on", say(mark("Date on the label")), { inputmode: "numeric", placeholder: "20261231", value: day }),
    submit(say(isNew ? mark("New lot: count it") : mark("Count it"))));
  form.classList.add("stack");
  return [itemBox(item, [amount(quantity, item), lotWords(lot)]), form];
}

function lastBox(last, url) {
  const { item, lot, sscc, quantity } = last;
  return [
    itemBox(item, [lotWords(lot), sscc]),
    h("p", { class: "quantity" },
      h("span", { class: "quantity__now unconfirmed" }, shown(quantity)), h("span", { class: "quantity__of" }, item.base_unit)),
    h("details", { class: "details" },
      h("summary", {}, say(mark("Type how many there are in all"))),
      commandForm(`${url}/quantity`, { about: keyOf(last) }, keypad({
        value: plain(quantity), decimals: item.decimals, label: say(mark("Quantity in {unit}"), { unit: item.base_unit }), ok: say(mark("OK")),
      }))),
  ];
}

/** What was counted, the newest first, with what is confirmed and what is not. */
export function linesOf({ entries }, confirmed) {
  const [now, before] = [totalsOf(entries), totalsOf(confirmed.entries)];
  const gone = [...before].filter(([key]) => !now.has(key)).map(([, line]) => ({ ...line, quantity: "0" }));
  const rows = [...[...now.values()].reverse(), ...gone];
  const waiting = entries.filter(({ raw, sscc }) => raw || sscc).reverse();
  return h("section", { id: "lines", class: "lines", "aria-label": say(mark("Counted here")) },
    h("div", { class: "lines__head" }, h("h2", {}, say(mark("Counted here")))),
    waiting.map(waitingRow),
    rows.slice(0, SHOWN_ROWS).map((row, at) => rowOf(row, before.get(keyOf(row))?.quantity ?? "0", at === 0 && !waiting.length)),
    rows.length > SHOWN_ROWS && h("p", { class: "lines__row soft" }, say(mark("{count} more lines"), { count: rows.length - SHOWN_ROWS })));
}

/** A code that only the server can read. */
function waitingRow({ raw, sscc }) {
  return h("div", { class: "lines__row" },
    h("span", { class: "lines__name code" }, sscc ?? raw),
    h("span", { class: "lines__note unconfirmed-words" }, say(mark("not yet confirmed"))));
}

function rowOf(row, sure, isNewest) {
  const { item, lot, sscc, last_day: day, is_unexpected: unexpected } = row;
  const open = minus(row.quantity, sure);
  const changed = compare(open, "0") !== 0;
  const notes = [
    [item.code, lotWords(lot), day && `${say(mark("until"))} ${day}`, sscc].filter(Boolean).join(" · "),
    unexpected && [" · ", odd()],
    changed && [" · ", h("span", { class: "unconfirmed-words" }, say(mark("{quantity} not yet confirmed"), { quantity: signed(open) }))],
  ];
  return h("div", { class: "lines__row", "aria-current": isNewest ? "true" : null },
    h("span", { class: "lines__name" }, titleOf(item)),
    h("span", { class: "lines__note" }, notes),
    h("span", { class: "lines__quantity" }, shown(sure), changed && [" ", h("span", { class: "unconfirmed" }, signed(open))],
      h("small", {}, ` ${item.base_unit}`)));
}

function press(url, name, words, fields = {}, isMain = false) {
  const form = commandForm(`${url}/commands`, { button: name, ...fields },
    h("button", { class: `button${isMain ? " button--primary" : ""}`, type: "submit" }, words));
  if (isMain) form.classList.add("action-bar__main");
  return form;
}

/** The buttons of the dock; a finished place leads to the others of this device. */
export function barOf({ state, entries }, url) {
  if (state.step === "done") {
    return h("div", { class: "action-bar" }, h("a", { class: "button button--primary action-bar__main", href: "/counting" }, say(mark("Next place"))));
  }
  return h("div", { class: "action-bar" },
    press(url, "UNDO", say(mark("Undo")), { about: aboutOf(state, entries) }),
    press(url, "EMPTY", say(mark("Nothing here"))),
    press(url, "DONE", say(mark("Place is counted")), { seen: entries.length }, true));
}

/** What an undo is about, as goods_key in app/counting/state.py. */
function aboutOf({ pending }, entries) {
  const last = pending ?? lastOf(entries);
  return last ? keyOf(last) : "";
}
