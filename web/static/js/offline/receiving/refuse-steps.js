import { refused, titleOf } from "../outcomes.js";
import { datesFilled, problem } from "./checks.js";

/* What every step refuses in the same words; the same as app/receiving/refuse_steps.py. */

const refusing = (name, data = () => ({})) => (state, event, facts) => refused(state, problem(name, data(event, facts, state)));

export function otherItem(state, event) {
  return refused(state, problem("OtherItemInHand", { scanned: titleOf(event.item), expected: titleOf(state.pending.item) }));
}

export function otherLot(state, event) {
  const scanned = `${titleOf(event.item)} ${event.lot.code}`;
  return refused(state, problem("OtherItemInHand", { scanned, expected: titleOf(state.pending.item) }));
}

export const refuseQuantity = refusing("NothingToCorrect");
export const refuseLocation = refusing("LocationNotNow", ({ code }) => ({ location: code }));
export const refuseLogisticUnit = refusing("LogisticUnitNotHere", ({ sscc }) => ({ sscc }));

export function refuseDocument(state, event, facts) {
  const here = { receipt: facts.receipt_id, purchase_order: facts.order_id };
  if (here[event.document] === event.id) return refused(state, problem("DocumentIsThis", { number: event.number }));
  return refused(state, problem("DocumentIsOther", { number: event.number, kind: event.document, document_id: event.id }));
}

export const refusePartner = refusing("NotGoods", ({ name }) => ({ raw: name }));
export const refuseBadge = refusing("BadgeNotHere");
export const refuseUnreadable = refusing("UnreadableCode", ({ text, reason }) => ({ raw: text, reason }));

export function refuseUnknown(state, event, facts) {
  if (event.barcode === null) return refused(state, problem("UnknownCode", { raw: event.text, barcode: "" }));
  const name = facts.policy.link_barcode ? "UnknownBarcode" : "UnknownBarcodeAsk";
  return refused(state, problem(name, { raw: event.text, barcode: event.barcode }));
}

export const refuseCommand = refusing("CommandNotHere", ({ name }) => ({ name: name.slice(0, 40) }));
export const refuseTyped = refusing("TypedNotHere", ({ code, dates }) => ({ given: code ?? Object.values(datesFilled(dates, {})).filter(Boolean).join(", ") }));

/** Turning away with goods in hand would lose them. */
export const refuseTurn = refusing("GoodsStillInHand", (_event, _facts, state) => {
  const item = state.pending?.item ?? state.put_away?.holding.item;
  return { expected: item ? titleOf(item) : "" };
});

export const refuseClosed = refusing("ReceiptClosed", (_event, facts) => ({ number: String(facts.receipt_id) }));
