import tables from "../generated/scanning.js";
import { times } from "../decimal.js";
import { mark, say } from "../words.js";
import { checkDigit } from "./digits.js";
import { gtin14, LENGTHS } from "./numbers.js";
import { parse } from "./parse.js";

const SHOWN = 80;
const EAN_BODY = 12;
const WRONG_CHECK_DIGIT = mark("the check digit is wrong (the number would end in {right})");
const NOT_PRINTABLE = mark("it holds characters that no code has");
const { kinds: OWN } = tables.own;

/** The code as a person meant it: half-width, without invisible characters, single spaces. */
export function tidied(text) {
  const visible = text.normalize("NFKC").replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => (/\s/.test(one) ? " " : ""));
  return visible.trim().split(/\s+/u).join(" ");
}

function digitsOf(text) {
  const digits = tidied(text).replaceAll(" ", "");
  return /^[0-9]+$/.test(digits) ? digits : "";
}

/** What a code is registered as: its GTIN-14, else the tidied upper case. */
export function normalised(text) {
  const digits = digitsOf(text);
  return gtin14(digits) || digits || tidied(text).toUpperCase();
}

function corrected(text) {
  const digits = digitsOf(text);
  if (!LENGTHS.includes(digits.length) || gtin14(digits)) return null;
  return digits.slice(0, -1) + checkDigit(digits.slice(0, -1));
}

/** The text as a screen can show it: printable and not too long. */
export function shown(text) {
  const letters = [...text].slice(0, SHOWN + 1).map((letter) => (/[\p{C}\p{Z}]/u.test(letter) && letter !== " " ? "·" : letter));
  return letters.length <= SHOWN ? letters.join("") : `${letters.slice(0, SHOWN - 1).join("")}…`;
}

const reasonOf = (parsed) => parsed.errors.map(({ ai, text, values }) => (ai ? `(${ai}) ` : "") + say(text, values).replace(/[.。]+$/, "")).join("; ");

/**
 * What a code means, as far as a device can know: the reading of app/scanning/resolver.py over the
 * goods of the packages at hand.  `{kind: "server"}` is what only the server can say.
 *
 * goods     see goodsOf in ../goods.js
 * context   {today, item_id}: the day in the store, the item in hand
 */
export function resolve(raw, goods, context) {
  const parsed = parse(raw, { patterns: tables.usualPatterns, today: context.today });
  const text = [...tidied(parsed.text || raw)].slice(0, SHOWN * 4).join("");
  if (!text || raw.includes("\0")) {
    return { kind: "unreadable", text: shown(raw), reason: raw.trim() ? say(NOT_PRINTABLE) : reasonOf(parsed) };
  }
  return direct(parsed, text) ?? found(parsed, text, goods, context) ?? nothing(parsed, text, goods);
}

function direct(parsed, text) {
  if (parsed.kind === "epc") return { kind: "server" };
  if (parsed.invoice) return { kind: "invoice", number: parsed.invoice.number, amount: parsed.invoice.amount };
  if (parsed.own) {
    const [kind, key] = parsed.own;
    if (kind === OWN.command) return { kind: "command", name: key.toUpperCase() };
    return kind === OWN.badge ? { kind: "badge" } : null;
  }
  if (!parsed.valid && parsed.kind !== "unknown" && parsed.kind !== "ean") {
    return { kind: "unreadable", text: shown(text), reason: reasonOf(parsed) };
  }
  return null;
}

/** What to look for, see LookupKey in app/scanning/queries.py. */
function keyOf(parsed, text) {
  if (parsed.own) return ownKey(...parsed.own);
  const lot = parsed.lot ?? parsed.serial ?? "";
  if (parsed.gtin || parsed.sscc) {
    return { codes: [parsed.gtin, ...inStoreCodes(parsed)].filter(Boolean), lot, text: parsed.kind === "ean" ? text : "", number: "" };
  }
  return { codes: [normalised(text)], lot, text: lot || text, number: text.toUpperCase() };
}

/** By prefix and item digits, or as the whole number with weight and price set to zero. */
function inStoreCodes({ in_store_key: key }) {
  if (!key) return [];
  const body = key.padEnd(EAN_BODY, "0");
  return [key, normalised(body + checkDigit(body))];
}

