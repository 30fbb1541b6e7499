import { plus, shifted } from "../decimal.js";
import { mark } from "../words.js";
import { daysIn, isoDate } from "./days.js";
import { stripped } from "./digits.js";

const START = /^01,\d{2},(\d{10}|\d{12})?,(\d{8}|\d{20}),/;
const AMOUNT = /^-?\d{1,12}(\.\d{1,2})?$/;
const TAX_ID = /^[0-9A-Z]{15,20}$/;
const SHENZHEN = "bcfp.shenzhen.chinatax.gov.cn";

/** The Chinese invoice in this QR text, null when it is none. */
export function readInvoice(text, found) {
  if (text.startsWith("http")) return readShenzhen(text);
  return START.test(text) ? readFields(text.split(","), found) : null;
}

function readFields(fields, found) {
  const [, kind, code, number, ...rest] = fields.map(stripped);
  const seller = TAX_ID.test(rest[0] ?? "") ? rest.shift() : null;
  const [amount = "", day = "", check = "", crc = ""] = rest;
  return {
    family: familyOf(seller, number),
    number,
    amount: amountOf(amount, found),
    kind,
    code: code || null,
    issued_on: dayOf(day, found),
    check_code: seller ? null : check || null,
    crc: crc || null,
    seller_tax_id: seller,
    hash: seller ? check || null : null,
  };
}

function familyOf(seller, number) {
  if (seller) return "yunnan-blockchain";
  return number.length === 20 ? "fully-digital" : "vat-machine";
}

function amountOf(text, found) {
  if (AMOUNT.test(text)) return plus(text, "0");
  found.refuse("", mark("The amount of the invoice cannot be read."));
  return "0";
}

function dayOf(text, found) {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number);
  if (/^\d{8}$/.test(text) && year && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)) {
    return isoDate(year, month, day);
  }
  found.refuse("", mark("The date of the invoice cannot be read."));
  return null;
}

function readShenzhen(text) {
  let link;
  try {
    link = new URL(text);
  } catch {
    return null;
  }
  const value = (name) => link.searchParams.get(name) ?? "";
  const [number, fen] = [value("bill_num"), value("total_amount")];
  if (link.hostname !== SHENZHEN || !number || !AMOUNT.test(fen) || fen.includes(".")) return null;
  return { family: "shenzhen-blockchain-url", number, amount: shifted(fen, -2), hash: value("hash") || null };
}
