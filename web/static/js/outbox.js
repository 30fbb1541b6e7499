import { leave, showAnswer } from "./lib/answers.js";
import { MemoryStore } from "./lib/memory-store.js";
import { announce, meta, renewToken, text, token } from "./lib/page.js";
import { ScanQueue } from "./lib/scan-queue.js";
import { sender } from "./lib/sender.js";

let now = { pending: 0, state: "idle", attempts: 0 };

const WARNINGS = { resending: "tone_unconfirmed", login: "tone_signed_out" };

function changed(next) {
  // Once, when it begins: whoever waits for the accepting sound has to hear why none comes.
  const warning = next.state !== now.state && WARNINGS[next.state];
  now = next;
  if (warning) announce("saoku:feedback", { tone: "attention", text: text(warning) });
  announce("saoku:queue", next);
  if (next.state === "idle" && !next.pending) leave();
  if (next.state === "login") signedOut();
}

/** Perhaps only this page is old: then its new token is all that is missing. */
async function signedOut() {
  if (await renewToken()) outbox.resume();
}

/** The one queue of the page: every command, scanned or pressed, goes through it in order. */
export const outbox = new ScanQueue({
  store: new MemoryStore(),
  send: sender({ token, loginPath: () => meta("login-path", "/login") }),
  answered: showAnswer,
  changed,
});

/** The state of the queue at this moment, for elements that arrive late. */
export const queueState = () => now;

async function comeBack() {
  if (document.visibilityState !== "visible" || !now.pending) return;
  if (now.state === "login") await renewToken();
  outbox.resume();
}

/** Resume on network, on return to the page; warn before the page takes unsent commands along. */
export function watchOutbox() {
  window.addEventListener("online", () => outbox.resume());
  window.addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  window.addEventListener("beforeunload", (event) => now.pending && event.preventDefault());
}
