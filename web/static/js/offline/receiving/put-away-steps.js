import { compare, fits, plain } from "../decimal.js";
import rules from "../generated/receiving.js";
import { message, refused, titleOf } from "../outcomes.js";
import { problem } from "./checks.js";
import { refuseClosed } from "./refuse-steps.js";

/* The steps of putting away; the same as app/receiving/put_away_steps.py. */
const { messages } = rules;
const at = (step, carried = null) => ({ step, pending: null, put_away: carried });
const outcome = (state, said, tone = "accepted", intents = []) => ({ state, message: said, tone, intents });

export function begin(state, _event, { holdings }) {
  if (!holdings.length) return refused(state, problem("NothingOnDock"));
  return outcome(at("scan_put_away_item"), message(messages.BEGIN));
}

export function end(state, event, facts) {
  if (facts.closed) return refuseClosed(state, event, facts);
  return outcome(at("scan_item"), message(messages.RECEIVING));
}

export function takeItem(state, { item, lot }, facts) {
  let holdings = facts.holdings.filter((held) => held.item.id === item.id);
  if (lot !== null) holdings = holdings.filter((held) => held.lot === lot);
  if (!holdings.length) return refused(state, problem("NotOnDock", { item: `${titleOf(item)} ${lot ?? ""}`.trim() }));
  const lots = [...new Set(holdings.map((held) => held.lot ?? ""))].sort();
  if (lots.length > 1) return refused(state, problem("WhichLot", { item: titleOf(item), lots: lots.slice(0, 5).join(", ") }));
  return carry(holdings[0]);
}

export function takeLot(state, { item, lot }, facts) {
  const held = facts.holdings.find((one) => one.lot_id === lot.id);
  return held ? carry(held) : refused(state, problem("NotOnDock", { item: `${titleOf(item)} ${lot.code}` }));
}

function carry(holding) {
  const carried = { holding, quantity: holding.quantity, chosen: null };
  return outcome(at("scan_put_away_location", carried), whither(carried));
}

function whither({ holding, quantity }) {
  const item = `${titleOf(holding.item)} ${holding.lot ?? ""}`.trim();
  const values = { item, quantity: plain(quantity), unit: holding.item.base_unit, location: holding.location ?? "" };
  return message(holding.location ? messages.GO : messages.GO_ANYWHERE, values);
}

/** The suggested place, or the same other place twice. */
export function takeLocation(state, event) {
  const carried = state.put_away;
  if (event.place !== "storage" || !event.is_active) return refused(state, problem("NotAStorageLocation", { location: event.code }));
  const suggested = carried.holding.location_id;
  if (suggested === null || suggested === event.id || carried.chosen?.id === event.id) return put(carried, event);
  const { id, code, place: kind, store_id = 0, is_active } = event;
  const chosen = { id, code, kind, store_id, is_active };
  return outcome(at("confirm_location", { ...carried, chosen }), message(messages.OTHER_PLACE, { chosen: event.code }), "attention");
}

export const confirm = (state) => put(state.put_away, state.put_away.chosen);

function put({ holding, quantity }, place) {
  const values = { item: titleOf(holding.item), quantity: plain(quantity), unit: holding.item.base_unit, location: place.code };
  const move = { kind: "move_in", holding, quantity, location_id: place.id, location: place.code };
  return outcome(at("scan_put_away_item"), message(messages.PUT, values), "accepted", [move]);
}

/** Part of it goes to this place, the rest stays on the dock for another. */
export function setQuantity(state, { quantity }) {
  const { holding } = state.put_away;
  const { item } = holding;
  if (compare(quantity, "0") <= 0) return refused(state, problem("QuantityNotPositive"));
  const named = { item: titleOf(item), unit: item.base_unit };
  const wanted = plain(quantity).slice(0, 40);
  if (compare(quantity, holding.quantity) > 0) return refused(state, problem("NotThatMuchHere", { ...named, there: plain(holding.quantity), wanted }));
  if (!fits(quantity, item.decimals)) return refused(state, problem("QuantityTooFine", { ...named, decimals: item.decimals, quantity: wanted }));
  const changed = { ...state.put_away, quantity };
  return outcome({ ...state, put_away: changed }, whither(changed));
}

export function drop(state) {
  return outcome(at("scan_put_away_item"), message(messages.LET_GO, { item: titleOf(state.put_away.holding.item) }), "attention");
}

export function chooseAgain(state) {
  const carried = { ...state.put_away, chosen: null };
  return outcome(at("scan_put_away_location", carried), whither(carried), "attention");
}

export function otherItem(state, { item }) {
  const held = state.put_away.holding;
  if (item.id === held.item.id) return refused(state, problem("PlaceWanted", { item: titleOf(held.item) }));
  return refused(state, problem("OtherItemInHand", { scanned: titleOf(item), expected: titleOf(held.item) }));
}

export function otherLot(state, { item, lot }) {
  const held = state.put_away.holding;
  if (lot.id === held.lot_id) return refused(state, problem("PlaceWanted", { item: titleOf(held.item) }));
  return refused(state, problem("OtherItemInHand", { scanned: `${titleOf(item)} ${lot.code}`, expected: titleOf(held.item) }));
}

/** OK says nothing about the place: it has to be scanned. */
export const remind = (state) => outcome(state, whither(state.put_away), "attention");
