import { mark } from "../words.js";
import { hasCheckDigit, isDigits } from "./digits.js";
import { faultInValue, UNKNOWN_IDENTIFIER } from "./elements.js";
import { identifier } from "./identifiers.js";

const LINK = /^(https?|HTTPS?):\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?(?:#[^\n]*)?$/;
const LEGAL = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;
const DOMAIN = /^[A-Za-z0-9.\-:[\]]+$/;
export const SHORT_GTIN = mark("The value is too short: a link carries the GTIN with 14 digits.");

/** Element strings of a GS1 Digital Link of any domain, path before query; null when it is none. */
export function readDigitalLink(text, found) {
  const uri = LINK.exec(text);
  if (!uri) return null;
  const [, , domain, path = "", query = ""] = uri;
  const steps = path.split("/").slice(1);
  let pairs = keyAndQualifiers(steps);
  if (!pairs.length && steps.at(-1) === "") {
    pairs = keyAndQualifiers(steps.slice(0, -1));
    found.refuse("", mark("The link ends with a slash."));
  }
  if (!pairs.length) return null;
  if (!LEGAL.test(text)) found.refuse("", mark("The link contains illegal characters."));
  if (!DOMAIN.test(domain)) found.refuse("", mark("The domain of the link contains illegal characters."));
  const ais = pairs.map(([ai]) => ai);
  checkOrder(ais, found);
  const elements = pairs.map(([ai, value]) => [ai, unescaped(value)]);
  elements.push(...attributes(query, ais, found));
  return elements.map(([ai, value]) => [ai, checked(ai, value, found)]);
}

/** The pairs from the last key to the end of the path; none when there is no key. */
function keyAndQualifiers(path) {
  const pairs = [];
  for (let at = path.length - 2; at >= 0; at -= 2) {
    const entry = identifier(path[at]);
    if (!entry) return [];
    pairs.unshift([entry.ai, path[at + 1]]);
    if (entry.qualifiers) return pairs;
  }
  return [];
}

function checkOrder(ais, found) {
  const orders = identifier(ais[0]).qualifiers;
  if (orders.some((order) => isOrderedPart(ais.slice(1), order))) return;
  found.refuse(ais[1], mark("It cannot stand at this place of the link's path."));
}

function isOrderedPart(ais, order) {
  let at = 0;
  return ais.every((ai) => {
    at = order.indexOf(ai, at) + 1;
    return at > 0;
  });
}

function attributes(query, path, found) {
  const seen = new Set(path);
  const pairs = [];
  for (const parameter of query.split("&")) {
    const at = parameter.indexOf("=");
    const name = parameter.slice(0, at);
    if (at < 0 || !isDigits(name)) continue;
    const fault = faultInAttribute(name, path, seen);
    if (fault) found.refuse(name, fault);
    seen.add(name);
    // In a query a plus sign stands for a blank, which no value can hold.
    pairs.push([name, unescaped(parameter.slice(at + 1).replaceAll("+", " "))]);
  }
  return pairs;
}

function faultInAttribute(name, path, seen) {
  const entry = identifier(name);
  if (!entry) return UNKNOWN_IDENTIFIER;
  if (!entry.attribute) return mark("It cannot stand in the query of a link.");
  if (seen.has(name)) return mark("It appears more than once in the link.");
  if (belongsInPath(name, path)) return mark("It belongs in the path of the link, not in its query.");
  return null;
}

function belongsInPath(name, path) {
  return identifier(path[0]).qualifiers.some((order) => order.includes(name) && isOrderedPart(path.slice(1), order));
}

const unescaped = (value) => value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

function checked(ai, value, found) {
  const entry = identifier(ai);
  if (!entry) return value;
  if (ai === "01" && [8, 12, 13].includes(value.length) && hasCheckDigit(value)) {
    found.refuse(ai, SHORT_GTIN);
    return value.padStart(14, "0");
  }
  const fault = faultInValue(entry, value);
  if (fault) found.refuse(ai, fault);
  return value;
}
