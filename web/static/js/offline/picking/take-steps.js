import { compare, minus, plain } from "../decimal.js";
import rules from "../generated/picking.js";
import { message, refused, titleOf } from "../outcomes.js";
import { obstacleOf, problem } from "./checks.js";
import { askLot, bare, goodsOfEvent, take } from "./hand-steps.js";
import { scanFirst, titleOfEvent } from "./refuse-steps.js";
import { current, isOpen, least, openOf, pickedOf, titleOfStop } from "./state.js";
import { confirm, instead } from "./swap-steps.js";
import { saidOf } from "./walk-steps.js";

/* The steps at the goods; the same as app/picking/take_steps.py. */
const { messages } = rules;
const attention = (state, said) => ({ state, message: said, tone: "attention", intents: [] });

/** Goods at the place where the person stands. */
export const takeGoods = (state, event, facts) => takeNamed(state, facts, goodsOfEvent(event));

function takeNamed(state, facts, goods) {
  const { item } = goods;
  const here = facts.stops.filter((stop) => stop.location_id === state.location_id && stop.item.id === item.id && isOpen(stop));
  if (!here.length) return instead(state, facts, goods);
  const known = here.find((stop) => stop.balance_id === state.confirmed);
  if (item.tracking !== "none" && goods.lot === null) {
    return known && item.tracking !== "serial" ? takeScanned(state, facts, known, goods) : askLot(state, here[0], goods);
  }
  const fitting = here.filter((stop) => stop.lot === goods.lot || item.tracking === "none");
  if (!fitting.length) return instead(state, facts, goods);
  return takeScanned(state, facts, fitting.find((stop) => stop.balance_id === state.confirmed) ?? fitting[0], goods);
}

function takeScanned(state, facts, stop, goods) {
  if (stop.sscc !== null && stop.balance_id !== state.confirmed) {
    return refused(state, problem("UnitWanted", { item: titleOfStop(stop), sscc: stop.sscc }));
  }
  if (goods.quantity !== null) return take(state, facts, stop, goods.quantity);
  return attention({ ...state, step: "scan_item", confirmed: stop.balance_id, hand: null }, message(messages.WANTS_WEIGHT, saidOf(stop)));
}

/** A carton or pallet: all that it holds where all is wanted, else it is opened. */
export function takeUnit(state, event, facts) {
  const stop = facts.stops.find((one) => one.location_id === state.location_id && one.sscc === event.sscc && isOpen(one));
  if (!stop) return insteadOfUnit(state, facts, event);
  const whole = compare(openOf(stop), stop.on_hand) >= 0 && compare(stop.on_hand, "0") > 0;
  if (whole) return take(state, facts, stop, stop.on_hand);
  const found = obstacleOf(stop);
  if (found) return refused(state, found);
  const said = message(messages.OPEN_UNIT, { ...saidOf(stop), sscc: event.sscc });
  return attention({ ...state, confirmed: stop.balance_id, item_id: stop.item.id }, said);
}

function insteadOfUnit(state, facts, { sscc }) {
  for (const other of facts.others.filter((one) => one.sscc === sscc && one.location_id === state.location_id)) {
    const stop = facts.stops.find((one) => one.item.id === other.item_id && isOpen(one));
    if (stop) {
      const quantity = least(openOf(stop), other.free);
      return instead(state, facts, { item: stop.item, key: sscc, title: sscc, quantity, lot: other.lot, unit_id: other.logistic_unit_id });
    }
  }
  return refused(state, problem("WrongUnit", { sscc }));
}

/** The same code again accepts; another one is a new scan, and nothing was taken before. */
export function confirmSame(state, event, facts) {
  if (state.swap && goodsOfEvent(event).key === state.swap.key) return confirm(state, event, facts);
  return otherScan(state, facts, takeGoods(withoutSwap(state), event, facts));
}

export function confirmUnit(state, event, facts) {
  if (state.swap && event.sscc === state.swap.key) return confirm(state, event, facts);
  return otherScan(state, facts, takeUnit(withoutSwap(state), event, facts));
}

const withoutSwap = (state) => ({ ...state, step: "scan_item", swap: null });

function otherScan(state, facts, outcome) {
  if (outcome.problem) return { ...outcome, state };
  const stop = current(state, facts);
  return { ...outcome, tone: "attention", also: message(messages.DROPPED, { item: stop ? titleOf(stop.item) : "" }) };
}

/** The code that names the lot of the goods in hand; it must be of the same item. */
export function lotOfHand(state, event, facts) {
  const [goods, { hand }] = [goodsOfEvent(event), state];
  const stop = current(state, facts);
  if (!hand || goods.item.id !== hand.item_id) {
    return refused(state, problem("NotInPick", { scanned: titleOfEvent(event), expected: stop ? titleOfStop(stop) : "" }));
  }
  if (goods.lot === null) return refused(state, problem("LotWanted", { item: titleOf(goods.item), lot: stop?.lot ?? "" }));
  const quantity = compare(hand.quantity, "0") ? hand.quantity : goods.quantity;
  const outcome = takeNamed(bare(state), facts, { ...goods, quantity });
  return outcome.problem ? { ...outcome, state } : outcome;
}

/** How many of the goods scanned last are taken in all. */
export function typedQuantity(state, event, facts) {
  const stop = known(state, facts);
  if (!stop) return scanFirst(state, event, facts);
  const picked = pickedOf(stop);
  if (compare(event.quantity, picked) > 0) return take(state, facts, stop, minus(event.quantity, picked));
  return refused(state, problem("LessByUndo", { item: titleOfStop(stop), unit: stop.item.base_unit, picked: plain(picked) }));
}

/** A +10 label takes ten more of what was scanned last. */
export function addQuantity(state, event, facts) {
  const stop = known(state, facts);
  return stop ? take(state, facts, stop, event.name.slice(1)) : scanFirst(state, event, facts);
}

function known(state, facts) {
  const stop = current(state, facts);
  return stop && state.confirmed === stop.balance_id ? stop : null;
}
