const two = (number) => String(number).padStart(2, "0");

/** `2026-11-22T21:06:41.123+08:00`: the device's own time with its zone, to the millisecond. */
export function occurredAt(moment = new Date(), east = -moment.getTimezoneOffset()) {
  const local = new Date(moment.getTime() + east * 60_000).toISOString().slice(0, -1);
  const minutes = Math.abs(east);
  return `${local}${east < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
