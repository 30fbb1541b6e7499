import htmx from "../vendor/htmx.esm.min.js";

const FIELD = "input:not([type=hidden]), textarea, select";
const OURS = new Set(["command_id", "occurred_at", "sequence", "_csrf"]);
let running = null;
let waiting = new Set();

const words = (element) => element.textContent.replace(/\s+/g, " ").trim();

/** All that a reader can tell two states of a region by; the ids of forms differ in each reading. */
function look(region) {
  const parts = [...region.querySelectorAll("[href], [action], [data-values], [class], [name]")].map((one) => {
    const value = one.matches("[type=hidden]") && !OURS.has(one.name) ? one.value : "";
    return [one.getAttribute("href"), one.getAttribute("action"), one.dataset.values, one.className, value].join(" ");
  });
  return [words(region), ...parts].join("\n");
}

/** Whether something else is chosen in it than the page came with. */
function isChanged(field) {
  if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected && field.selectedIndex > 0);
  return field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** Whoever writes or has ticked something in it is not disturbed. */
function isBusy(region) {
  const fields = [...region.querySelectorAll(FIELD)];
  return fields.some((field) => field === document.activeElement || isChanged(field));
}

/** What can be unfolded, by names that are the same after a swap. */
function folds(region) {
  const seen = new Map();
  return [...region.querySelectorAll("details")].map((one) => {
    const place = one.id || `${one.parentElement.closest("[id]").id}/`;
    const turn = seen.get(place) ?? 0;
    seen.set(place, turn + 1);
    return [`${place}${turn}`, one];
  });
}

/** Put `html` in the place of the region; says so with its tone where the words are others. */
export async function replace(region, html) {
  const before = words(region);
  const { id } = region;
  const open = new Map(folds(region).map(([name, one]) => [name, one.open]));
  await htmx.swap({ sourceElement: region, text: html, target: region, swap: "outerMorph" });
  const now = document.getElementById(id);
  if (!now) return;
  // What somebody opened stays open.
  for (const [name, one] of folds(now)) if (open.has(name)) one.open = open.get(name);
  const tone = now.dataset.liveTone;
  if (!tone || words(now) === before) return;
  document.dispatchEvent(new CustomEvent("saoku:feedback", { detail: { tone } }));
}

async function readOnce(url, regions) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of regions) {
    const anew = page.getElementById(region.id);
    if (!anew || !region.isConnected || isBusy(region) || look(anew) === look(region)) continue;
    // Swapping is asynchronous, and two at once would see each other's half.
    await replace(region, anew.outerHTML);
  }
}

async function readWaiting() {
  while (waiting.size) {
    const regions = [...waiting];
    waiting = new Set();
    const urlOf = (region) => region.dataset.liveUrl ?? location.href;
    for (const url of new Set(regions.map(urlOf))) {
      await readOnce(url, regions.filter((region) => urlOf(region) === url)).catch(() => {});
    }
  }
  running = null;
}

/** Read these regions of the page anew, together; again, if asked again meanwhile. */
export function reread(regions) {
  for (const region of regions) waiting.add(region);
  running ??= readWaiting();
  return running;
}

/** A region that was written in is read when that is over. */
export function watchFields() {
  document.addEventListener("focusout", ({ target }) => {
    const region = target.closest?.("[data-live]");
    if (region) setTimeout(() => isBusy(region) || reread([region]), 300);
  });
}
