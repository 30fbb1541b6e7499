import { plain, plus } from "../decimal.js";
import rules from "../generated/receiving.js";
import { message, refused, titleOf } from "../outcomes.js";
import { saidQuantity } from "../weights.js";
import * as checks from "./checks.js";
import { problem } from "./checks.js";
import { otherItem, refuseClosed, refuseUnknown, refuseUnreadable } from "./refuse-steps.js";

/* The steps of receiving; the same as app/receiving/receive_steps.py. */
const { messages } = rules;
const START = { step: "scan_item", pending: null, put_away: null };
const NO_DATES = { produced_on: null, best_before_on: null, expires_on: null };
const at = (step, pending) => ({ step, pending, put_away: null });
const outcome = (state, said, tone = "accepted", intents = []) => ({ state, message: said, tone, intents });
const attention = (state, text, values) => outcome(state, message(text, values), "attention");

function pendingOf(fields) {
  return { packaging: null, quantity: null, lot: null, dates: NO_DATES, known: null, replaces: null, deviations: [], accepted: false, ...fields };
}

/** Ask for what is missing, refuse what cannot be, ask about what differs, else book it. */
function settle(state, given, facts) {
  let pending = completed(given);
  const asked = notOrdered(state, pending, facts) ?? missing(pending);
  if (asked) return asked;
  if (pending.quantity === null) pending = { ...pending, quantity: checks.usualQuantity(pending) };
  const wrong = checks.dateProblem(pending, facts.today) ?? checks.quantityProblem(pending, facts);
  return wrong ? refused(state, wrong) : weighDeviations(state, pending, facts);
}

function completed(pending) {
  const dates = pending.known ? checks.datesFilled(pending.dates, checks.datesOf(pending.known)) : pending.dates;
  return { ...pending, dates: checks.completedDates(pending.item, dates) };
}

const same = (one, other) => one.text === other.text && JSON.stringify(one.values) === JSON.stringify(other.values);

/** Nobody should look for the lot of goods that are not wanted. */
function notOrdered(state, pending, facts) {
  const found = checks.unexpected(pending, facts);
  if (!found || (pending.accepted && pending.deviations.some((one) => same(one, found)))) return null;
  if (found.name) return refused(state, found);
  return outcome(at("confirm_deviation", { ...pending, deviations: [found], accepted: false }), found, "attention");
}

/** The step that asks for what the goods in hand lack, null when nothing does. */
function missing(pending) {
  const { item, lot, dates, quantity } = pending;
  const values = { item: titleOf(item), lot: lot ?? "", unit: item.base_unit };
  if (item.tracking !== "none" && lot === null) {
    return attention(at("scan_lot", pending), item.tracking === "serial" ? messages.WANTS_SERIAL : messages.WANTS_LOT, values);
  }
  if (item.expiry_rule !== "none" && !checks.deadline(item, dates)) return attention(at("enter_expiry", pending), messages.WANTS_DATE, values);
  if (item.catch_weight && quantity === null) return attention(at("enter_quantity", pending), messages.WANTS_WEIGHT, values);
  return null;
}

function weighDeviations(state, pending, facts) {
  const found = checks.deviationsOf(pending, facts);
  const wrong = found.find((one) => one.name);
  if (wrong) return refused(state, wrong);
  // What was accepted is accepted; something new that differs is asked for anew.
  const known = pending.accepted && found.length === pending.deviations.length && found.every((one, place) => same(one, pending.deviations[place]));
  if (found.length && !known) {
    return outcome(at("confirm_deviation", { ...pending, deviations: found, accepted: false }), found[0], "attention");
  }
  return booked(pending);
}

function booked(pending) {
  const values = { item: titleOf(pending.item), quantity: plain(pending.quantity), unit: pending.item.base_unit };
  if (pending.replaces !== null) {
    return outcome(START, message(messages.CORRECTED, values), "accepted", [{ kind: "replace", line_id: pending.replaces, pending }]);
  }
  return outcome(START, message(messages.RECEIVED, values), "accepted", [{ kind: "receive", pending }]);
}

// Goods

export function takeItem(state, event, facts) {
  const wrong = event.lot === null ? null : checks.lotProblem(event.lot);
  if (wrong) return refused(state, wrong);
  const { item, key, packaging, lot, dates, known } = event;
  return settle(state, pendingOf({ item, key, packaging, quantity: saidQuantity(event), lot, dates, known }), facts);
}

export function takeLotOfItem(state, { item, lot }, facts) {
  return settle(state, pendingOf({ item, key: lot.code, lot: lot.code, known: lot }), facts);
}

// Lot

export function lotWithItem(state, event, facts) {
  const { pending } = state;
  if (event.item.id !== pending.item.id) return otherItem(state, event);
  if (event.lot === null) {
    return refused(state, problem(pending.item.tracking === "serial" ? "SerialWanted" : "LotWanted", { item: titleOf(pending.item) }));
  }
  const wrong = checks.lotProblem(event.lot);
  if (wrong) return refused(state, wrong);
  const dates = checks.datesFilled(event.dates, pending.dates);
  const hasQuantity = pending.quantity !== null && plain(pending.quantity) !== "0";
  const quantity = hasQuantity ? pending.quantity : saidQuantity(event);
  return settle(state, { ...pending, lot: event.lot, known: event.known, dates, quantity }, facts);
}

export function knownLot(state, { item, lot }, facts) {
  // The number of another item's lot says nothing about this one's lots.
  return withLot(state, facts, lot.code, item.id === state.pending.item.id ? lot : null);
}