function ownKey(kind, key) {
  const bare = { codes: [], lot: "", text: "", number: "" };
  if (kind === OWN.lot) {
    const [item, lot, ...more] = key.split("|").map((part) => part.replaceAll("%7C", "|").replaceAll("%25", "%"));
    const whole = item && lot && !more.length;
    return { ...bare, codes: [normalised(whole ? item : "")], lot: whole ? lot : "" };
  }
  if (kind === OWN.document || kind === OWN.count_sheet) return { ...bare, number: key.toUpperCase() };
  if (kind === OWN.logistic_unit) return bare;
  return { ...bare, codes: [normalised(key)] };
}

function found(parsed, text, goods, context) {
  const key = keyOf(parsed, text);
  const rank = key.codes.findIndex((code) => goods.codes.has(code));
  if (rank >= 0) return itemMeaning(parsed, text, key, goods, rank);
  const place = key.codes.map((code) => goods.places.get(code)).find(Boolean);
  if (place) return { kind: "location", ...place };
  const documented = goods.documents.get(key.number);
  if (documented) return { kind: "document", document: documented.kind, id: documented.id, number: documented.number };
  return lotMeaning(key.text, goods, context);
}

function itemMeaning(parsed, text, key, goods, rank) {
  const [item, packaging] = goods.codes.get(key.codes[rank]);
  const serials = item.tracking === "serial";
  let lot = serials ? (parsed.serial ?? parsed.lot ?? null) : (parsed.lot ?? null);
  if (parsed.own?.[0] === OWN.lot) lot = key.lot;
  if (item.tracking === "none") lot = null;
  // An in-store number registered as a whole is an ordinary barcode: its digits weigh nothing.
  const weighed = !parsed.in_store_key || rank > 0;
  return {
    kind: "item", item, key: text, packaging,
    quantity: quantityOf(parsed, packaging),
    net_weight_kg: weighed ? (parsed.net_weight_kg ?? null) : null,
    lot,
    dates: { produced_on: parsed.produced_on ?? null, best_before_on: parsed.best_before_on ?? null, expires_on: parsed.expires_on ?? null },
    known: (lot && goods.lots.get(`${item.id} ${key.lot}`)) || null,
    sscc: parsed.sscc ?? null,
  };
}

function quantityOf(parsed, packaging) {
  if (parsed.quantity === undefined) return null;
  return packaging && parsed.ais.some(([ai]) => ai === "37") ? times(parsed.quantity, packaging.quantity) : parsed.quantity;
}

/** The lot of the item in hand, else of any: where that is one. */
function lotMeaning(text, goods, context) {
  const all = text ? (goods.lotsByCode.get(text) ?? []) : [];
  const own = all.filter(({ item }) => item.id === context.item_id);
  const nearest = own.length ? own : all;
  if (!nearest.length) return null;
  if (nearest.length === 1) return { kind: "lot", item: nearest[0].item, lot: nearest[0].lot };
  return { kind: "search", text, candidates: nearest.map(({ item }) => item) };
}

function nothing(parsed, text, goods) {
  if (parsed.sscc && !parsed.gtin) return { kind: "logistic_unit", sscc: parsed.sscc };
  if (parsed.own) return { kind: "unknown", text: shown(text), barcode: null, is_gtin: false };
  if (parsed.gtin) return { kind: "unknown", text: shown(text), barcode: parsed.gtin, is_gtin: true };
  const right = corrected(text);
  if (parsed.kind === "ean" && right) {
    return { kind: "unreadable", text: shown(text), reason: say(WRONG_CHECK_DIGIT, { right: right.at(-1) }) };
  }
  const candidates = search(text, goods);
  if (candidates.length) return { kind: "search", text: shown(text), candidates };
  return { kind: "unknown", text: shown(text), barcode: [...text].length <= SHOWN ? text : null, is_gtin: false };
}

function search(text, goods) {
  const length = [...text].length;
  if (length < 2 || length > 60 || /^\d+$/.test(text)) return [];
  const wanted = text.toLowerCase();
  return goods.items.filter(({ code, name }) => code.toLowerCase().startsWith(wanted) || name.toLowerCase().includes(wanted)).slice(0, 8);
}
