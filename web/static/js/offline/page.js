/** Put the regions of local work onto the page: those that the server's answers replace too. */
export function show({ problem, step, lines, bar }) {
  for (const [id, element] of Object.entries({ problem, step, lines })) document.getElementById(id)?.replaceWith(element);
  // New forms: one that was pressed and waits for its answer would take no second press.
  document.querySelector(".dock .action-bar")?.replaceWith(bar);
}

/**
 * The server's page in the place of the local one, without leaving it: the scan field stays, so a
 * scan in this very moment is not lost.  False where the server gave another page (a login).
 */
export async function softReload() {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector("#step")) return false;
  for (const region of ["#step", "#lines", ".dock .action-bar"]) swap(region, fresh);
  aimScans(fresh);
  // A refusal that is shown now is newer than this page.
  if (!document.querySelector("#problem")?.hasChildNodes()) swap("#problem", fresh);
  if (document.body.classList.contains("offline-page")) becomeReal(fresh);
  return true;
}

function swap(selector, fresh) {
  const [old, next] = [document.querySelector(selector), fresh.querySelector(selector)];
  if (old && next) old.replaceWith(document.adoptNode(next));
}

/** Where a piece of work has ended meanwhile, its scan box goes elsewhere from now on. */
function aimScans(fresh) {
  const [field, next] = [document, fresh].map((one) => one.querySelector("scan-field"));
  if (field && next) field.setAttribute("action", next.getAttribute("action"));
}

/** The stand-in page turns into the page that it stood in for. */
function becomeReal(fresh) {
  document.title = fresh.title;
  swap(".header", fresh);
  for (const name of ["csrf-token", "user-id"]) {
    const [old, next] = [document, fresh].map((one) => one.querySelector(`meta[name="${name}"]`));
    if (old && next) old.content = next.content;
  }
  const more = fresh.querySelector("#main > details.card");
  if (more) document.querySelector("#main").append(document.adoptNode(more));
  document.querySelectorAll("#offline-help, #offline-ways").forEach((one) => one.remove());
  document.body.classList.remove("offline-page");
}
