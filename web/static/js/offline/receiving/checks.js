import { compare, cut, fits, minus, plain, plus, sum, times } from "../decimal.js";
import rules from "../generated/receiving.js";
import { message, problemsOf, titleOf } from "../outcomes.js";

/* What is plausible about goods that come in; the same as app/receiving/checks.py. */
const { messages } = rules;
const NO_DATES = { produced_on: null, best_before_on: null, expires_on: null };

export const problem = problemsOf(rules);
export const datesFilled = (dates, other) => Object.fromEntries(Object.keys(NO_DATES).map((name) => [name, dates[name] ?? other[name] ?? null]));
export const datesOf = (lot) => datesFilled(lot, {});

export function addDays(day, days) {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** One piece or one pack. */
export function usualQuantity({ packaging, item }) {
  return !packaging || item.tracking === "serial" ? "1" : packaging.quantity;
}

export function lotProblem(code) {
  const letters = [...code];
  const printable = !letters.some((letter) => /[\p{C}\p{Z}]/u.test(letter) && letter !== " ");
  const fine = letters.length >= 1 && letters.length <= rules.longestLot && printable && code === code.trim();
  return fine ? null : problem("LotUnusable", { lot: letters.slice(0, rules.longestLot + 1).join(""), most: rules.longestLot });
}

/** With the date that follows from production and shelf life, where only these are known. */
export function completedDates(item, dates) {
  if (item.expiry_rule === "none" || deadline(item, dates) || !dates.produced_on || item.shelf_life_days === null) return dates;
  const last = addDays(dates.produced_on, item.shelf_life_days);
  return { ...dates, [item.expiry_rule === "best_before_on" ? "best_before_on" : "expires_on"]: last };
}

/** The day that counts for the item: expiry or best before; each stands in for the other. */
export function deadline(item, dates) {
  if (item.expiry_rule === "none") return null;
  const { best_before_on: best, expires_on: expires } = dates;
  return item.expiry_rule === "best_before_on" ? (best ?? expires) : (expires ?? best);
}

const said = (dates) => Object.keys(NO_DATES).map((name) => dates[name]).filter(Boolean).join(", ");
const contradicts = (one, other) => Object.keys(NO_DATES).some((name) => one[name] && other[name] && one[name] !== other[name]);

/** Why these dates cannot be, null where they can. */
export function dateProblem(pending, today) {
  const { item, dates, known } = pending;
  if (known && contradicts(datesOf(known), dates)) {
    return problem("LotDatesDiffer", { lot: known.code, known: said(datesOf(known)), said: said(dates) });
  }
  const last = deadline(item, dates);
  const produced = dates.produced_on;
  const title = titleOf(item);
  if (produced && (produced > today || (last && produced > last))) return problem("ProducedLater", { item: title, produced });
  if (!last) return null;
  if (last < today) return problem("ExpiryInPast", { item: title, expiry: last });
  const latest = latestOf(item, today);
  return last > latest ? problem("ExpiryImplausible", { item: title, expiry: last, latest }) : null;
}

function latestOf(item, today) {
  if (item.shelf_life_days !== null) return addDays(today, item.shelf_life_days * rules.shelfLives);
  const day = Math.min(Number(today.slice(8)), 28);
  return `${Number(today.slice(0, 4)) + rules.longestYears}${today.slice(4, 8)}${String(day).padStart(2, "0")}`;
}

const linesOf = (facts, item) => facts.lines.filter((line) => line.item_id === item.id);

/** Why so many cannot be, null where they can. */
export function quantityProblem(pending, facts) {
  const { item, quantity } = pending;
  const title = titleOf(item);
  if (compare(quantity, "0") <= 0) return problem("QuantityNotPositive");
  const ordered = sum(linesOf(facts, item).map((line) => line.quantity));
  const absurd = compare(quantity, rules.most) > 0 || (compare(ordered, "0") > 0 && compare(quantity, times(ordered, rules.mostTimesOrdered)) > 0);
  const shown = plain(quantity).slice(0, 40);
  if (absurd) return problem("QuantityAbsurd", { item: title, quantity: shown, unit: item.base_unit, ordered: plain(ordered) });
  if (!fits(quantity, item.decimals)) {
    return problem("QuantityTooFine", { item: title, unit: item.base_unit, decimals: item.decimals, quantity: shown });
  }
  if (item.tracking === "serial" && compare(quantity, "1") !== 0) return problem("SerialsComeSingly", { item: title });
  return null;
}

/** What differs from what was ordered: messages that may be accepted, problems that may not. */
export function deviationsOf(pending, facts) {
  return [unexpected(pending, facts), over(pending, facts), shortLife(pending, facts)].filter(Boolean);
}

export function unexpected(pending, facts) {
  if (facts.order_id === null || linesOf(facts, pending.item).length) return null;
  const values = { item: titleOf(pending.item) };
  return facts.policy.unexpected_item ? message(messages.UNEXPECTED, values) : problem("UnexpectedItem", values);
}

function over(pending, facts) {
  const lines = linesOf(facts, pending.item);
  if (!lines.length) return null;
  const ordered = sum(lines.map((line) => line.quantity));
  const received = sum(lines.map((line) => line.received));
  const total = minus(plus(received, pending.quantity ?? "0"), replaced(pending, facts));
  if (compare(total, ordered) <= 0) return null;
  const limit = cut(sum(lines.map((line) => times(line.quantity, plus("1", line.tolerance)))), pending.item.decimals);
  const values = { item: titleOf(pending.item), total: plain(total), ordered: plain(ordered) };
  if (compare(total, limit) <= 0) return message(messages.MORE_THAN_ORDERED, values);
  const about = `item_id=${pending.item.id}&total=${plain(total)}`;
  const ask = `/purchase-orders/${facts.order_id ?? 0}/allowances/new?${about}`;
  return problem("OverReceipt", { ...values, limit: plain(limit), ask });
}

/** What a correction takes back before it books anew. */
function replaced(pending, { last }) {
  const same = pending.replaces !== null && last?.id === pending.replaces;
  return same && last.order_line_id !== null ? last.quantity : "0";
}

function shortLife({ item, dates }, facts) {
  const last = deadline(item, dates);
  const left = last && daysBetween(facts.today, last);
  if (!last || left >= item.minimum_days_on_receipt) return null;
  const values = { item: titleOf(item), expiry: last, left: String(left), wanted: String(item.minimum_days_on_receipt) };
  return facts.policy.short_shelf_life ? message(messages.SHORT_LIFE, values) : problem("ShelfLifeTooShort", values);
}
