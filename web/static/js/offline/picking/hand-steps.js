import { compare, plus } from "../decimal.js";
import rules from "../generated/picking.js";
import { message, refused } from "../outcomes.js";
import { counted, obstacleOf, problem, takeProblem } from "./checks.js";
import { handFull, titleOfEvent } from "./refuse-steps.js";
import { inHand, isOpen, less, standing, stateAt } from "./state.js";
import { onward, saidOf } from "./walk-steps.js";

/* Goods in hand: taken at once, or through a position of the cart; as app/picking/hand_steps.py. */
const { messages } = rules;
const outcome = (state, said, tone = "accepted", intents = []) => ({ state, message: said, tone, intents });

/** Goods as a scan names them; `quantity` is null where they have to be weighed. */
export function goodsOfEvent(event) {
  const { item, lot } = event;
  const named = { item, title: titleOfEvent(event), unit_id: null };
  if (event.kind === "lot") return { ...named, key: `lot ${lot.id}`, quantity: item.catch_weight ? null : "1", lot: lot.code };
  return { ...named, key: event.key, quantity: counted(event), lot };
}

export function askLot(state, stop, goods) {
  const found = obstacleOf(stop);
  if (found) return refused(state, found);
  const hand = { balance_id: stop.balance_id, item_id: stop.item.id, quantity: goods.quantity ?? "0", cart_location_id: null };
  const text = stop.item.tracking === "serial" ? messages.WANTS_SERIAL : messages.WANTS_LOT;
  return outcome({ ...state, step: "scan_lot", item_id: stop.item.id, hand }, message(text, saidOf(stop)), "attention");
}

/** So much of the stop: at once, or through a position of the cart. */
export function take(state, facts, stop, quantity) {
  const found = takeProblem(stop, quantity);
  if (found) return refused(state, found);
  if (stop.cart_location_id === null) return taken(state, facts, stop, quantity, message(messages.TAKEN, saidOf(stop, quantity)));
  return outcome(withHand(state, stop, quantity), message(messages.TO_CART, saidOf(stop, quantity)));
}

export function withHand({ location_id: id, location }, stop, quantity) {
  const hand = { balance_id: stop.balance_id, item_id: stop.item.id, quantity, cart_location_id: stop.cart_location_id };
  return { ...standing("scan_cart", id, location, stop.balance_id, stop.item.id), hand };
}

/** Book it, and go on: here, to the next place, or to the question whether this one is empty. */
export function taken(state, facts, stop, quantity, said, swapped = null) {
  const booked = { kind: "take", stop, quantity, to_location_id: stop.cart_location_id ?? facts.staging_id };
  const intents = swapped ? [swapped, booked] : [booked];
  if (compare(stop.here, quantity) === 0) {
    const { location_id, location, item } = stop;
    return outcome(stateAt("answer_empty", { location_id, location, item_id: item.id }), said, "accepted", intents);
  }
  const rest = withSwap(facts.stops, stop, swapped).map((one) => less(one, stop, quantity));
  return outcome(onward({ ...state, confirmed: stop.balance_id }, rest.filter(isOpen)), said, "accepted", intents);
}

/** The stops with the swapped part where it is now. */
function withSwap(stops, after, swapped) {
  return swapped ? [after, ...stops.map((one) => less(one, swapped.stop, swapped.quantity))] : stops;
}

/** The position of the order: the goods in hand go there. */
export function toCart(state, event, facts) {
  const stop = inHand(state, facts);
  if (!stop) return refused(state, problem("StopSettled"));
  if (event.id !== stop.cart_location_id) {
    return refused(state, problem("WrongCart", { scanned: event.code, order: stop.order, cart: stop.cart ?? "" }));
  }
  const { quantity } = state.hand;
  const found = takeProblem(stop, quantity);
  return found ? refused(state, found) : taken(state, facts, stop, quantity, message(messages.PUT, saidOf(stop, quantity)));
}

/** The same goods again: one more in hand. */
export function moreInHand(state, event, facts) {
  const [goods, stop] = [goodsOfEvent(event), inHand(state, facts)];
  const same = stop && stop.item.id === goods.item.id && (goods.lot === null || goods.lot === stop.lot);
  return same && goods.quantity !== null ? inHandNow(state, stop, plus(state.hand.quantity, goods.quantity)) : handFull(state, event, facts);
}

export function setHand(state, event, facts) {
  const stop = inHand(state, facts);
  return stop ? inHandNow(state, stop, event.quantity) : handFull(state, event, facts);
}

export function addToHand(state, event, facts) {
  const stop = inHand(state, facts);
  return stop ? inHandNow(state, stop, plus(state.hand.quantity, event.name.slice(1))) : handFull(state, event, facts);
}

function inHandNow(state, stop, quantity) {
  const found = takeProblem(stop, quantity);
  return found ? refused(state, found) : outcome(withHand(state, stop, quantity), message(messages.TO_CART, saidOf(stop, quantity)));
}

export const bare = (state) => ({ ...state, step: "scan_item", hand: null });
