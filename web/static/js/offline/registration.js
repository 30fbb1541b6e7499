const AGAIN_MS = 30_000;
const AT_MOST_MS = 3_600_000;

/** Until that time is over, or the network is back. */
function rest(ms) {
  return new Promise((done) => {
    setTimeout(done, ms);
    globalThis.addEventListener?.("online", done, { once: true });
  });
}

/** False where the installation broke off: one of its files did not come. */
async function isInstalled({ active, waiting, installing }) {
  if (active || waiting) return true;
  if (!installing) return false;
  return new Promise((done) => {
    const told = () => done(installing.state !== "redundant");
    installing.addEventListener("statechange", told, { once: true });
  });
}

/** The registration of the site's worker; tried again until it stands, as Wi-Fi may be bad. */
export async function registered(container, pause = rest) {
  for (let ms = AGAIN_MS; ; ms = Math.min(2 * ms, AT_MOST_MS)) {
    const registration = await container.register("/sw.js").catch(() => null);
    if (registration && (await isInstalled(registration))) return registration;
    await pause(ms);
  }
}

/**
 * Have this page served by the worker too.  One whose navigation began before the worker was active,
 * and ended after it, is not among those that the worker takes over by itself.
 */
export async function beServed(container) {
  const { active } = await container.ready;
  if (!container.controller) active.postMessage({ type: "claim" });
}
