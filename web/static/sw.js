/**
 * The files of this build, the page that stands in where there is no network, and nothing else.
 * It never keeps or sends a POST: the outbox alone sends commands.
 *
 * The server puts `self.SHELL` in front of it (app/kit/static_files.py): {base, files, later}, where
 * `files` are [path, digest of the content]: an update fetches only what has changed.  `later` is
 * what the camera needs: large, fetched behind the rest.
 */
const { base, files, later } = self.SHELL;
const CACHE = `shell ${base}`;
const PAGES = "pages";
const OFFLINE = "/offline";
const DIGESTS = "/static/digests.json";
// A page that takes longer than this over bad Wi-Fi is no page to work on.
const WAIT_MS = 8000;
const CARRIED = /^\/[a-z-]+\/\d+$/;
const NO_SERVER = new Set([502, 503, 504]);

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("message", (event) => {
  const { data } = event;
  if (data?.type === "activate") self.skipWaiting();
  if (data?.type === "claim") event.waitUntil(self.clients.claim());
  if (data?.type === "language") event.waitUntil(keepOfflinePage(data.language));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method !== "GET") {
    // The next person on this device sees nothing of this one; the queue is not ours to touch.
    if (pathname === "/logout") event.waitUntil(forgetPerson());
    return;
  }
  if (pathname.startsWith("/static/")) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(page(request, pathname));
});

async function fill() {
  const cache = await caches.open(CACHE);
  const old = await oldFiles();
  await Promise.all(files.map(async ([path, digest]) => {
    const known = old.get(`${path} ${digest}`);
    await cache.put(base + path, known ?? (await fetched(base + path)));
  }));
  await cache.put(DIGESTS, new Response(JSON.stringify(files)));
  await keepOfflinePage("");
}

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** The files of earlier builds that are kept, by path and digest. */
async function oldFiles() {
  const found = new Map();
  for (const name of await shells()) {
    const cache = await caches.open(name);
    const digests = await (await cache.match(DIGESTS))?.json();
    for (const [path, digest] of digests ?? []) {
      const answer = await cache.match(name.slice("shell ".length) + path);
      if (answer) found.set(`${path} ${digest}`, answer);
    }
  }
  return found;
}

const shells = async () => (await caches.keys()).filter((name) => name.startsWith("shell ") && name !== CACHE);

/** The page in one language; "" is the one that the browser's cookies ask for. */
async function keepOfflinePage(language) {
  const cache = await caches.open(CACHE);
  const answer = await fetched(`${OFFLINE}?language=${language}`);
  await cache.put(OFFLINE, answer);
}

async function takeOver() {
  // The build before this one stays: a page of it may still be open and want a module of it.
  const [, ...older] = (await shells()).reverse();
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.clients.claim();
  fetchLater().catch(() => {});
}

async function fetchLater() {
  const cache = await caches.open(CACHE);
  for (const [path] of later) {
    if (!(await cache.match(base + path))) await cache.put(base + path, await fetched(base + path));
  }
}

async function fromShell(request) {
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  const isOurs = new URL(request.url).pathname.startsWith(base);
  if (answer.ok && isOurs) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

async function page(request, path) {
  try {
    const answer = await (CARRIED.test(path) ? soon(request) : fetch(request));
    if (NO_SERVER.has(answer.status)) return standIn(path, answer);
    if (path === "/outbox" && answer.ok && !answer.redirected) (await caches.open(PAGES)).put(path, answer.clone());
    return answer;
  } catch {
    return standIn(path, Response.error());
  }
}

function soon(request) {
  const tooLate = new Promise((_, refuse) => setTimeout(refuse, WAIT_MS, new Error("too late")));
  return Promise.race([fetch(request), tooLate]);
}

async function standIn(path, otherwise) {
  const kept = path === "/outbox" ? await (await caches.open(PAGES)).match(path) : null;
  return kept ?? (await (await caches.open(CACHE)).match(OFFLINE)) ?? otherwise;
}

async function forgetPerson() {
  indexedDB.deleteDatabase("saoku-work");
  await caches.delete(PAGES);
}
