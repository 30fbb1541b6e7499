/**
 * The app shell and nothing else: files of this build from the cache, pages from the network, and a
 * page that says so when there is none.  It never caches or replays a POST: the outbox alone sends
 * commands.  Served at /sw.js; `?base=/static/<build>/` names the build.
 */
const base = new URL(self.location).searchParams.get("base") ?? "/static/";
const cacheName = `shell ${base}`;
const shell = ["offline.html", "css/app.css", "icons/icons.svg", "icons/saoku.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(fillShell());
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin === self.location.origin && pathname.startsWith(base)) {
    event.respondWith(fromShell(request));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(`${base}offline.html`)));
  }
});

async function fillShell() {
  const cache = await caches.open(cacheName);
  await cache.addAll(shell.map((path) => base + path));
}

async function dropOldShells() {
  const old = (await caches.keys()).filter((name) => name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fromShell(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}
