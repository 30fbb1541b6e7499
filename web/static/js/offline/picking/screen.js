import { compare, minus, plain } from "../decimal.js";
import { commandForm, h } from "../dom.js";
import rules from "../generated/picking.js";
import { keypad } from "../keypad.js";
import { titleOf } from "../outcomes.js";
import { itemBox, lotWords, progress, shown, signed, stepRegion, submit } from "../regions.js";
import { mark, say } from "../words.js";
import { current, inHand, isOpen, isSame, pickedOf, quantityOf } from "./state.js";

export { problemOf } from "../regions.js";

const SHOWN_ROWS = 30;
const openFacts = ({ facts, stops }) => ({ ...facts, stops: stops.filter(isOpen) });

/** Where to go or what to take now, what the last scan led to, and the fields of the step. */
export function stepOf(tally, screen) {
  const facts = openFacts(tally);
  const stop = (tally.state.step === "scan_cart" && inHand(tally.state, facts)) || current(tally.state, facts);
  return stepRegion(tally, screen, promptOf(tally, stop), bodyOf(tally, stop, screen.url));
}

function promptOf({ state, facts, paused }, stop) {
  if (paused) return say(mark("Paused"));
  const serial = state.step === "scan_lot" && stop?.item.tracking === "serial";
  const values = { place: state.location || (stop?.location ?? ""), cart: stop?.cart ?? "", staging: facts.staging };
  return say(rules.prompts[serial ? "scan_serial" : state.step], values);
}

function bodyOf({ state, facts }, stop, url) {
  if (state.step === "done") return null;
  if (state.step === "answer_empty") return emptyForm(state, url);
  if (stop) return stopBox(state, stop, url);
  return h("p", { class: "quantity" }, h("span", { class: "quantity__now" }, facts.staging));
}

const answer = (url, button, words, tone) => commandForm(`${url}/commands`, { button }, submit(words, tone));

/** The books say that the place is empty now: is it? */
function emptyForm({ location }, url) {
  return [
    h("p", { class: "quantity" }, h("span", { class: "quantity__now" }, location)),
    h("div", { class: "row" }, answer(url, "OK", say(mark("Yes, empty")), "primary"), answer(url, "CANCEL", say(mark("No")), "attention")),
  ];
}

function stopBox(state, stop, url) {
  const facts = [lotWords(stop.lot), stop.sscc && `${say(mark("Unit"))} ${stop.sscc}`, stop.cart && `${stop.cart} · ${stop.order}`];
  const hand = state.step === "scan_cart" ? state.hand : null;
  const counts = hand || (state.step === "scan_item" && state.confirmed === stop.balance_id);
  return [
    h("p", { class: "step__name" }, stop.location),
    itemBox(stop.item, facts),
    amounts(stop, hand),
    state.step === "confirm_location" && answer(url, "OK", say(mark("Take it here")), "attention"),
    counts && stop.item.tracking !== "serial" && quantityForm(stop, hand, url),
  ];
}

function amounts(stop, hand) {
  const [now, rest] = hand
    ? [hand.quantity, `${stop.item.base_unit} → ${stop.cart}`]
    : [pickedOf(stop), `/ ${shown(quantityOf(stop))} ${stop.item.base_unit}`];
  return h("p", { class: "quantity" },
    h("span", { class: "quantity__now unconfirmed" }, shown(now)), h("span", { class: "quantity__of" }, rest));
}

function quantityForm(stop, hand, url) {
  const unit = stop.item.base_unit;
  return h("details", { class: "details" },
    h("summary", {}, say(mark("Enter the quantity"))),
    commandForm(`${url}/quantity`, {}, keypad({
      value: plain(hand ? hand.quantity : quantityOf(stop)), decimals: stop.item.decimals,
      label: say(mark("How many are taken, in {unit}"), { unit }), ok: `${say(mark("Take"))} · ${unit}`,
    })));
}

/** The stops with what is confirmed and what is not, told apart by more than colour. */
export function linesOf(tally, confirmed) {
  const now = current(tally.state, openFacts(tally));
  const place = (stop) => (stop === now ? 0 : isOpen(stop) ? 1 : 2);
  const rows = [...tally.stops].sort((one, other) => place(one) - place(other));
  const closed = tally.stops.flatMap(({ shares }) => shares).filter((share) => !share.is_open).length;
  const before = tally.facts.stops.flatMap(({ shares }) => shares).filter((share) => !share.is_open).length;
  return h("section", { id: "lines", class: "lines", "aria-label": say(mark("Stops")) },
    h("div", { class: "lines__head" }, progress(tally.done + closed - before, tally.total, say(mark("Stops done")))),
    rows.slice(0, SHOWN_ROWS).map((stop) => lineOf(stop, confirmed, stop === now)),
    rows.length > SHOWN_ROWS && h("p", { class: "lines__row soft" }, say(mark("{count} more stops"), { count: rows.length - SHOWN_ROWS })));
}

function lineOf(stop, confirmed, isNow) {
  const known = confirmed.stops.find((one) => isSame(one, stop));
  const sure = known ? pickedOf(known) : "0";
  const open = minus(pickedOf(stop), sure);
  const changed = compare(open, "0") !== 0;
  const words = changed && h("span", { class: "unconfirmed-words" }, say(mark("{quantity} not yet confirmed"), { quantity: signed(open) }));
  return h("div", { class: `lines__row${isOpen(stop) || changed ? "" : " lines__row--done"}`, "aria-current": isNow ? "true" : null },
    h("span", { class: "lines__name" }, `${stop.location} · ${titleOf(stop.item)}`),
    h("span", { class: "lines__note" }, [stop.item.code, stop.lot, stop.cart].filter(Boolean).join(" · "), changed && [" · ", words]),
    h("span", { class: "lines__quantity" }, shown(sure), changed && [" ", h("span", { class: "unconfirmed" }, signed(open))],
      h("small", {}, ` / ${shown(quantityOf(stop))} ${stop.item.base_unit}`)));
}

/** The buttons of the dock that work without network. */
export function barOf(_tally, url) {
  return h("div", { class: "action-bar" },
    commandForm(`${url}/undo`, {}, h("button", { class: "button", type: "submit" }, say(mark("Undo")))),
    commandForm(`${url}/commands`, { button: "SKIP" }, h("button", { class: "button", type: "submit" }, say(mark("Skip")))));
}
