import { occurredAt } from "./moment.js";
import { uuid7 } from "./uuid7.js";

/** What every command carries; made once, at the trigger, and never again on a resend. */
export function stamp() {
  return { command_id: uuid7(), occurred_at: occurredAt() };
}

/**
 * A command ready for the outbox: plain data, so that any store can keep it.
 * `fields` are [name, value] pairs; the CSRF token is not among them, it is added at each sending
 * because a command can outlive the session that made it.  The outbox adds who made it and where.
 */
export function command({ url, fields, target = "#step", kind = "form", ...more }, made = stamp()) {
  const plain = fields.map(([name, value]) => [name, `${value}`]);
  return { ...made, ...more, url, kind, target, fields: plain };
}

/** Of a kept command, what the server is told beside its fields; those without a value are not. */
const TOLD = [
  "command_id", "occurred_at", "installation", "sequence", "user", "retry_of", "told",
];

/** The form-encoded body of a command; the moment of sending tells how far the clock is off. */
export function bodyOf(entry, token, now = occurredAt()) {
  const body = new URLSearchParams(entry.fields);
  for (const name of TOLD) if (entry[name]) body.set(name, String(entry[name]));
  body.set("sent_at", now);
  body.set("_csrf", token);
  return body;
}
