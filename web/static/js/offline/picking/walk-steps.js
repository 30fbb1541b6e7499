import { compare, plain } from "../decimal.js";
import rules from "../generated/picking.js";
import { message, refused } from "../outcomes.js";
import { problem, swapProblem, whyOf } from "./checks.js";
import { answerFirst, stagingWanted } from "./refuse-steps.js";
import { current, least, openOf, standing, stateAt, titleOfStop } from "./state.js";

/* The steps of the way; the same as app/picking/walk_steps.py. */
const { messages } = rules;
const outcome = (state, said, tone = "accepted", intents = []) => ({ state, message: said, tone, intents });
const attention = (state, said, ...intents) => outcome(state, said, "attention", intents);

/** The state as it is now: stops may have come or gone since the last scan. */
export function settled(state, { stops }) {
  if (state.step === "scan_staging" && stops.length) return stateAt("scan_location", { item_id: stops[0].item.id });
  const walking = ["scan_location", "scan_item", "confirm_location"].includes(state.step);
  return walking && !stops.length ? stateAt("scan_staging") : state;
}

/** Where to go with these stops left: further here, to the next place, or to the end. */
export function onward(state, stops) {
  if (!stops.length) return stateAt("scan_staging");
  const here = stops.filter((stop) => stop.location_id === state.location_id);
  if (!here.length) return stateAt("scan_location", { item_id: stops[0].item.id });
  const confirmed = here.some((stop) => stop.balance_id === state.confirmed) ? state.confirmed : null;
  return standing("scan_item", state.location_id, state.location, confirmed, here[0].item.id);
}

export function saidOf(stop, quantity = null) {
  return {
    item: titleOfStop(stop), quantity: plain(quantity ?? openOf(stop)), unit: stop.item.base_unit,
    location: stop.location, cart: stop.cart ?? "",
  };
}

/** A place of the pick, in whatever order the person walks; or one with the same goods. */
export function goTo(state, event, facts) {
  const here = facts.stops.filter((stop) => stop.location_id === event.id);
  if (here.length) {
    return outcome(standing("scan_item", event.id, event.code, null, here[0].item.id), message(messages.ARRIVED, saidOf(here[0])));
  }
  const stop = current(state, facts);
  if (!stop) return stagingWanted(state, event, facts);
  const { others } = facts;
  const at = (wanted) => others.filter((other) => other.location_id === event.id && other.item_id === wanted.item.id);
  const beside = [stop, ...facts.stops].flatMap((wanted) => at(wanted).map((other) => [wanted, other]));
  if (beside.length) return askForPlace(state, facts, event, beside);
  return refused(state, problem("WrongLocation", { scanned: event.code, expected: stop.location, why: whyOf(stop) }));
}

function askForPlace(state, facts, { id, code }, beside) {
  const tried = beside.map(([stop, other]) => [stop, swapProblem(facts, stop, other, least(openOf(stop), "1"))]);
  const fine = tried.find(([, found]) => found === null);
  if (!fine) return refused(state, tried[0][1]);
  const [stop] = fine;
  const said = { ...saidOf(stop), expected: stop.location, location: code };
  return attention(standing("confirm_location", id, code, null, stop.item.id), message(messages.OTHER_PLACE, said));
}

export function confirmLocation(state, event, facts) {
  return event.id === state.location_id ? standHere(state, event, facts) : goTo(state, event, facts);
}

/** The other place was accepted: its goods may take the place of the promised ones. */
export function standHere(state, _event, facts) {
  const next = standing("scan_item", state.location_id, state.location, null, state.item_id);
  const stop = current(next, facts);
  return outcome(next, message(messages.ARRIVED, { ...(stop ? saidOf(stop) : {}), location: state.location ?? "" }));
}

/** OK where nothing waits for it: the screen says again what is wanted. */
export function remind(state, _event, facts) {
  const stop = current(state, facts);
  if (!stop) return attention(state, message(messages.BRING, { location: facts.staging }));
  const said = saidOf(stop);
  if (state.step === "scan_location") return attention(state, message(messages.GO, said));
  return attention(state, message(messages.ARRIVED, { ...said, location: state.location || said.location }));
}

/** The stop on the screen goes to the end of the way. */
export function skip(state, _event, facts) {
  const stop = current(state, facts);
  const rest = facts.stops.filter((other) => other !== stop);
  if (!stop || !rest.length) return refused(state, problem("NothingElse"));
  return attention(onward(state, rest), message(messages.SKIPPED, saidOf(stop)), { kind: "skip", stop });
}

export const askShort = (state) => attention(state, message(messages.WHY_SHORT), { kind: "ask_short" });

/** The rest of the stop is not there. */
export function shorten(state, event, facts) {
  const stop = facts.stops.find(({ shares }) => shares.some((share) => share.task_id === event.task_id && share.is_open));
  if (!stop) return refused(state, problem("StopSettled"));
  const rest = facts.stops.filter((other) => other !== stop);
  return attention(onward(state, rest), message(messages.SHORTENED, saidOf(stop)), { kind: "short", stop, reason: event.reason });
}

export function isEmpty(state, _event, facts) {
  return outcome(onward(state, facts.stops), message(messages.EMPTY, { location: state.location ?? "" }));
}

export function isNotEmpty(state, _event, facts) {
  return attention(onward(state, facts.stops), message(messages.NOT_EMPTY, { location: state.location ?? "" }), { kind: "not_empty" });
}

/** How much still lies there, typed: nothing is yes. */
export function leftThere(state, event, facts) {
  return compare(event.quantity, "0") > 0 ? isNotEmpty(state, event, facts) : isEmpty(state, event, facts);
}

export function samePlaceIsYes(state, event, facts) {
  return event.id === state.location_id ? isEmpty(state, event, facts) : answerFirst(state, event, facts);
}

export function bring(state, event, facts) {
  return event.id === facts.staging_id ? close(state, event, facts) : stagingWanted(state, event, facts);
}

/** Everything is taken: done.  Else what is left has to be looked at. */
export function close(state, _event, facts) {
  if (facts.stops.length) return attention(state, message(messages.LEFT), { kind: "ask_to_close" });
  return outcome(stateAt("done"), message(messages.CLOSED, { location: facts.staging }), "accepted", [{ kind: "close" }]);
}

export const pause = (state) => attention(state, message(messages.PAUSED), { kind: "pause" });

/** Take back the last entry; the goods go back where they were. */
export function undo(state, _event, { last }) {
  if (!last) return refused(state, problem("NothingToUndo"));
  return attention(standing("scan_item", last.location_id, last.location, null, null), message(messages.UNDONE), { kind: "undo" });
}

/** What is in hand or was asked was not booked: it is simply let go. */
export function drop(state, _event, facts) {
  const stop = current(state, facts);
  return attention(onward(state, facts.stops), message(messages.DROPPED, { item: stop ? titleOfStop(stop) : "" }));
}

export function leavePlace(state, _event, facts) {
  const next = stateAt("scan_location", { item_id: state.item_id });
  const stop = current(next, facts);
  return attention(next, stop ? message(messages.GO, saidOf(stop)) : message(messages.BRING, { location: facts.staging }));
}

export function offerCandidates(state, { candidates, text }) {
  return { ...attention(state, message(messages.FOUND, { count: String(candidates.length), text })), candidates };
}
