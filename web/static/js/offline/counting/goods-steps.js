import { compare, fits, minus, plain, plus } from "../decimal.js";
import rules from "../generated/counting.js";
import { message, refused, titleOf } from "../outcomes.js";
import { saidQuantity } from "../weights.js";
import { goodsFirst, lotWanted, problem, unknown } from "./refuse-steps.js";

/* Goods that are seen, and how many of them; the same as app/counting/goods_steps.py. */
const { messages } = rules;
const NO_DATES = { produced_on: null, best_before_on: null, expires_on: null };
const GOODS = { step: "scan_goods", pending: null };
const hasLots = ({ tracking }) => tracking !== "none";
const isSerial = ({ tracking }) => tracking === "serial";
const isUndated = (dates) => Object.values(dates).every((day) => !day);
const handOf = (item, quantity, fields = {}) => ({ item, quantity, packaging: null, lot: null, dates: NO_DATES, ...fields });
const outcome = (state, text, values, tone = "accepted", intents = []) => ({ state, message: message(text, values), tone, intents });

// Items and lots

export function item(state, event, facts) {
  const found = notThisItem(event.item, facts);
  if (found) return refused(state, found);
  const hand = handOf(event.item, saidOf(event), { packaging: event.packaging, lot: event.lot, dates: event.dates });
  if (!hasLots(event.item)) return add(state, hand, null, facts);
  return event.lot === null ? askLot(hand) : ofLot(state, hand, event.known, facts);
}

/** How many base units one scan means. */
const saidOf = (event) => saidQuantity(event) ?? event.packaging?.quantity ?? "1";

function notThisItem(scanned, { place }) {
  if (place.item_id === null || place.item_id === scanned.id) return null;
  return problem("OnlyThisItem", { wanted: place.item ?? "?", item: titleOf(scanned) });
}

const isOther = ({ pending }, event) => pending?.item.id !== event.item.id;

export function itemInHand(state, event, facts) {
  const found = notThisItem(event.item, facts);
  if (found) return refused(state, found);
  if (isOther(state, event)) return lotWanted(state, event, facts);
  if (event.lot === null) return acceptNew(state, event, facts);
  return ofLot(state, { ...state.pending, lot: event.lot, dates: event.dates }, event.known, facts);
}

export function lot(state, event, facts) {
  const found = notThisItem(event.item, facts);
  return found ? refused(state, found) : add(state, handOf(event.item, "1", { lot: event.lot.code }), event.lot, facts);
}

export function lotInHand(state, event, facts) {
  if (isOther(state, event)) return lotWanted(state, event, facts);
  return add(state, { ...state.pending, lot: event.lot.code }, event.lot, facts);
}

export function typedLot(state, event, facts) {
  if (!state.pending) return goodsFirst(state, event, facts);
  return ofLot(state, { ...state.pending, lot: event.code, dates: event.dates }, event.known, facts);
}

/** Any other text read while a lot is wanted is the lot, unless it is a product's number. */
export function scannedLot(state, event, facts) {
  const code = event.kind === "search" ? event.text : (!event.is_gtin && event.barcode) || "";
  const { length } = [...code];
  if (!state.pending || length < 1 || length > rules.longestLot) return unknown(state, { text: event.text }, facts);
  return ofLot(state, { ...state.pending, lot: code }, null, facts);
}

const askLot = (hand) => outcome({ step: "scan_lot", pending: hand }, messages.WHICH_LOT, { item: titleOf(hand.item) }, "attention");

function ofLot(state, hand, known, facts) {
  if (known) return add(state, hand, known, facts);
  const before = state.pending;
  if (state.step !== "new_lot" || before?.lot !== hand.lot) return offerNew(hand);
  return newLot(state, { ...hand, dates: isUndated(hand.dates) ? before.dates : hand.dates }, facts);
}

/** A lot that nobody has seen before: the person looks twice, and says its date. */
function offerNew(hand) {
  const values = { lot: hand.lot ?? "?", item: titleOf(hand.item) };
  return outcome({ step: "new_lot", pending: hand }, needsDate(hand) ? messages.NEW_LOT_DATE : messages.NEW_LOT, values, "attention");
}

const needsDate = ({ item: { expiry_rule: rule }, dates }) => rule !== "none" && isUndated(dates);

