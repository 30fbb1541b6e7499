import tables from "../generated/scanning.js";
import { plus, shifted } from "../decimal.js";
import { checkDigit, hasCheckDigit, isDigits } from "./digits.js";

const NAMES = { 8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "ITF" };

/** The numbers of digits that a bare GTIN can have. */
export const LENGTHS = Object.keys(NAMES).map(Number);

/** GTIN-14 of a GTIN-8, -12, -13 or -14 with a right check digit, else null. */
export function gtin14(digits) {
  return LENGTHS.includes(digits.length) && hasCheckDigit(digits) ? digits.padStart(14, "0") : null;
}

/** UPC-A of an eight-digit UPC-E (number system, six digits, check digit), null when it is none. */
function expandUpcE(digits) {
  if (!/^[01][0-9]{7}$/.test(digits)) return null;
  const expanded = digits[0] + withoutZeroSuppression(digits.slice(1, 7));
  return checkDigit(expanded) === digits[7] ? expanded + digits[7] : null;
}

function withoutZeroSuppression(body) {
  const last = body[5];
  if ("012".includes(last)) return `${body.slice(0, 2)}${last}0000${body.slice(2, 5)}`;
  if (last === "3") return `${body.slice(0, 3)}00000${body.slice(3, 5)}`;
  if (last === "4") return `${body.slice(0, 4)}00000${body[4]}`;
  return `${body.slice(0, 5)}0000${last}`;
}

/**
 * [GTIN-14, symbology] of bare digits, nulls when the check digit fits no reading.  A leading 0
 * speaks for UPC-E, because GS1-8 numbers from 0 are for use inside one company.
 */
export function readNumber(digits, symbology) {
  const upcA = symbology === null || symbology === "UPC-E" ? expandUpcE(digits) : null;
  if (upcA && (symbology || digits[0] === "0" || !hasCheckDigit(digits))) return [upcA.padStart(14, "0"), "UPC-E"];
  const gtin = gtin14(digits);
  return [gtin, symbology ?? (gtin ? NAMES[digits.length] : null)];
}

/** The runs of a layout, PPIIIIIWWWWWC: letter -> [start, end]. */
function runsOf(layout) {
  return Object.fromEntries([...layout.matchAll(/(.)\1*/g)].map((run) => [run[1], [run.index, run.index + run[0].length]]));
}

function fits({ prefixes, layout }, digits) {
  const runs = runsOf(layout);
  return digits.length === layout.length
    && prefixes.some((prefix) => digits.startsWith(prefix))
    && (!runs.C || hasCheckDigit(digits))
    && innerCheckFits(runs, digits);
}

function innerCheckFits(runs, digits) {
  if (!runs.V) return true;
  const [start, end] = runs.V;
  const covered = Object.values(runs).find(([, stop]) => stop === start);
  return priceCheckDigit(digits.slice(...covered)) === digits.slice(start, end);
}

/** GS1 check digit of price and weight fields (GS1 General Specifications, 7.9.2 to 7.9.4). */
function priceCheckDigit(digits) {
  const table = tables.priceCheck[digits.length];
  if (!table) return null;
  const total = [...digits].reduce((all, digit, at) => all + table.weights[at][Number(digit)], 0);
  return table.digit[total % 10];
}

function readPattern({ layout, weight_decimals: weight, price_decimals: price }, digits) {
  const runs = runsOf(layout);
  const part = (letter) => (runs[letter] ? digits.slice(...runs[letter]) : "");
  const fields = { in_store_key: part("P") + part("I"), in_store_value: part("W") + part("A") + part("Q") || null };
  if (runs.W) fields.net_weight_kg = shifted(part("W"), -weight);
  if (runs.A) fields.price = shifted(part("A"), -price);
  if (runs.Q) fields.quantity = plus(part("Q"), "0");
  return fields;
}

/** Fields of an in-store code, null when it is none; the first pattern that fits counts. */
export function readInStore(digits, patterns) {
  if (!isDigits(digits)) return null;
  const pattern = patterns.find((one) => fits(one, digits));
  if (pattern) return readPattern(pattern, digits);
  if (digits.length !== 13 || digits[0] !== "2" || !hasCheckDigit(digits)) return null;
  // Without configuration the digits behind the item can be price or weight: they stay unread.
  const { in_store_key, in_store_value } = readPattern(tables.unread, digits);
  return { in_store_key, in_store_value };
}
