import { resolve } from "../scanning/resolve.js";
import { numberOf } from "../typed.js";
import { problem } from "./checks.js";

/**
 * What a command of the outbox means to the flow, as app/picking/scans.py reads it; `{problem}`
 * where it means nothing, `{kind: "server"}` where only the server knows.
 */
export function eventOf(tally, kind, given) {
  return READERS[kind]?.(tally, given) ?? { kind: "server" };
}

const READERS = { scans: scanned, quantity: typed, commands: pressed, undo: () => ({ kind: "command", name: "UNDO" }), shortages: shortened };

const asEvent = (event) => (event.kind === "command" && event.name === "OK" ? { kind: "none" } : event);

function scanned({ goods, state, today }, given) {
  const code = given.get("code") ?? "";
  if (!code.trim()) return { problem: problem("NothingScanned") };
  const meaning = resolve(code, goods, { today, item_id: state.item_id });
  return { ...asEvent(meaning), raw: code };
}

function pressed(_tally, given) {
  return asEvent({ kind: "command", name: (given.get("button") ?? "").toUpperCase().slice(0, 40) });
}

function typed(_tally, given) {
  const text = given.get("quantity") ?? "";
  const quantity = numberOf(text);
  return quantity === null ? { problem: problem("NotANumber", { given: text.slice(0, 40) }) } : { kind: "quantity", quantity };
}

/** Another place is looked for by the server, so the flow's answer is not all of it. */
function shortened(_tally, given) {
  return { kind: "typed_short", task_id: Number(given.get("task_id")), reason: given.get("reason") ?? "" };
}
