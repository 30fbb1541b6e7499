import { compare, minus, plus } from "../decimal.js";
import { isSame, least, openOfShare } from "./state.js";

/* How the stops move with what is taken; as the server's next facts will say it. */

/** With the place of each part in the way. */
export function numbered(stops) {
  let place = 0;
  return stops.map((stop) => ({ ...stop, shares: stop.shares.map((share) => ({ ...share, place: (place += 1) })) }));
}

/** The quantity poured over the parts, one after another: {stops, entry}; the entry can be undone. */
export function afterTake(stops, stop, quantity) {
  let left = quantity;
  const parts = new Map();
  for (const share of stop.shares) {
    const part = least(left, openOfShare(share));
    left = minus(left, part);
    if (compare(part, "0") > 0) parts.set(share.task_id, part);
  }
  const entry = { stop, quantity, parts };
  return { stops: stops.map((one) => moved(one, entry, minus)), entry };
}

export const afterUndo = (stops, entry) => stops.map((one) => moved(one, entry, plus));

/** Taking lessens what lies there and what is promised there; undo adds it again. */
function moved(one, { stop, quantity, parts }, change) {
  const lying = {
    ...one,
    on_hand: one.balance_id === stop.balance_id ? change(one.on_hand, quantity) : one.on_hand,
    here: one.location_id === stop.location_id ? change(one.here, quantity) : one.here,
  };
  if (!isSame(one, stop)) return lying;
  return { ...lying, shares: one.shares.map((share) => (parts.has(share.task_id) ? movedShare(share, parts.get(share.task_id), change) : share)) };
}

function movedShare(share, part, change) {
  const picked = change === minus ? plus(share.picked, part) : minus(share.picked, part);
  return { ...share, picked, promised: change(share.promised, part), is_open: compare(picked, share.quantity) !== 0 };
}

/** What is still open of the stop comes last; a part that is done keeps the stop in its place. */
export function toTheEnd(stops, stop) {
  const end = Math.max(...stops.flatMap(({ shares }) => shares.map(({ place }) => place))) + 1;
  const later = (one) => ({ ...one, shares: one.shares.map((share) => (share.is_open ? { ...share, place: end } : share)) });
  const first = ({ shares }) => Math.min(...shares.map(({ place }) => place));
  return stops.map((one) => (isSame(one, stop) ? later(one) : one)).sort((one, other) => first(one) - first(other));
}
