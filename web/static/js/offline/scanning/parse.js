import tables from "../generated/scanning.js";
import { mark } from "../words.js";
import { readDigitalLink, SHORT_GTIN } from "./digital-link.js";
import { isDigits } from "./digits.js";
import { checkTogether, Findings, FNC1, readBracketed, readElements } from "./elements.js";
import { readInvoice } from "./invoice.js";
import { meaningOf } from "./meaning.js";
import { LENGTHS, readInStore, readNumber } from "./numbers.js";

/*
 * The same reading as app/scanning/parse.py, from the same tables; tests hold both equal.  What
 * only the server reads (EPC tags) comes back with `kind: "epc"` and `valid: null`.
 */
const pattern = (name, flags = "") => new RegExp(tables.patterns[name], flags);
const whole = (name, flags = "") => new RegExp(`^(?:${tables.patterns[name]})$`, flags);

const FNC1_REPLACEMENTS = pattern("fnc1", "gi");
const COMPOSITE = pattern("composite");
const KEY_AT_START = new RegExp(`^${tables.patterns.keyAtStart}`);
const HEX = whole("hex");
const SWALLOWED = whole("swallowed");
const OWN = whole("own");
const IDENTIFIER = new RegExp(`^${tables.patterns.identifier}`);
const { aim } = tables;

const NOT_KNOWN = { ai: "", text: mark("The code is of no kind that is known here."), values: {} };
const TOO_LONG = { ai: "", text: mark("The code is longer than any barcode can be."), values: {} };
const EMPTY = { ai: "", text: mark("The code is empty."), values: {} };
const OTHER_LAYOUT = { ai: "", text: mark("The keyboard layout or input method changed the code."), values: {} };
const MISSING_FNC1 = mark("The separator behind AI {before} may be lost: AI {next} seems to follow inside.");
const WRONG_CHECK_DIGIT = mark("The check digit is wrong: scan again or type the number.");

/**
 * What a scanned text says about itself; never throws.
 *
 * patterns  the shop's layouts of in-store codes
 * today     "2026-11-22": decides the century of two-digit years
 */
export function parse(raw, { patterns = [], today }) {
  if (raw.length > tables.maximumLength) return { input: raw, kind: "unknown", valid: false, ais: [], text: "", errors: [TOO_LONG], warnings: [] };
  const text = raw.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  const direct = read(raw, text, today, patterns);
  if (direct.kind !== "unknown" || direct.valid) return direct;
  return readRepaired(raw, text, today, patterns) ?? direct;
}

function readRepaired(raw, text, today, patterns) {
  const narrowed = translated(text, tables.fullWidth);
  for (const candidate of [...(narrowed === text ? [] : [narrowed]), ...otherLayouts(text)]) {
    const repaired = read(raw, candidate, today, patterns);
    if (repaired.valid) return { ...repaired, warnings: [...repaired.warnings, OTHER_LAYOUT] };
  }
  return null;
}

const translated = (text, table) => [...text].map((character) => table[character] ?? character).join("");

/** What the text would be if the keyboard layout had turned digits into signs. */
function otherLayouts(text) {
  if (!text || /[0-9]/.test(text)) return [];
  return tables.digitRows.map((row) => translated(text, row)).filter((other) => other !== text);
}

function read(raw, text, today, patterns) {
  const [identifier, rest] = splitIdentifier(text);
  const scan = { raw, text: rest, identifier, today, patterns };
  for (const reader of readersFor(identifier)) {
    const parsed = reader(scan);
    if (parsed) return parsed;
  }
  const found = new Findings();
  if (!aim.freeText.includes(identifier)) found.errors.push(rest ? NOT_KNOWN : EMPTY);
  return answer(scan, "unknown", found);
}

function splitIdentifier(text) {
  const found = IDENTIFIER.exec(text);
  return found && found[1] in aim.symbologies ? [found[0], text.slice(3)] : ["", text];
}

function symbologyOf(identifier) {
  return identifier === "]E4" ? "EAN-8" : (aim.symbologies[identifier[1]] ?? null);
}

function readersFor(identifier) {
  if (aim.gs1.includes(identifier)) return [composite, gs1ByIdentifier];
  if (identifier in aim.eanLengths) return [composite, eanByIdentifier];
  return [composite, ...BY_CONTENT];
}

function answer(scan, kind, found, { symbology = null, ...fields } = {}) {
  return {
    input: scan.raw, kind, valid: !found.errors.length, ais: [], ...fields,
    symbology: symbology ?? symbologyOf(scan.identifier),
    text: scan.text, errors: found.errors, warnings: found.warnings,
  };
}

function elementsAnswer(scan, kind, elements, found, fields = {}) {
  checkTogether(elements, found);
  // A GTIN that is merely short was padded and is the right one all the same.
  const doubtful = new Set(found.errors.filter(({ text }) => text !== SHORT_GTIN).map(({ ai }) => ai));
  const known = meaningOf(elements, doubtful, scan.today);
  return answer(scan, kind, found, { ais: elements, ...known, ...fields });
}