export function acceptNew(state, event, facts) {
  const { step, pending } = state;
  if (step !== "new_lot" || !pending || pending.lot === null) return lotWanted(state, event, facts);
  return newLot(state, pending, facts);
}

function newLot(state, hand, facts) {
  if (needsDate(hand)) return refused(state, problem("ExpiryWanted", { lot: hand.lot ?? "?", item: titleOf(hand.item) }));
  return add(state, hand, null, facts);
}

function add(state, hand, known, facts) {
  const found = isSerial(hand.item) ? notOnce(hand, facts) : null;
  if (found) return refused(state, found);
  const isNew = hasLots(hand.item) && !known;
  const id = known?.id ?? null;
  const expected = !isNew && facts.on_books.some(([of, one]) => of === hand.item.id && one === id);
  const added = { kind: "add", item: hand.item, quantity: hand.quantity, lot_id: id, lot: hand.lot, dates: hand.dates, is_unexpected: !expected };
  return outcome(GOODS, expected ? messages.COUNTED : messages.UNEXPECTED, wordsOf(hand.item, hand.lot, hand.quantity), "accepted", [added]);
}

/** Each serial number is one piece, in one place. */
function notOnce({ item: one, quantity: much, lot: serial }, { elsewhere }) {
  if (compare(much, "1")) return problem("SerialIsOne", { item: titleOf(one) });
  return elsewhere === null ? null : problem("SerialElsewhere", { serial: serial ?? "?", item: titleOf(one), location: elsewhere });
}

function wordsOf(one, code, much) {
  return { item: `${titleOf(one)} ${code ?? ""}`.trim(), quantity: plain(much), unit: one.base_unit };
}

export function unit(state, { sscc, id = null }, facts) {
  if (facts.unit_seen) return refused(state, problem("UnitSeen", { sscc }));
  if (id === null || !facts.unit.length) return refused(state, problem("UnitUnknown", { sscc }));
  const wrong = facts.unit.map((one) => notThisItem(one.item, facts)).find(Boolean);
  if (wrong) return refused(state, wrong);
  const added = facts.unit.map((one) => ({ kind: "add", ...one, unit_id: id, sscc }));
  return outcome(GOODS, messages.UNIT_COUNTED, { sscc, count: String(added.length) }, "accepted", added);
}

// How many

export function quantity(state, event, facts) {
  if (!facts.last) return refused(state, problem("NothingSeen", { location: facts.place.location }));
  return set(state, facts.last, event.quantity);
}

export function more(state, event, facts) {
  return quantity(state, { quantity: plus(facts.last?.quantity ?? "0", event.name.slice(1)) }, facts);
}

function set(state, last, much) {
  const found = absurd(last.item, much);
  if (found) return refused(state, found);
  const change = minus(much, last.quantity);
  const added = compare(change, "0") ? [{ ...last, kind: "add", quantity: change, is_typed: true, is_unexpected: false }] : [];
  return outcome(GOODS, messages.COUNTED, wordsOf(last.item, last.lot, much), "accepted", added);
}

function absurd(one, much) {
  if (isSerial(one) && compare(much, "0") && compare(much, "1")) return problem("SerialIsOne", { item: titleOf(one) });
  if (compare(much, "0") < 0 || compare(much, rules.most) >= 0) return problem("QuantityAbsurd", { given: plain(much), item: titleOf(one) });
  return fits(much, one.decimals) ? null : problem("TooManyDecimals", { unit: one.base_unit, decimals: one.decimals });
}

export function quantityInHand(state, event, facts) {
  if (!state.pending) return goodsFirst(state, event, facts);
  const found = absurd(state.pending.item, event.quantity);
  if (found) return refused(state, found);
  const hand = { ...state.pending, quantity: event.quantity, packaging: null };
  return state.step === "new_lot" ? offerNew(hand) : askLot(hand);
}

export function moreInHand(state, event, facts) {
  return quantityInHand(state, { quantity: plus(state.pending?.quantity ?? "0", event.name.slice(1)) }, facts);
}

export function undo(state, _event, facts) {
  if (!facts.last) return refused(state, problem("NothingToUndo"));
  return outcome(GOODS, messages.TAKEN_BACK, {}, "accepted", [{ kind: "undo" }]);
}

export const drop = () => outcome(GOODS, messages.TAKEN_BACK, {});
