import { meta, user } from "../lib/page.js";
import { queueState } from "../outbox.js";
import { offerInstall } from "./install.js";
import { fetchPackage, forget, keepOnlyOf, kept, noteAccepted } from "./packages.js";
import { watchWorker } from "./worker.js";

/*
 * What makes the product an app that works without network; loaded behind the page itself, so that
 * the first scan waits for none of it.
 */
const LIST_MS = 60_000;
/** Of each workflow: many open receipts leave room for the places to be counted. */
const MOST_CARRIED = 10;
/** Pages on which open work is fetched for later. */
const LISTS = ["/", "/receiving", "/picking", "/counting"];
const isStandIn = Boolean(document.querySelector('meta[name="offline-page"]'));

/** Unsent scans, on the icon of the installed app. */
function badge({ pending, inbox = 0 }) {
  const count = pending + inbox;
  const set = count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  set?.catch(() => {});
}

/** Fetch the open work of this person for later, and drop what is no longer open. */
async function carryOpenWork() {
  if (Date.now() - Number(sessionStorage.getItem("saoku.listed") ?? 0) < LIST_MS) return;
  const answer = await fetch("/packages", { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const works = await answer.json();
  const open = works.map(({ workflow, id }) => `${workflow}/${id}`);
  sessionStorage.setItem("saoku.listed", String(Date.now()));
  const { pending, state } = queueState();
  const waits = pending || state === "opening";
  // What is on this page is open too, even where the list has no room for it.
  const held = [...open, meta("work-package")];
  for (const { key } of await kept()) if (!held.includes(key) && !waits) await forget(key);
  const taken = works.filter((work, at) => works.slice(0, at).filter((one) => one.workflow === work.workflow).length < MOST_CARRIED);
  for (const { workflow, id } of taken) await fetchPackage(`${workflow}/${id}`).catch(lookAgain);
}

/** One that cannot be had now keeps no other away; the next page tries again. */
function lookAgain(error) {
  sessionStorage.removeItem("saoku.listed");
  console.warn("saoku: work was not fetched", error);
}

async function online() {
  // Signed out, or another person: nobody sees the work of somebody else.
  await keepOnlyOf(user());
  if (!user()) return;
  const key = meta("work-package");
  if (key) await (await import("./work.js")).carry(key);
  // A counter goes from place to place without seeing a list in between.
  if (LISTS.includes(location.pathname) || key?.startsWith("counting/")) await carryOpenWork();
}

async function begin() {
  document.addEventListener("saoku:queue", ({ detail }) => badge(detail));
  badge(queueState());
  document.addEventListener("saoku:answered", ({ detail: { command, status } }) => {
    if (status < 400) noteAccepted(command).catch(() => {});
  });
  watchWorker();
  if (isStandIn) return (await import("./stand-in.js")).standIn();
  offerInstall();
  return online();
}

begin().catch((error) => console.warn("saoku: no work is carried along", error));
