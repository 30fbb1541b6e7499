import { compare, minus, plus, sum, times } from "../decimal.js";

const atLeastZero = (value) => (compare(value, "0") > 0 ? value : "0");
const smaller = (a, b) => (compare(a, b) < 0 ? a : b);
const larger = (a, b) => (compare(a, b) > 0 ? a : b);

/** How a quantity shares out over the order's lines of one item; as app/receiving/shares.py. */
export function sharesOf(quantity, lines) {
  if (!lines.length) return [{ line: null, quantity }];
  const ordered = lines.map((line) => atLeastZero(minus(line.quantity, line.received)));
  const over = lines.map((line) => atLeastZero(minus(times(line.quantity, plus("1", line.tolerance)), larger(line.received, line.quantity))));
  const first = poured(quantity, ordered);
  const more = poured(minus(quantity, sum(first)), over);
  const taken = first.map((part, at) => plus(part, more[at]));
  taken[taken.length - 1] = plus(taken.at(-1), minus(quantity, sum(taken)));
  return taken.map((part, at) => ({ line: lines[at].id, quantity: part })).filter((share) => compare(share.quantity, "0") !== 0);
}

/** The quantity poured into the rooms, one after another. */
function poured(quantity, rooms) {
  let left = quantity;
  return rooms.map((room) => {
    const part = smaller(left, room);
    left = minus(left, part);
    return part;
  });
}

