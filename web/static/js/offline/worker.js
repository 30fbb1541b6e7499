import { queueState } from "../outbox.js";
import { h } from "./dom.js";
import { inWords } from "./language.js";
import { beServed, registered } from "./registration.js";
import { mark, say } from "./words.js";

const LOOK_EVERY_MS = 3_600_000;
/** Nobody is in the middle of something: nothing waits, and the last scan is a while ago. */
const QUIET_MS = 4000;
let lastScan = 0;

const isQuiet = () => !queueState().pending && Date.now() - lastScan > QUIET_MS;

/** Keep the worker of the site fresh; an update is offered in a quiet moment, never forced. */
export async function watchWorker() {
  if (!navigator.serviceWorker) return;
  document.addEventListener("scan", () => (lastScan = Date.now()));
  const registration = await registered(navigator.serviceWorker);
  beServed(navigator.serviceWorker);
  tellLanguage();
  // At a start nothing is in hand yet: the new version may take over at once.
  if (registration.waiting && isQuiet()) activate(registration.waiting);
  registration.addEventListener("updatefound", () => whenReady(registration.installing));
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < LOOK_EVERY_MS) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
}

const activate = (worker) => worker.postMessage({ type: "activate" });

/** The stand-in page speaks the language of the pages that were seen here. */
async function tellLanguage() {
  const language = document.documentElement.lang.startsWith("zh") ? "zh_CN" : "en";
  if (sessionStorage.getItem("saoku.offline-language") === language) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ type: "language", language });
  sessionStorage.setItem("saoku.offline-language", language);
}

function whenReady(worker) {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offerWhenQuiet(worker);
  });
}

function offerWhenQuiet(worker) {
  if (!isQuiet()) return setTimeout(() => offerWhenQuiet(worker), QUIET_MS);
  return inWords(() => offer(worker));
}

function offer(worker) {
  const button = h("button", { class: "button", type: "button" }, say(mark("Update now")));
  const bar = h("div", { class: "offline-bar", role: "status", id: "offline-update" },
    h("span", {}, say(mark("A new version is ready."))), button);
  button.addEventListener("click", () => update(worker, bar));
  document.querySelector("#main")?.prepend(bar);
}

function update(worker, bar) {
  // A scan came in between: it goes first.
  if (queueState().pending) return setTimeout(() => update(worker, bar), QUIET_MS / 4);
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  activate(worker);
  return bar.remove();
}
