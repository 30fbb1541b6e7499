import { daysIn, isoDate } from "./scanning/days.js";
import { tidied } from "./scanning/resolve.js";

/* Reading what people type; as app/catalog/values.py and app/receiving/scans.py. */
const MONEY_SIGNS = /^(?:[¥￥$€]|RMB|CNY)|(?:元|圆|块)$/gi;

/** The exact number that a person meant, null where it is none or an ambiguous one such as 1,5. */
export function numberOf(given) {
  let text = [...given].slice(0, 60).join("").normalize("NFKC").replaceAll("，", ",").replaceAll("−", "-").trim();
  text = text.replace(MONEY_SIGNS, "").trim().replaceAll(" ", "");
  if (/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)) text = text.replaceAll(",", "");
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? text : null;
}

/** 2026-12-31, 2026/12/31, 20261231 or 261231 as a day; null for nothing, undefined for no date. */
export function dayOf(given) {
  const text = tidied(given);
  if (!text) return null;
  let digits = text.replace(/[/.]/g, "-").split("-").map((part) => part.padStart(2, "0")).join("");
  if (digits.length === 6) digits = `20${digits}`;
  if (!/^\d{6,}$/.test(digits)) return undefined;
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)].map(Number);
  const real = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return real ? isoDate(year, month, day) : undefined;
}
