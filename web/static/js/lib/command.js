import { keep, recall } from "./kept.js";
import { occurredAt } from "./moment.js";
import { uuid7 } from "./uuid7.js";

/** The next number of this device: 1, 2, 3 ...; the server sees from a gap that one is missing. */
export function nextSequence() {
  const next = (Number.parseInt(recall("saoku.sequence", "0"), 10) || 0) + 1;
  keep("saoku.sequence", String(next));
  return next;
}

/** What every command carries; made once, at the trigger, and never again on a resend. */
export function stamp() {
  return { command_id: uuid7(), occurred_at: occurredAt(), sequence: nextSequence() };
}

/**
 * A command ready for the outbox: plain data, so that any store can keep it.
 * `fields` are [name, value] pairs; the CSRF token is not among them, it is added at each sending
 * because a command can outlive the session that made it.
 */
export function command({ url, fields, target = "#step", kind = "form" }, made = stamp()) {
  return { ...made, url, kind, target, fields: fields.map(([name, value]) => [name, `${value}`]) };
}

/** The form-encoded body of a command. */
export function bodyOf(entry, token) {
  const body = new URLSearchParams(entry.fields);
  body.set("command_id", entry.command_id);
  body.set("occurred_at", entry.occurred_at);
  body.set("sequence", String(entry.sequence));
  body.set("_csrf", token);
  return body;
}
