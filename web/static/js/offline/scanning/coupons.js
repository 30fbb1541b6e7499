import { mark } from "../words.js";
import { faultInShortDate } from "./days.js";
import { isDigits } from "./digits.js";

/*
 * North American coupon codes inside AI 8110 and AI 8112: a row of fields without separators, most
 * with their own length in a leading digit.  Checked so that a scan of one is told from a damaged
 * label; nobody redeems coupons here.
 */

/** The first thing wrong in a coupon; never leaves this module. */
class Fault extends Error {}

class Reader {
  at = 0;

  constructor(digits) {
    this.digits = digits;
  }

  digit(allowed, missing, invalid) {
    const found = this.digits[this.at];
    if (found === undefined) throw new Fault(missing);
    if (!allowed.includes(found)) throw new Fault(invalid);
    this.at += 1;
    return Number(found);
  }

  take(length, truncated) {
    if (this.digits.length - this.at < length) throw new Fault(truncated);
    this.at += length;
    return this.digits.slice(this.at - length, this.at);
  }

  starts(field) {
    const found = this.digits[this.at] === field;
    this.at += Number(found);
    return found;
  }
}

export const faultInCoupon = (value) => fault(value, readCoupon);
export const faultInPositiveOffer = (value) => fault(value, readPositiveOffer);

function fault(value, read) {
  if (!isDigits(value)) return mark("A non-digit character was found where a digit is expected.");
  const reader = new Reader(value);
  try {
    read(reader);
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  return reader.at < value.length ? mark("The coupon contains excess data.") : null;
}

function readCoupon(reader) {
  const length = reader.digit("0123456",
    mark("The coupon's primary GS1 Company Prefix length is missing."),
    mark("The coupon's primary GS1 Company Prefix length must be 0 to 6."));
  reader.take(length + 6, mark("The coupon's primary GS1 Company Prefix is shorter than it says."));
  offerCode(reader);
  const value = reader.digit("12345",
    mark("The coupon's Save Value length is missing."),
    mark("The coupon's Save Value length must be 1 to 5."));
  reader.take(value, mark("The coupon's Save Value is shorter than it says."));
  purchase(reader);
  if (reader.starts("1")) {
    reader.digit("0123",
      mark("The coupon's Additional Purchase Rules Code is missing."),
      mark("The coupon's Additional Purchase Rules Code must be 0 to 3."));
    furtherPurchase(reader);
  }
  if (reader.starts("2")) furtherPurchase(reader);
  dates(reader);
  if (reader.starts("5")) serialNumber(reader);
  if (reader.starts("6")) retailer(reader);
  if (reader.starts("9")) miscellaneous(reader);
}

function offerCode(reader) {
  reader.take(6, mark("The coupon's Offer Code is shorter than six digits."));
}

function purchase(reader) {
  const length = reader.digit("12345",
    mark("The coupon's Purchase Requirement length is missing."),
    mark("The coupon's Purchase Requirement length must be 1 to 5."));
  reader.take(length, mark("The coupon's Purchase Requirement is shorter than it says."));
  reader.digit("012349",
    mark("The coupon's Purchase Requirement Code is missing."),
    mark("The coupon's Purchase Requirement Code must be 0 to 4 or 9."));
  reader.take(3, mark("The coupon's Family Code is shorter than three digits."));
}

function furtherPurchase(reader) {
  purchase(reader);
  const length = reader.digit("01234569",
    mark("The coupon's further GS1 Company Prefix length is missing."),
    mark("The coupon's further GS1 Company Prefix length must be 0 to 6 or 9."));
  // 9 means that the prefix of the first purchase holds, so none follows.
  reader.take(length === 9 ? 0 : length + 6, mark("The coupon's further GS1 Company Prefix is shorter than it says."));
}

function dates(reader) {
  let [expires, starts] = ["", ""];
  if (reader.starts("3")) {
    expires = reader.take(6, mark("The coupon's expiration date is too short."));
    if (faultInShortDate(expires, false)) throw new Fault(mark("The coupon's expiration date is invalid."));
  }
  if (reader.starts("4")) {
    starts = reader.take(6, mark("The coupon's start date is too short."));
    if (faultInShortDate(starts, false)) throw new Fault(mark("The coupon's start date is invalid."));
  }
  if (expires && starts > expires) throw new Fault(mark("The coupon's expiration date is before its start date."));
}

function serialNumber(reader) {
  const missing = mark("The coupon's Serial Number length is missing.");
  const length = reader.digit("0123456789", missing, missing);
  reader.take(length + 6, mark("The coupon's Serial Number is shorter than it says."));
}

function retailer(reader) {
  const length = reader.digit("1234567",
    mark("The coupon's Retailer GCP/GLN length is missing."),
    mark("The coupon's Retailer GCP/GLN length must be 1 to 7."));
  reader.take(length + 6, mark("The coupon's Retailer GCP/GLN is shorter than it says."));
}

function miscellaneous(reader) {
  reader.digit("01256",
    mark("The coupon's Save Value Code is missing."),
    mark("The coupon's Save Value Code must be 0, 1, 2, 5 or 6."));
  reader.digit("012",
    mark("The coupon's Save Value Applies to Item is missing."),
    mark("The coupon's Save Value Applies to Item must be 0 to 2."));
  const missing = mark("The coupon's Store Coupon Flag is missing.");
  reader.digit("0123456789", missing, missing);
  reader.digit("01",
    mark("The coupon's Don't Multiply Flag is missing."),
    mark("The coupon's Don't Multiply Flag must be 0 or 1."));
}

function readPositiveOffer(reader) {
  reader.digit("01",
    mark("The coupon's Format Code is missing."),
    mark("The coupon's Format Code must be 0 or 1."));
  const length = reader.digit("0123456",
    mark("The coupon's Funder length is missing."),
    mark("The coupon's Funder length must be 0 to 6."));
  reader.take(length + 6, mark("The coupon's Funder is shorter than it says."));
  offerCode(reader);
  serialNumber(reader);
}
