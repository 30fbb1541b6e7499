import { leave, reasonOf, showAnswer } from "./lib/answers.js";
import { command } from "./lib/command.js";
import { IndexedStore } from "./lib/indexed-store.js";
import { MemoryStore } from "./lib/memory-store.js";
import { announce, meta, renewToken, text, token, user } from "./lib/page.js";
import { ScanQueue } from "./lib/scan-queue.js";
import { sender } from "./lib/sender.js";
import { SpareStore } from "./lib/spare-store.js";
import { alone, beSeen, channel, isOpen, tab } from "./lib/tabs.js";

/** An answer that comes later than this finds the operator looking at something else. */
const LATE_MS = 10_000;
const OPENS_WITHIN_MS = 5000;
const LOOK_FOR_LOGIN_MS = 15_000;
/** What another tab sent, it tells at once, if it still lives then. */
const TOLD_WITHIN_MS = 1000;
const ROOM_BYTES = 20e6;
/** Until the store is open nobody knows whether anything waits. */
const OPENING = { pending: 0, others: 0, inbox: 0, done: 0, state: "opening", attempts: 0 };
const NOTHING_LATE = { accepted: 0, refused: 0 };
const WARNINGS = { resending: "tone_unconfirmed", login: "tone_signed_out" };

let now = { ...OPENING, storage: "kept" };
let replayed = { ...NOTHING_LATE };
/** The commands of this page whose answers it has not had. */
const unanswered = new Set();

const tell = channel(({ wake, state, answer }) => {
  if (wake) queue.resume();
  if (state) show(state);
  if (answer) take(...answer);
});

function show(next) {
  now = { ...next, storage: now.storage };
  announce("saoku:queue", now);
  if (unanswered.size && !next.pending) setTimeout(() => catchUp().catch(() => {}), TOLD_WITHIN_MS);
}

/** Another tab has sent what this page waits for, and was closed before it could tell. */
async function catchUp() {
  // Told in time, as nearly always: nothing to read from the disk.
  if (!unanswered.size || now.pending) return;
  const missed = (await queue.list()).filter((one) => unanswered.has(one.command_id) && one.waiting === undefined);
  if (!missed.length) return;
  for (const command of missed) {
    unanswered.delete(command.command_id);
    const isAccepted = command.state === "accepted";
    if (!isAccepted) announce("saoku:feedback", { tone: "refused", text: command.answer?.text });
    announce("saoku:answered", { command, status: isAccepted ? 200 : 409, late: true });
  }
  const { softReload } = await import("./offline/page.js");
  await softReload();
}

function changed(next) {
  // Once, when it begins: whoever waits for the accepting sound has to hear why none comes.
  const warning = next.state !== now.state && WARNINGS[next.state];
  show(next);
  tell({ state: next });
  if (warning) announce("saoku:feedback", { tone: "attention", text: text(warning) });
  if (next.state === "idle" && !next.pending) finished();
}

function finished() {
  const { accepted, refused } = replayed;
  replayed = { ...NOTHING_LATE };
  if (accepted + refused) {
    const words = text(refused ? "queue_replayed_refused" : "queue_replayed", { accepted, refused });
    announce("saoku:feedback", { tone: refused ? "attention" : "accepted", text: words });
    announce("saoku:replayed", { accepted, refused });
  }
  leave();
}

/** Perhaps only this page is old: then its new token is all that is missing. */
async function signedOut() {
  const before = user();
  if (!(await renewToken())) return;
  // The screen is another person's: what waits stays theirs, in the store.
  if (user() !== before && now.storage === "kept") return location.reload();
  queue.resume();
}

/** Nobody waits for the answer any more: late, or the page of the command is gone. */
async function isLate({ kind, told, occurred_at, tab: of, page }) {
  if (kind === "report") return true;
  // Refused on the spot by the device itself: it was seen.
  if (told) return false;
  const age = Math.abs(Date.now() - Date.parse(occurred_at));
  return age > LATE_MS || !(await isOpen(of, page));
}

