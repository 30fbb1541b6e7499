import rules from "../generated/counting.js";
import scanning from "../generated/scanning.js";
import * as goods from "./goods-steps.js";
import * as place from "./place-steps.js";
import * as refuse from "./refuse-steps.js";

const PARTS = { goods, place, refuse };
const MORE = new RegExp(`^(?:${scanning.patterns.step})$`);
const camelled = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The kind of an event, by which the table knows it. */
export function kindOf(event) {
  if (event.kind !== "command") return event.kind;
  return MORE.test(event.name) ? "more" : (rules.commands[event.name] ?? "command");
}

/**
 * What an event leads to, by the server's own table (app/counting/flow.py).
 *
 * state  {step, pending}, as the server keeps it
 * event  a meaning of ../scanning/resolve.js, or quantity, typed_lot
 * facts  {place, closed, last, lines, on_books, elsewhere, unit, unit_seen}
 */
export function step(state, event, facts) {
  const [part, name] = rules.table[facts.closed ? "done" : state.step][kindOf(event)].split(".");
  return PARTS[part][camelled(name)](state, event, facts);
}
