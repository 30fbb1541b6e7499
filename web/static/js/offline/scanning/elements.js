import { mark } from "../words.js";
import { CHECKS, faultInCharacters } from "./checks.js";
import { stripped } from "./digits.js";
import { identifier, identifierAt, lengthAt, matches } from "./identifiers.js";

export const FNC1 = "\u001d";
export const UNKNOWN_IDENTIFIER = mark("This Application Identifier is not assigned by GS1.");
const SERIAL_INSIDE = ["253", "255", "8003"];

/** Collects what is wrong (`errors`) and doubtful (`warnings`) while a code is read. */
export class Findings {
  errors = [];
  warnings = [];

  refuse(ai, text, values = {}) {
    this.errors.push({ ai, text, values });
  }

  warn(ai, text, values = {}) {
    this.warnings.push({ ai, text, values });
  }
}

/**
 * Element strings out of scanned data, FNC1 as 0x1D, without a leading FNC1, as [ai, value] pairs.
 * Reading stops where the text can no longer be divided.
 */
export function readElements(text, found) {
  const elements = [];
  let at = 0;
  while (at < text.length) {
    const entry = identifierAt(text, at);
    if (!entry) {
      found.refuse(text.slice(at, at + lengthAt(text, at)), UNKNOWN_IDENTIFIER);
      break;
    }
    at += entry.ai.length;
    const end = text.indexOf(FNC1, at);
    const value = text.slice(at, end < 0 ? text.length : end).slice(0, entry.maximum);
    elements.push([entry.ai, value]);
    const fault = faultInValue(entry, value);
    at += value.length;
    if (fault) {
      found.refuse(entry.ai, fault);
      // A broken value of variable length says nothing about what stands behind it.
      if (!entry.predefinedLength) at = end < 0 ? text.length : end;
    } else if (!endsWell(entry, text, at)) {
      found.refuse(entry.ai, mark("The value is too long."));
      break;
    }
    if (text[at] === FNC1) at += 1;
  }
  return elements;
}

const endsWell = (entry, text, at) => at >= text.length || text[at] === FNC1 || entry.predefinedLength;

/** Element strings out of the printed form (01)...(10)...; a bracket inside a value is \(. */
export function readBracketed(text, found) {
  const elements = [];
  let at = 0;
  for (const piece of text.matchAll(/\(([^()]*)\)((?:\\[^\n]|[^\\(])*)/g)) {
    if (piece.index !== at) break;
    at += piece[0].length;
    const ai = stripped(piece[1]);
    const value = piece[2].replace(/\\([^])/g, "$1").replace(/^ +| +$/g, "");
    const entry = identifier(ai);
    const fault = entry ? faultInValue(entry, value) : UNKNOWN_IDENTIFIER;
    if (fault) found.refuse(ai, fault);
    elements.push([ai, value]);
  }
  if (at !== text.length) found.refuse("", mark("The brackets do not match: write (01)… with the identifier inside."));
  return elements;
}

/** Why the value does not fit its identifier, null when it does. */
export function faultInValue(entry, value) {
  if (!value) return mark("The value is empty.");
  if (value.length > entry.maximum) return mark("The value is too long.");
  let at = 0;
  for (const part of entry.components) {
    const piece = value.slice(at, at + part.maximum);
    if (!piece && part.optional) continue;
    if (piece.length < part.minimum) return mark("The value has a wrong length.");
    const fault = faultInCharacters(part.charset, piece) ?? firstFault(part.checks, piece);
    if (fault) return fault;
    at += piece.length;
  }
  return null;
}

function firstFault(checks, piece) {
  for (const name of checks) {
    const fault = CHECKS[name](piece);
    if (fault) return fault;
  }
  return null;
}

/**
 * Rules between element strings: pairs that must not meet, repeats, missing companions.  A missing
 * companion is a warning: one label of a carton may carry only part of the data.
 */
export function checkTogether(elements, found) {
  const present = new Map(elements);
  for (const ai of present.keys()) {
    const entry = identifier(ai);
    if (!entry) continue;
    for (const pattern of entry.bars) {
      for (const other of present.keys()) {
        if (other !== ai && matches(pattern, other)) found.refuse(ai, mark("It must not be together with AI {other}."), { other });
      }
    }
    for (const choice of entry.needs) {
      if (choice.some((group) => hasAll(group, present, ai))) continue;
      const wanted = choice.map((group) => group.join("+")).join(" / ");
      found.warn(ai, mark("It belongs together with AI {wanted}."), { wanted });
    }
  }
  checkRepeats(elements, found);
  checkSignature(present, found);
}

function hasAll(group, present, ai) {
  return group.every((pattern) => [...present.keys()].some((one) => one !== ai && matches(pattern, one)));
}

function checkRepeats(elements, found) {
  const first = new Map();
  for (const [ai, value] of elements) {
    if (!first.has(ai)) first.set(ai, value);
    if (first.get(ai) === value) continue;
    return found.refuse(ai, mark("It appears more than once with different values."));
  }
}

function checkSignature(present, found) {
  if (!present.has("8030")) return;
  for (const ai of SERIAL_INSIDE) {
    if (present.has(ai) && present.get(ai).length === identifier(ai).minimum) {
      found.refuse(ai, mark("A serial component must be present when AI 8030 signs it."));
    }
  }
}
