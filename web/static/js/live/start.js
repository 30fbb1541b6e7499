import { LiveStream } from "./stream.js";
import { replace, reread, watchFields } from "./regions.js";

/*
 * Screens that change by themselves; loaded behind the page.
 *
 *   <section id="waiting" data-live="orders:3 approvals:3">   read anew from this page (or from
 *                       data-live-url) when one of these has changed; data-live-tone="attention"
 *                       makes a sound when its words are others then
 *   <section id="board" data-live-stream="/board/stream">     the stream brings the region itself
 */
const topicsOf = (region) => region.dataset.live.split(/\s+/).filter(Boolean);
const live = () => [...document.querySelectorAll("[data-live][id]")];

const told = new LiveStream("changed", (data) => {
  const changed = new Set(data.split(" "));
  reread(live().filter((region) => topicsOf(region).some((topic) => changed.has(topic))));
});
const brought = new LiveStream("region", (html) => {
  const region = document.querySelector("[data-live-stream]");
  if (region) replace(region, html);
  for (const clock of document.querySelectorAll("[data-live-time]")) {
    clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang);
  }
});

function follow() {
  const topics = [...new Set(live().flatMap(topicsOf))].sort().join(" ");
  told.follow(topics && `/live?topics=${encodeURIComponent(topics)}`);
  brought.follow(document.querySelector("[data-live-stream]")?.dataset.liveStream ?? "");
}

watchFields();
document.addEventListener("htmx:after:settle", follow);
follow();
