/**
 * Quantities are decimal strings from end to end: "0.1" + "0.2" is "0.3".  BigInt does the
 * arithmetic on scaled whole numbers; no float ever holds a quantity.
 */
const DECIMAL = /^(-?)(\d*)(?:\.(\d*))?$/;

function scaled(text, places) {
  const [, sign, whole, part = ""] = DECIMAL.exec(text || "0") ?? [null, "", "0", ""];
  const digits = BigInt((whole || "0") + part.padEnd(places, "0"));
  return sign ? -digits : digits;
}

const placesOf = (text) => (text.split(".")[1] ?? "").length;

function plain(number, places) {
  const digits = String(number < 0n ? -number : number).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const part = digits.slice(digits.length - places).replace(/0+$/, "");
  return `${number < 0n ? "-" : ""}${whole}${part ? `.${part}` : ""}`;
}

/** a + b, exactly, without trailing zeros; an empty string is 0. */
export function sum(a, b) {
  const places = Math.max(placesOf(a), placesOf(b));
  return plain(scaled(a, places) + scaled(b, places), places);
}

function typed(value, key, { decimals, digits }) {
  const next = (value === "0" && key !== "." ? "" : value) + (key === "." && !value ? "0." : key);
  const fits = placesOf(next) <= decimals && next.replace(/\D/g, "").length <= digits;
  const oneDot = next.split(".").length <= (decimals > 0 ? 2 : 1);
  return fits && oneDot ? next : value;
}

/**
 * The quantity after a key of the pad: "0" to "9", ".", "back", "clear", or "+N" and "-N" with any
 * decimal N.  Never below zero; a key that would make too many digits changes nothing.
 */
export function press(value, key, { decimals = 0, digits = 12 } = {}) {
  if (key === "clear") return "";
  if (key === "back") return value.slice(0, -1);
  if (/^[0-9.]$/.test(key)) return typed(value, key, { decimals, digits });
  if (!/^[+-]\d/.test(key)) return value;
  const next = sum(value, key.replace("+", ""));
  if (next.startsWith("-")) return "0";
  return next.replace(/\D/g, "").length <= digits ? next : value;
}