/** Any other text read while a lot is wanted is the lot, unless it is a product's number. */
export function newLot(state, event, facts) {
  if (event.kind === "unreadable") return refuseUnreadable(state, event, facts);
  if (event.kind === "unknown" && event.is_gtin) return refused(state, problem("NotALot", { raw: event.text }));
  return withLot(state, facts, event.text, null);
}

export function typedLot(state, event, facts) {
  return withLot(state, facts, event.code.trim(), event.known);
}

function withLot(state, facts, code, known) {
  const wrong = checks.lotProblem(code);
  return wrong ? refused(state, wrong) : settle(state, { ...state.pending, lot: code, known }, facts);
}

// Dates and weight

export function typedDates(state, { dates }, facts) {
  return settle(state, { ...state.pending, dates: checks.datesFilled(dates, state.pending.dates) }, facts);
}

export function datesWithItem(state, event, facts) {
  const { pending } = state;
  if (event.item.id !== pending.item.id) return otherItem(state, event);
  if (!checks.deadline(pending.item, checks.completedDates(pending.item, event.dates))) {
    return refused(state, problem("ExpiryWanted", { item: titleOf(pending.item) }));
  }
  if (event.lot !== null && event.lot !== pending.lot) {
    const [scanned, expected] = [`${titleOf(event.item)} ${event.lot}`, `${titleOf(pending.item)} ${pending.lot}`];
    return refused(state, problem("OtherItemInHand", { scanned, expected }));
  }
  return settle(state, { ...pending, dates: checks.datesFilled(event.dates, pending.dates) }, facts);
}

export function weightWithItem(state, event, facts) {
  const { pending } = state;
  if (event.item.id !== pending.item.id) return otherItem(state, event);
  const quantity = saidQuantity(event);
  if (quantity === null) return refused(state, problem("QuantityWanted", { item: titleOf(pending.item), unit: pending.item.base_unit }));
  return settle(state, { ...pending, quantity }, facts);
}

// Quantity

export function typedQuantity(state, { quantity }, facts) {
  return settle(state, { ...state.pending, quantity, packaging: null, accepted: false }, facts);
}

export const correctQuantity = (state, event, facts) => correct(state, facts, event.quantity);

export function addQuantity(state, event, facts) {
  return correct(state, facts, plus(facts.last?.quantity ?? "0", event.name.slice(1)));
}

function correct(state, facts, quantity) {
  const { last } = facts;
  if (last?.kind !== "received") return refused(state, problem("NothingToCorrect"));
  if (last.item.tracking === "serial") return refused(state, problem("SerialsComeSingly", { item: titleOf(last.item) }));
  if (plain(last.put_away) !== "0") return refused(state, problem("AlreadyMovedOn", { item: titleOf(last.item) }));
  const { item, lot, id } = last;
  return settle(state, pendingOf({ item, key: `line ${id}`, quantity, lot: lot?.code ?? null, known: lot, replaces: id }), facts);
}

// Deviations

export function confirm(state, _event, facts) {
  return settle(state, { ...state.pending, accepted: true }, facts);
}

export function confirmOrTake(state, event, facts) {
  const { pending } = state;
  if (event.key === pending.key || completes(event, pending)) return confirm(state, event, facts);
  return instead(pending, takeItem(START, event, facts));
}

/** The item's code again, where the lot came from a second code. */
function completes(event, pending) {
  const samePack = (event.packaging?.id ?? null) === (pending.packaging?.id ?? null);
  return event.item.id === pending.item.id && samePack && (event.lot === null || event.lot === pending.lot);
}

export function confirmLot(state, event, facts) {
  const { pending } = state;
  if (event.item.id === pending.item.id && event.lot.code === pending.lot) return confirm(state, event, facts);
  return instead(pending, takeLotOfItem(START, event, facts));
}

export function confirmText(state, event, facts) {
  return event.text === state.pending.lot ? confirm(state, event, facts) : refuseUnknown(state, event, facts);
}

/** A scan that pushed other goods out of hand says so. */
function instead(dropped, result) {
  return { ...result, tone: "attention", also: message(messages.DROPPED, { item: titleOf(dropped.item) }) };
}

// Undo, labels, pause

export const undo = (state) => outcome(state, message(messages.UNDONE), "accepted", [{ kind: "undo" }]);
export const drop = (state) => attention(START, messages.DROPPED, { item: titleOf(state.pending.item) });

export function offerLabel(state, _event, { last }) {
  if (!last) return refused(state, problem("NothingToCorrect"));
  return outcome(state, message(messages.CHOSEN_LABEL), "accepted", [{ kind: "print", item_id: last.item.id, lot_id: last.lot_id }]);
}

export function pause(state, event, facts) {
  if (facts.closed) return refuseClosed(state, event, facts);
  return outcome(state, message(messages.PAUSED), "attention", [{ kind: "pause" }]);
}

export function askToClose(state, event, facts) {
  if (facts.closed) return refuseClosed(state, event, facts);
  return outcome(state, message(messages.CLOSE), "attention", [{ kind: "ask_to_close" }]);
}

export function noteInvoice(state, { number, amount }) {
  const said = message(messages.INVOICE, { number, amount: plain(amount) });
  return outcome(state, said, "accepted", [{ kind: "note_invoice", number, amount }]);
}

export function offerCandidates(state, { text, candidates }) {
  const said = message(messages.FOUND, { count: String(candidates.length), text });
  return { ...outcome(state, said, "attention"), candidates };
}

/** OK where nothing waits for it: the screen says again what is wanted. */
export function remind(state) {
  const asked = state.pending && missing(completed(state.pending));
  return asked ? { ...asked, state } : attention(state, messages.NOTHING_WAITS);
}
