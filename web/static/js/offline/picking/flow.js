import rules from "../generated/picking.js";
import scanning from "../generated/scanning.js";
import * as hand from "./hand-steps.js";
import * as refuse from "./refuse-steps.js";
import * as swap from "./swap-steps.js";
import * as take from "./take-steps.js";
import * as walk from "./walk-steps.js";

const PARTS = { hand, refuse, swap, take, walk };
const MORE = new RegExp(`^(?:${scanning.patterns.step})$`);
const camelled = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The kind of an event, by which the table knows it. */
export function kindOf(event) {
  if (event.kind !== "command") return event.kind;
  return MORE.test(event.name) ? "more" : (rules.commands[event.name] ?? "command");
}

/**
 * What an event leads to, by the server's own table (app/picking/flow.py).
 *
 * state  as the server keeps it, see state.js
 * event  a meaning of ../scanning/resolve.js, or quantity, typed_short, none
 * facts  {pick_id, kind, closed, staging_id, staging, stops, others, gone, last, policy}
 */
export function step(state, event, facts) {
  const now = walk.settled(state, facts);
  const [part, name] = rules.table[now.step][kindOf(event)].split(".");
  return PARTS[part][camelled(name)](now, event, facts);
}
