import rules from "../generated/receiving.js";
import scanning from "../generated/scanning.js";
import * as putAway from "./put-away-steps.js";
import * as receive from "./receive-steps.js";
import * as refuse from "./refuse-steps.js";

const PARTS = { receive, refuse, put_away: putAway };
const MORE = new RegExp(`^(?:${scanning.patterns.step})$`);
const camelled = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The kind of an event, by which the table knows it. */
export function kindOf(event) {
  if (event.kind !== "command") return event.kind;
  return MORE.test(event.name) ? "more" : (rules.commands[event.name] ?? "command");
}

/**
 * What an event leads to, by the server's own table (app/receiving/flow.py).
 *
 * state  {step, pending, put_away} as the server keeps it
 * event  a meaning of ../scanning/resolve.js, or quantity, typed_lot, typed_dates, turn, none
 * facts  {today, receipt_id, order_id, closed, lines, last, holdings, policy}
 */
export function step(state, event, facts) {
  const [part, name] = rules.table[state.step][kindOf(event)].split(".");
  return PARTS[part][camelled(name)](state, event, facts);
}
