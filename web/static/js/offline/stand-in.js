import { user } from "../lib/page.js";
import { outbox } from "../outbox.js";
import { h } from "./dom.js";
import { inWords } from "./language.js";
import { belongsTo, kept } from "./packages.js";
import { LocalWork } from "./work.js";
import { mark, say } from "./words.js";

const LOOK_EVERY_MS = 10_000;

/**
 * Fills the page that the worker gives where there is no network: the work whose page this is, or
 * the list of the work on this device.
 */
export async function standIn() {
  document.body.classList.add("offline-page");
  document.querySelector("[data-retry]")?.setAttribute("href", location.href);
  const records = await kept();
  const record = records.find(({ url }) => url === location.pathname);
  if (record) return open(record);
  await inWords();
  await list(records);
  return watchNetwork();
}

/** A list is no work: as soon as the server answers, its own page is better. */
function watchNetwork() {
  const look = async () => {
    const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
  };
  window.addEventListener("online", look);
  setInterval(() => document.visibilityState === "visible" && look(), LOOK_EVERY_MS);
}

function open(record) {
  const { open: work, user: name, store } = record.package;
  // The queue signs its commands with the person of the page.
  const holder = document.querySelector('meta[name="user-id"]');
  if (holder && !user()) holder.content = String(record.user_id);
  document.querySelector("h1").textContent = work.title;
  document.querySelector("h1").after(h("p", { class: "header__who" }, `${name} · ${store}`));
  document.querySelector("#lines").hidden = false;
  document.querySelector("#offline-ways").remove();
  const dock = document.querySelector("#offline-dock");
  const parts = dock.content.cloneNode(true);
  parts.querySelector("scan-field").setAttribute("action", `${record.url}/scans`);
  dock.replaceWith(parts);
  outbox.resume();
  return new LocalWork(record, { away: true });
}

async function list(records) {
  const lines = document.querySelector("#lines");
  const waiting = await outbox.waiting();
  const sorted = records.sort((one, other) => one.package.open.workflow.localeCompare(other.package.open.workflow) ||
    one.package.open.title.localeCompare(other.package.open.title, undefined, { numeric: true }));
  lines.hidden = false;
  lines.replaceChildren(
    h("div", { class: "lines__head" }, h("h2", {}, say(mark("Work on this device")))),
    ...sorted.map(({ url, package: { open: work } }) => rowOf(url, work, waiting.filter((command) => belongsTo(command, url)).length)),
    ...(records.length ? [] : [h("p", { class: "lines__row soft" }, say(mark("No open work is kept on this device.")))]),
  );
}

/** One piece of work, and how much of what was done there the server has not heard yet. */
function rowOf(url, { title, note }, count) {
  return h("a", { class: "lines__row", href: url },
    h("span", { class: "lines__name" }, title),
    h("span", { class: "lines__note" }, note, count > 0 && [note && " · ", h("span", { class: "unconfirmed-words" }, say(mark("{quantity} not yet confirmed"), { quantity: count }))]));
}