/** A linear code with a composite component on top: ]E0<EAN>|]e0<element strings>. */
function composite(scan) {
  const split = scan.identifier && COMPOSITE.exec(scan.text);
  if (!split) return null;
  const component = scan.text.slice(split.index + split[0].length);
  const first = read(scan.raw, scan.identifier + scan.text.slice(0, split.index), scan.today, scan.patterns);
  const found = new Findings();
  found.errors.push(...first.errors);
  found.warnings.push(...first.warnings);
  const elements = [...first.ais, ...readElements(component.slice(2), found)];
  const gtin = first.gtin ? { gtin: first.gtin } : {};
  return elementsAnswer(scan, "gs1", elements, found, { ...gtin, symbology: first.symbology });
}

const withoutFnc1 = (text) => (text.startsWith(FNC1) ? text.slice(1) : text);
const restoreFnc1 = (text) => text.replace(FNC1_REPLACEMENTS, FNC1);

function gs1ByIdentifier(scan) {
  const found = new Findings();
  const text = withoutFnc1(restoreFnc1(scan.text));
  if (!text) found.errors.push(EMPTY);
  return gs1(scan, text, readElements(text, found), found);
}

function gs1(scan, text, elements, found) {
  if (!text.includes(FNC1) && elements.length) warnOfSwallowed(elements.at(-1), found);
  return elementsAnswer(scan, "gs1", elements, found);
}

function warnOfSwallowed([ai, value], found) {
  const inside = ai === "10" || ai === "21" ? SWALLOWED.exec(value) : null;
  if (inside) found.warn(ai, MISSING_FNC1, { before: ai, next: inside[1].slice(0, 2) });
}

function eanByIdentifier(scan) {
  const found = new Findings();
  let digits = scan.text;
  if (!aim.eanLengths[scan.identifier].includes(digits.length)) found.refuse("", mark("The number has not the length of its symbology."));
  if (scan.identifier === "]E3") digits = digits.slice(0, 13);
  return number(scan, digits, digits.length === 12 ? "UPC-A" : symbologyOf(scan.identifier), found);
}

function number(scan, digits, symbology, found) {
  const [gtin, name] = readNumber(digits, symbology);
  if (gtin === null) found.refuse("", WRONG_CHECK_DIGIT);
  const inStore = readInStore(digits, scan.patterns);
  if (!inStore) return answer(scan, "ean", found, { gtin, symbology: name });
  return answer(scan, "in_store", found, { gtin, symbology: name, ...inStore });
}

function ownLabel(scan) {
  const found = OWN.exec(scan.text);
  const printable = found && !/[\p{C}\p{Z}]/u.test(scan.text.replaceAll(" ", ""));
  if (!printable || [...found[2]].length > tables.own.maximumKeyLength) return null;
  return answer(scan, "own", new Findings(), { own: [found[1], found[2]] });
}

function invoice(scan) {
  const found = new Findings();
  const read = readInvoice(scan.text, found);
  return read ? answer(scan, "invoice", found, { invoice: read }) : null;
}

function digitalLink(scan) {
  const found = new Findings();
  const elements = readDigitalLink(scan.text, found);
  return elements ? elementsAnswer(scan, "digital_link", elements, found) : null;
}

const notRead = (scan) => ({ ...answer(scan, "epc", new Findings()), valid: null });
const epcUri = (scan) => (scan.text.toLowerCase().startsWith("urn:epc:") ? notRead(scan) : null);
const epcHex = (scan) => (HEX.test(scan.text) ? notRead(scan) : null);

function bracketed(scan) {
  if (!scan.text.startsWith("(")) return null;
  const found = new Findings();
  const elements = readBracketed(scan.text, found);
  return elements.length ? elementsAnswer(scan, "gs1", elements, found) : null;
}

/** Data that starts with FNC1, or with a GS1 key and is sound from end to end. */
function gs1ByFnc1(scan) {
  let text = restoreFnc1(scan.text);
  // Nothing else is left of FNC1 where a wedge sends only the caret of its ^].
  if (text.startsWith("^") || (!text.includes(FNC1) && KEY_AT_START.test(text))) text = text.replaceAll("^", FNC1);
  const marked = text.startsWith(FNC1);
  if (!marked && !KEY_AT_START.test(text)) return null;
  const found = new Findings();
  const body = withoutFnc1(text);
  const elements = readElements(body, found);
  const parsed = gs1(scan, body, elements, found);
  return parsed.valid || (marked && elements.length) ? parsed : null;
}

function bareNumber(scan) {
  const digits = scan.text;
  if (!isDigits(digits)) return null;
  if (LENGTHS.includes(digits.length)) return number(scan, digits, null, new Findings());
  const inStore = readInStore(digits, scan.patterns);
  return inStore ? answer(scan, "in_store", new Findings(), inStore) : null;
}

const BY_CONTENT = [ownLabel, invoice, epcUri, digitalLink, bracketed, bareNumber, gs1ByFnc1, epcHex];
