/**
 * Exact decimals as text, "12.5": digits in a BigInt and how many of them stand behind the point.
 * No quantity ever becomes a binary floating-point number.
 */
const FORM = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

function read(text) {
  const [, sign, whole, fraction, exponent = "0"] = FORM.exec(String(text));
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction || ""}` || "0");
  return scale < 0 ? [digits * 10n ** BigInt(-scale), 0] : [digits, scale];
}

function write(digits, scale) {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const point = text.length - scale;
  return sign + text.slice(0, point) + (scale ? `.${text.slice(point)}` : "");
}

function aligned(a, b) {
  const [[x, m], [y, n]] = [read(a), read(b)];
  const scale = Math.max(m, n);
  return [x * 10n ** BigInt(scale - m), y * 10n ** BigInt(scale - n), scale];
}

export function plus(a, b) {
  const [x, y, scale] = aligned(a, b);
  return write(x + y, scale);
}

export function minus(a, b) {
  const [x, y, scale] = aligned(a, b);
  return write(x - y, scale);
}

export function times(a, b) {
  const [[x, m], [y, n]] = [read(a), read(b)];
  return write(x * y, m + n);
}

/** Negative, zero or positive, as `a` is less than, equal to or more than `b`. */
export function compare(a, b) {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : Number(x > y);
}

export const sum = (values) => values.reduce(plus, "0");

/** The value with its point moved: shifted("12345", -3) is "12.345". */
export function shifted(text, places) {
  const [digits, scale] = read(text);
  return write(digits, scale - places);
}

/** At so many decimals, half up, away from zero (四舍五入). */
export function rounded(value, decimals) {
  const [digits, scale] = read(value);
  if (scale <= decimals) return write(digits * 10n ** BigInt(decimals - scale), decimals);
  const unit = 10n ** BigInt(scale - decimals);
  const size = digits < 0n ? -digits : digits;
  const near = (size * 2n + unit) / (unit * 2n);
  return write(digits < 0n ? -near : near, decimals);
}

/** At so many decimals, towards zero. */
export function cut(value, decimals) {
  const [digits, scale] = read(value);
  if (scale <= decimals) return write(digits, scale);
  return write(digits / 10n ** BigInt(scale - decimals), decimals);
}

export const fits = (value, decimals) => compare(value, rounded(value, decimals)) === 0;

/** The shortest form: "1.50" is "1.5". */
export function plain(value) {
  const text = write(...read(value));
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}
