/** The pages of this browser that share one outbox.  Web Locks need https; without them, less. */
import { uuid7 } from "./uuid7.js";

const ONE_SENDER = "saoku-outbox";
const locks = globalThis.navigator?.locks;

function identity() {
  try {
    sessionStorage["saoku.tab"] ??= uuid7();
    return sessionStorage["saoku.tab"];
  } catch {
    return uuid7();
  }
}

/** The same after a reload, another one in another tab. */
export const tab = identity();

const nameOf = (of, page) => `saoku-page ${of} ${page}`;

/** Let the other tabs know, as long as this page lives, that somebody looks at it. */
export function beSeen(page = location.pathname) {
  locks?.request(nameOf(tab, page), () => new Promise(() => {}));
}

/** Whether that page is still open in that tab. */
export async function isOpen(of, page) {
  if (of === tab) return page === location.pathname;
  const { held = [] } = (await locks?.query()) ?? {};
  return held.some(({ name }) => name === nameOf(of, page));
}

/**
 * Run while no other tab sends.  Two that send at once do no harm, since each command is answered
 * once and the next is taken only then; they only do everything twice.
 */
export function alone(work) {
  return locks ? locks.request(ONE_SENDER, work) : work();
}

/** `tell(message)` to the other tabs; `heard(message)` is what they tell. */
export function channel(heard) {
  if (!globalThis.BroadcastChannel) return () => {};
  const opened = new BroadcastChannel(ONE_SENDER);
  opened.addEventListener("message", ({ data }) => heard(data));
  return (message) => opened.postMessage(message);
}
