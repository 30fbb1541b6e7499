import { plus } from "../decimal.js";

/*
 * What was counted in a place, as entries in their order: one for each scan or typed value.
 *
 *   {lines: [{item, quantity, lot_id, lot, last_day, sscc, is_unexpected}]}   known to this device
 *   {sscc}   a whole logistic unit; what is inside, only the server knows
 *   {raw}    a code that only the server can read, or what followed from one
 */
export const keyOf = ({ item, lot = null, sscc = null }) => `${item.code}|${lot ?? ""}|${sscc ?? ""}`;

/** The entries of the package: its lines by their scans. */
export function entriesOf(lines) {
  const entries = new Map();
  for (const { entry, ...line } of lines) entries.set(entry, [...(entries.get(entry) ?? []), line]);
  return [...entries.values()].map((together) => ({ lines: together }));
}

export const linesIn = (entries) => entries.flatMap(({ lines = [] }) => lines);

/** What was counted last, with how much of it there is in all; null where that is not known. */
export function lastOf(entries) {
  const last = entries.at(-1)?.lines?.at(-1);
  if (!last) return null;
  return { ...last, quantity: totalsOf(entries).get(keyOf(last)).quantity };
}

/** Everything by what it is, the newest last: key -> {item, quantity, ...}. */
export function totalsOf(entries) {
  const totals = new Map();
  for (const line of linesIn(entries)) {
    const key = keyOf(line);
    const before = totals.get(key);
    totals.delete(key);
    totals.set(key, {
      ...line, quantity: before ? plus(before.quantity, line.quantity) : line.quantity,
      is_unexpected: line.is_unexpected || Boolean(before?.is_unexpected),
    });
  }
  return totals;
}
