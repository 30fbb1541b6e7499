import { compare, minus } from "../decimal.js";
import rules from "../generated/picking.js";
import { message, refused } from "../outcomes.js";
import { otherTitle, problem, swapProblem, whyOf } from "./checks.js";
import { askLot, taken, withHand } from "./hand-steps.js";
import { goneProblem } from "./refuse-steps.js";
import { current, isOpen, isSame, least, openOf, openOfShare, titleOfStop } from "./state.js";
import { saidOf } from "./walk-steps.js";

/* Other goods than promised, taken by a second scan; the same as app/picking/swap_steps.py. */
const { messages } = rules;
const hasLots = ({ tracking }) => tracking !== "none";

/** Goods that are no stop of this place: a swap where that is allowed. */
export function instead(state, facts, goods) {
  const wanted = facts.stops.filter((stop) => stop.item.id === goods.item.id && isOpen(stop));
  const here = wanted.filter((stop) => stop.location_id === state.location_id);
  // What lies beside is asked for only where it could be taken: a device does not know it.
  const beside = wanted.length ? facts.others.filter((other) => fits(other, state, goods)) : [];
  if (!beside.length) return refused(state, notWanted(state, facts, goods, [...here, ...wanted]));
  const [stop, other] = [[...here, ...wanted][0], beside[0]];
  if (hasLots(goods.item) && goods.lot === null) return askLot(state, stop, goods);
  const quantity = goods.quantity ?? least(openOf(stop), other.free);
  const found = swapProblem(facts, stop, other, quantity);
  if (found) return refused(state, found);
  const swap = { balance_id: stop.balance_id, cart_location_id: stop.cart_location_id, instead: other.balance_id, quantity, key: goods.key };
  const asking = { ...state, step: "confirm_swap", item_id: stop.item.id, hand: null, swap };
  // The place was scanned twice already.
  if (!here.length && stop.lot === other.lot && stop.sscc === other.sscc) return confirm(asking, goods, facts);
  const said = { scanned: otherTitle(stop, other), expected: expectedOf(stop) };
  return { state: asking, message: message(messages.SWAP, said), tone: "attention", intents: [] };
}

/** What the goods are, and what is wanted. */
function notWanted(state, facts, goods, wanted) {
  const isHere = wanted.some((stop) => stop.location_id === state.location_id);
  const gone = isHere ? null : goneProblem(goods.item.id, goods.lot, facts);
  if (gone) return gone;
  if (wanted.length) return noneBeside(wanted[0], goods, isHere);
  const stop = current(state, facts);
  return problem("NotInPick", { scanned: goods.title, expected: stop ? titleOfStop(stop) : facts.staging });
}

function fits(other, state, goods) {
  const atHand = other.location_id === state.location_id && other.item_id === goods.item.id;
  return atHand && (goods.lot === null || other.lot === goods.lot) && other.logistic_unit_id === goods.unit_id;
}

function noneBeside(stop, goods, isHere) {
  const why = whyOf(stop);
  if (isHere) return problem("WrongLot", { scanned: goods.title, expected: titleOfStop(stop), why });
  return problem("NotHere", { item: goods.title, location: stop.location, why });
}

const expectedOf = (stop) => `${titleOfStop(stop)} ${stop.location}`;

/** The goods that were scanned twice take the place of the promised ones. */
export function confirm(state, _event, facts) {
  const { swap } = state;
  const stop = facts.stops.find((one) => isSame(one, swap));
  const other = facts.others.find(({ balance_id: id }) => id === swap.instead);
  if (!stop || !other) return refused(state, problem("StopSettled"));
  const found = swapProblem(facts, stop, other, swap.quantity);
  return found ? refused(state, found) : swapped(state, facts, stop, other, swap.quantity);
}

function swapped(state, facts, stop, other, quantity) {
  const change = { kind: "swap_stop", stop, other, quantity: least(openOf(stop), other.free) };
  const after = swappedStop(change);
  if (after.cart_location_id !== null) {
    return { state: withHand(state, after, quantity), message: message(messages.TO_CART, saidOf(after, quantity)), tone: "accepted", intents: [change] };
  }
  const said = message(messages.SWAPPED, { ...saidOf(after, quantity), expected: expectedOf(stop) });
  return taken(state, facts, after, quantity, said, change);
}

/** The stop as it is at the other balance. */
function swappedStop({ stop, other, quantity }) {
  let left = quantity;
  const shares = stop.shares.flatMap((share) => {
    const part = least(left, openOfShare(share));
    left = minus(left, part);
    return compare(part, "0") ? [{ ...share, quantity: part, picked: "0", promised: part, is_open: true }] : [];
  });
  const { balance_id, location_id, location, lot_id, lot, logistic_unit_id, sscc, free, here } = other;
  return { ...stop, balance_id, location_id, location, lot_id, lot, logistic_unit_id, sscc, on_hand: free, here, shares, obstacle: null };
}