async function answered(...answer) {
  tell({ answer });
  const [command, , { late }] = answer;
  if (late && command.kind !== "report") {
    replayed[command.state === "accepted" ? "accepted" : "refused"] += 1;
  }
  await take(...answer);
}

async function take(command, outcome, { late, last }) {
  unanswered.delete(command.command_id);
  const isHere = command.tab === tab && command.page === location.pathname;
  // In a replay only the last screen is worth drawing.
  if (isHere && (!late || last)) await showAnswer(command, outcome);
  announce("saoku:answered", { command, status: outcome.status, late });
}

function storageRefused(error, storage = "memory") {
  console.warn("saoku: the browser keeps no scans", error);
  now = { ...now, storage };
  announce("saoku:queue", now);
}

/** Said on the device, and to the server for whoever looks after the devices. */
function renumbered(was) {
  announce("saoku:warning", { text: text("queue_renumbered") });
  outbox.put(command({ url: "/outbox/devices", kind: "report", fields: [["was", was ?? ""]] }));
}

async function openStore() {
  try {
    const late = new Promise((_, refuse) => setTimeout(refuse, OPENS_WITHIN_MS, "no answer"));
    return new SpareStore(await Promise.race([IndexedStore.open(), late]), storageRefused);
  } catch (error) {
    storageRefused(error);
    return new MemoryStore();
  }
}

/** The one queue of this browser: every command, scanned or pressed, goes through it in order. */
const queue = new ScanQueue({
  store: openStore(),
  send: sender({ token, loginPath: () => meta("login-path", "/login") }),
  user, isLate, reasonOf, answered, changed, renumbered, signedOut, alone,
});

export const outbox = {
  /** Take a command; resolves with the command as kept once it is on the disk. */
  async put(command) {
    unanswered.add(command.command_id);
    const kept = await queue.put({ user: user(), page: location.pathname, tab, ...command });
    announce("saoku:stored", { command: kept });
    return kept;
  },
  resume() {
    tell({ wake: true });
    return queue.resume();
  },
  list: () => queue.list(),
  /** Those without an answer, of every user, in the order of sending. */
  waiting: async () => (await queue.list()).filter(({ waiting }) => waiting !== undefined),
  settle: (commandId, state) => queue.settle(commandId, state),
  again: (commandId) => queue.again(commandId),
  get pending() {
    return queue.pending;
  },
};

/** The state of the queue at this moment, for elements that arrive late. */
export const queueState = () => now;

async function comeBack() {
  if (document.visibilityState !== "visible" || !now.pending) return;
  if (now.state === "login") await signedOut();
  outbox.resume();
}

/** Where work is done, ask the browser to keep what it holds, and see whether there is room. */
async function secureRoom() {
  const { storage } = navigator;
  if (!storage?.persist || !document.querySelector("scan-field")) return;
  if (!(await storage.persisted())) await storage.persist();
  const { quota, usage } = await storage.estimate();
  if (quota - usage < ROOM_BYTES) storageRefused(`only ${quota - usage} bytes are free`, "full");
}

/** A page that was loaded anew waits for what it had sent before. */
async function remember() {
  const mine = (one) => one.tab === tab && one.page === location.pathname;
  for (const one of await outbox.waiting()) if (mine(one)) unanswered.add(one.command_id);
}

/** Send what is left from before; resume on network and on return to the page. */
export function watchOutbox() {
  beSeen();
  remember().catch(() => {});
  queue.resume();
  secureRoom().catch(() => {});
  window.addEventListener("online", () => outbox.resume());
  window.addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  // A login in another tab or window tells this page nothing, if it was in sight all the time.
  setInterval(() => now.state === "login" && comeBack(), LOOK_FOR_LOGIN_MS);
  document.addEventListener("saoku:told", ({ detail }) => queue.told(detail.command_id));
  // What is on the disk can wait; what is only in this page would go with it.
  window.addEventListener("beforeunload", (event) => {
    if (now.pending && now.storage === "memory") event.preventDefault();
  });
}
