import tables from "../generated/scanning.js";
import { mark } from "../words.js";
import { faultInCoupon, faultInPositiveOffer } from "./coupons.js";
import { faultInDay, faultInShortDate } from "./days.js";
import { hasCheckDigit, isDigits } from "./digits.js";

const NOT_A_DIGIT = mark("A non-digit character was found where a digit is expected.");
const { lists } = tables;
const CSET82_VALUE = new Map([...tables.cset82].map((character, value) => [character, value]));
const CSET39 = /^[#\-/0-9A-Z]*$/;
const CSET64 = /^[-0-9A-Z_a-z]*$/;

/** Why the characters do not belong to the set N, X, Y or Z of the table. */
export function faultInCharacters(charset, value) {
  if (charset === "N") return isDigits(value) ? null : NOT_A_DIGIT;
  if (charset === "Z") return faultInBase64(value);
  if (charset === "Y") return CSET39.test(value) ? null : mark("A character is outside CSET 39.");
  return [...value].every((character) => CSET82_VALUE.has(character)) ? null : mark("A character is outside CSET 82.");
}

function faultInBase64(value) {
  const body = value.replace(/=+$/, "");
  const pads = value.length - body.length;
  if (pads > 2 || (pads && value.length % 3)) return mark("The number of padding characters is wrong.");
  return CSET64.test(body) ? null : mark("A character is outside CSET 64.");
}

const oneOf = (allowed, reason) => (value) => (allowed.includes(value) ? null : reason);

/** The two check characters of a Global Model Number body. */
function checkPair(body) {
  const total = [...body].reverse().reduce((all, character, at) => all + CSET82_VALUE.get(character) * tables.primes[at], 0) % 1021;
  return tables.pairAlphabet[total >> 5] + tables.pairAlphabet[total & 31];
}

function faultInPair(value) {
  if (value.length <= 2) return mark("The value is too short to hold a pair of check characters.");
  return checkPair(value.slice(0, -2)) === value.slice(-2) ? null : mark("The alphanumeric check-character pair is incorrect.");
}

function faultInPrefix(value) {
  if (value.length < 4) return mark("The value is too short to start with a GS1 Company Prefix.");
  return isDigits(value.slice(0, 4)) ? null : mark("The GS1 Company Prefix is invalid.");
}

const two = (value, at) => Number(value.slice(at, at + 2));

function faultInLongDate(value) {
  const year = Number(value.slice(0, 4));
  if (year < 1) return mark("The date contains an illegal year.");
  return faultInDay(year, two(value, 4), two(value, 6), false);
}

const hour = (value) => (Number(value) < 24 ? null : mark("The time contains an illegal hour."));
const minute = (value) => (Number(value) < 60 ? null : mark("The time contains an illegal minute."));

function faultInIban(value) {
  if (value.length <= 10) return mark("The IBAN is too short.");
  if (!lists.countryLetters.includes(value.slice(0, 2))) return mark("The IBAN must start with a two-letter country code of ISO 3166.");
  if (!/^[0-9A-Z]+$/.test(value)) return mark("The IBAN contains an invalid character.");
  // ISO 7064 MOD 97-10: letters count as 10 to 35, the first four characters go to the end.
  const digits = [...(value.slice(4) + value.slice(0, 4))].map((character) => Number.parseInt(character, 36)).join("");
  return BigInt(digits) % 97n === 1n ? null : mark("The check digits of the IBAN are incorrect.");
}

function faultInPiece(value) {
  const [piece, total] = [two(value, 0), Number(value.slice(2))];
  if (!piece) return mark("The piece number must not be zero.");
  if (!total) return mark("The total number of pieces must not be zero.");
  return piece > total ? mark("The piece number exceeds the total.") : null;
}

function faultInPosition(value) {
  const at = value.indexOf("/");
  const [position, end] = [value.slice(0, at), value.slice(at + 1)];
  if (at < 0 || !isDigits(position) || !isDigits(end)) return mark('The value must have the form "<position>/<end>".');
  if (position[0] === "0" || end[0] === "0") return mark("A zero prefix is not permitted.");
  return BigInt(position) > BigInt(end) ? mark("The position exceeds the end.") : null;
}

const only = (character, reason) => (value) => ([...value].every((one) => one === character) ? null : reason);
const COUNTRY = mark("A three-digit country code of ISO 3166 is required.");

/** Each takes a part whose length is right and says why it is wrong, or null. */
export const CHECKS = {
  couponcode: faultInCoupon,
  couponposoffer: faultInPositiveOffer,
  csum: (value) => (hasCheckDigit(value) ? null : mark("The numeric check digit is incorrect.")),
  csumalpha: faultInPair,
  gcppos1: faultInPrefix,
  gcppos2: (value) => faultInPrefix(value.slice(1)),
  hasnondigit: (value) => (isDigits(value) ? mark("At least one non-digit character is required.") : null),
  hh: hour,
  hhmi: (value) => hour(value.slice(0, 2)) ?? minute(value.slice(2)),
  hyphen: only("-", mark("A hyphen is required.")),
  iban: faultInIban,
  importeridx: (value) => (value.length === 1 && CSET64.test(value) ? null : mark("The importer index is not valid.")),
  iso3166: oneOf(lists.countryNumbers, COUNTRY),
  iso3166999: oneOf([...lists.countryNumbers, "999"], COUNTRY),
  iso3166alpha2: oneOf(lists.countryLetters, mark("A two-letter country code of ISO 3166 is required.")),
  iso4217: oneOf(lists.currencyNumbers, mark("A three-digit currency code of ISO 4217 is required.")),
  iso5218: oneOf(["0", "1", "2", "9"], mark("A sex code of ISO/IEC 5218 is required.")),
  latitude: (value) => (BigInt(value) <= 1_800_000_000n ? null : mark("The latitude is out of range.")),
  longitude: (value) => (BigInt(value) <= 3_600_000_000n ? null : mark("The longitude is out of range.")),
  mediatype: oneOf(lists.mediaTypes, mark("The AIDC media type is not assigned.")),
  mi: minute,
  nonzero: (value) => (/[^0]/.test(value) ? null : mark("A value of zero is not permitted.")),
  nozeroprefix: (value) => (value.startsWith("0") && value !== "0" ? mark("A zero prefix is not permitted.") : null),
  packagetype: oneOf(lists.packageTypes, mark("The package type code is not assigned.")),
  pcenc: (value) => (/%(?![0-9A-Fa-f]{2})/.test(value) ? mark('A "%" is not followed by two hexadecimal digits.') : null),
  pieceoftotal: faultInPiece,
  posinseqslash: faultInPosition,
  ss: (value) => (Number(value) < 60 ? null : mark("The time contains illegal seconds.")),
  winding: oneOf(["0", "1", "9"], mark('The winding direction must be "0", "1" or "9".')),
  yesno: oneOf(["0", "1"], mark('A "0" or "1" is required.')),
  yymmd0: (value) => faultInShortDate(value, true),
  yymmdd: (value) => faultInShortDate(value, false),
  yyyymmdd: faultInLongDate,
  zero: only("0", mark("A zero is required.")),
};
