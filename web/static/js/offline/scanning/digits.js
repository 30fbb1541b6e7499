/** One or more ASCII digits. */
export const isDigits = (text) => /^[0-9]+$/.test(text);

/** The modulo 10 check digit that follows these digits (weights 3, 1 from the right). */
export function checkDigit(body) {
  const total = [...body].reverse().reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 1 : 3), 0);
  return String((10 - (total % 10)) % 10);
}

export function hasCheckDigit(digits) {
  return isDigits(digits) && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

const BLANK = "[\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${BLANK}|${BLANK}$`, "g");

/** Without the blanks around it, by the server's idea of blanks: the separators of ASCII too. */
export const stripped = (text) => text.replace(AROUND, "");
