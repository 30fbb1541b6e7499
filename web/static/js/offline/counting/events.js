import { resolve, tidied } from "../scanning/resolve.js";
import { dayOf, numberOf } from "../typed.js";
import rules from "../generated/counting.js";
import { problem } from "./refuse-steps.js";

const NO_DATES = { produced_on: null, best_before_on: null, expires_on: null };

/**
 * What a command of the outbox means to the flow, as app/counting/scans.py reads it; `{problem}`
 * where it means nothing, `{kind: "server"}` where only the server knows.
 */
export function eventOf(tally, kind, given) {
  return READERS[kind]?.(tally, given) ?? { kind: "server" };
}

const READERS = { scans: scanned, quantity: typed, lot: typedLot, commands: pressed };

function scanned({ goods, state, today }, given) {
  const code = given.get("code") ?? "";
  if (!code.trim()) return { problem: problem("NothingScanned") };
  return { ...resolve(code, goods, { today, item_id: state.pending?.item.id ?? null }), raw: code };
}

function pressed(_tally, given) {
  return { kind: "command", name: (given.get("button") ?? "").toUpperCase().slice(0, 40) };
}

function typed(_tally, given) {
  const text = given.get("quantity") ?? "";
  const quantity = numberOf(text);
  return quantity === null ? { problem: problem("NotANumber", { given: text.slice(0, 40) }) } : { kind: "quantity", quantity };
}

function typedLot({ state: { pending }, goods }, given) {
  if (!pending) return { problem: problem("GoodsFirst") };
  const { item } = pending;
  const code = [...tidied(given.get("lot") ?? "")].slice(0, rules.longestLot).join("") || (pending.lot ?? "");
  if (!code) return { problem: problem("LotWanted", { item: `${item.name} ${item.specification}`.trim() }) };
  const text = given.get("expires_on") ?? "";
  const day = dayOf(text);
  if (day === undefined) return { problem: problem("NotADate", { given: text.slice(0, 40) }) };
  const name = item.expiry_rule === "best_before_on" ? "best_before_on" : "expires_on";
  return { kind: "typed_lot", code, raw: code, known: goods.lots.get(`${item.id} ${code}`) ?? null, dates: { ...NO_DATES, [name]: day } };
}
