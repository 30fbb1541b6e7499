import rules from "../generated/counting.js";
import { message, refused } from "../outcomes.js";
import { locationFirst, problem } from "./refuse-steps.js";

/* The place: stood in front of, found empty, finished; the same as app/counting/place_steps.py. */
const { messages } = rules;
const outcome = (step, text, { place: { location } }, intents = []) => ({
  state: { step, pending: null }, message: message(text, { location }), tone: "accepted", intents,
});

export function arrive(state, event, facts) {
  if (event.id !== facts.place.location_id) return locationFirst(state, event, facts);
  return outcome("scan_goods", messages.HERE, facts);
}

export function stay(state, event, facts) {
  const { location_id: id, location } = facts.place;
  if (event.id !== id) return refused(state, problem("OtherLocation", { given: event.code, location }));
  return outcome("scan_goods", messages.HERE, facts);
}

export function empty(state, _event, facts) {
  if (facts.lines) return refused(state, problem("NotEmpty", { location: facts.place.location }));
  return outcome("done", messages.EMPTY, facts, [{ kind: "finish", is_empty: true }]);
}

export function finish(state, _event, facts) {
  if (!facts.lines) return refused(state, problem("NothingSeen", { location: facts.place.location }));
  return outcome("done", messages.FINISHED, facts, [{ kind: "finish", is_empty: false }]);
}
