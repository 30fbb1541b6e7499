import { user } from "../lib/page.js";
import { outbox } from "../outbox.js";
import { h } from "./dom.js";
import { inWords } from "./language.js";
import { kept } from "./packages.js";
import { LocalWork } from "./work.js";
import { mark, say } from "./words.js";

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
  return list(records);
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

function list(records) {
  const lines = document.querySelector("#lines");
  lines.hidden = false;
  lines.replaceChildren(
    h("div", { class: "lines__head" }, h("h2", {}, say(mark("Work on this device")))),
    ...records.map(({ url, package: { open: work } }) => h("a", { class: "lines__row", href: url },
      h("span", { class: "lines__name" }, work.note || work.title),
      h("span", { class: "lines__note" }, work.title))),
    ...(records.length ? [] : [h("p", { class: "lines__row soft" }, say(mark("No open work is kept on this device.")))]),
  );
}
