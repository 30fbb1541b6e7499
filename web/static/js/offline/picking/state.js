import { compare, minus, sum } from "../decimal.js";
import { titleOf } from "../outcomes.js";

/* The state of a pick and its stops; the same as app/picking/state.py. */
const EMPTY = { step: "scan_location", location_id: null, location: null, confirmed: null, item_id: null, hand: null, swap: null };

export const stateAt = (step, fields = {}) => ({ ...EMPTY, step, ...fields });
export const standing = (step, id, location, confirmed, item) => stateAt(step, { location_id: id, location, confirmed, item_id: item });

export const openOfShare = ({ quantity, picked, is_open: isOpen }) => (isOpen ? minus(quantity, picked) : "0");
export const openOf = ({ shares }) => sum(shares.map(openOfShare));
export const pickedOf = ({ shares }) => sum(shares.map(({ picked }) => picked));
export const quantityOf = ({ shares }) => sum(shares.map(({ quantity }) => quantity));
export const promisedOf = ({ shares }) => sum(shares.filter((one) => one.is_open).map(({ promised }) => promised));
export const isOpen = (stop) => compare(openOf(stop), "0") !== 0;
export const titleOfStop = (stop) => `${titleOf(stop.item)} ${stop.lot ?? ""}`.trim();
export const isSame = (one, other) => one.balance_id === other.balance_id && one.cart_location_id === other.cart_location_id;
export const least = (one, other) => (compare(one, other) < 0 ? one : other);

/** The stop that the screen shows: the goods scanned last, else the first of this place. */
export function current(state, { stops }) {
  const here = stops.filter((stop) => stop.location_id === state.location_id);
  const known = here.filter((stop) => stop.balance_id === state.confirmed && isOpen(stop));
  const wanted = here.filter((stop) => stop.item.id === state.item_id);
  const like = stops.filter((stop) => stop.item.id === state.item_id);
  return [...known, ...wanted, ...here, ...like, ...stops][0] ?? null;
}

/** The stop of the goods in hand; null where it was settled meanwhile. */
export const inHand = ({ hand }, { stops }) => (hand && stops.find((stop) => isSame(stop, hand))) ?? null;

/** The stop after so much of it was taken. */
export function less(one, stop, quantity) {
  if (!isSame(one, stop)) return one;
  let left = quantity;
  const shares = one.shares.map((share) => {
    const part = least(left, openOfShare(share));
    left = minus(left, part);
    return { ...share, picked: sum([share.picked, part]) };
  });
  return { ...one, shares };
}
