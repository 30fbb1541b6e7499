import { refused, titleOf } from "../outcomes.js";
import { problem } from "./checks.js";
import { current, inHand, titleOfStop } from "./state.js";

/* What every step refuses in the same words; the same as app/picking/refuse_steps.py. */
const refusing = (name, data = () => ({})) => (state, event, facts) => refused(state, problem(name, data(event, facts, state)));

const TITLES = {
  item: ({ item, lot }) => `${titleOf(item)} ${lot ?? ""}`.trim(),
  lot: ({ item, lot }) => `${titleOf(item)} ${lot.code}`,
  location: ({ code }) => code,
  logistic_unit: ({ sscc }) => sscc,
};

/** What was scanned, in words. */
export const titleOfEvent = (event) => TITLES[event.kind]?.(event) ?? "";

const placeOf = (state, facts) => current(state, facts)?.location ?? facts.staging;

export const locationFirst = refusing("LocationFirst", (event, facts, state) => ({ scanned: titleOfEvent(event), location: placeOf(state, facts) }));
export const locationTwice = refusing("LocationTwice", (_event, facts, state) => ({ location: state.location ?? "", expected: placeOf(state, facts) }));
export const answerFirst = refusing("AnswerFirst", (_event, _facts, state) => ({ location: state.location ?? "" }));

/** These goods were wanted until their order was cancelled or their promise released. */
export function goneProblem(item, lot, facts) {
  const found = facts.gone.find((one) => one.item_id === item && (lot === null || lot === one.lot));
  if (!found) return null;
  const why = `order_line_id=${found.order_line_id}`;
  if (found.is_cancelled) return problem("OrderCancelled", { order: found.order, why });
  return problem("StopReleased", { order: found.order, location: found.location, why });
}

export function stagingWanted(state, event, facts) {
  if (event.kind === "item" || event.kind === "lot") {
    const found = goneProblem(event.item.id, event.kind === "lot" ? event.lot.code : event.lot, facts);
    if (found) return refused(state, found);
  }
  return refused(state, problem("StagingWanted", { scanned: titleOfEvent(event) || "—", staging: facts.staging }));
}

export function handFull(state, _event, facts) {
  const stop = inHand(state, facts);
  return refused(state, problem("HandFull", { item: stop ? titleOfStop(stop) : "", cart: stop?.cart || facts.staging }));
}

export const scanFirst = refusing("ScanFirst");

export function refuseDocument(state, event, facts) {
  const { number, document, id } = event;
  if (document === "pick" && id === facts.pick_id) return refused(state, problem("DocumentIsThis", { number }));
  return refused(state, problem("DocumentIsOther", { number, kind: document, document_id: id }));
}

export const refusePartner = refusing("NotGoods", ({ name }) => ({ raw: name }));
export const refuseInvoice = refusing("NotGoods", ({ number }) => ({ raw: number }));
export const refuseBadge = refusing("BadgeNotHere");
export const refuseUnreadable = refusing("UnreadableCode", ({ text, reason }) => ({ raw: text, reason }));
export const refuseUnknown = refusing("UnknownCode", ({ text }) => ({ raw: text }));
export const refuseCommand = refusing("CommandNotHere", ({ name }) => ({ name: name.slice(0, 40) }));
export const refuseClosed = refusing("PickClosed", (_event, facts) => ({ number: String(facts.pick_id) }));
