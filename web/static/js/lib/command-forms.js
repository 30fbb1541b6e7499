import { outbox } from "../outbox.js";
import { command, stamp } from "./command.js";
import { token } from "./page.js";

const OURS = new Set(["command_id", "occurred_at", "_csrf"]);
const waiting = new Map();
let sent = new WeakSet();

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const found = form.querySelector(`input[type="hidden"][name="${name}"]`);
    const input = found ?? form.appendChild(document.createElement("input"));
    Object.assign(input, { type: "hidden", name, value });
  }
}

function queue(form, submitter) {
  // Pressed again while the first press waits for its answer: still the same command.
  if ([...waiting.values()].includes(form)) return;
  const fields = [...new FormData(form, submitter)].filter(([name]) => !OURS.has(name));
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const made = stamp();
  fill(form, { ...made, _csrf: token() });
  waiting.set(made.command_id, form);
  form.setAttribute("aria-busy", "true");
  outbox.put(command({ url, fields, target: form.dataset.target }, made));
}

function answered({ detail }) {
  const form = waiting.get(detail.command.command_id);
  waiting.delete(detail.command.command_id);
  form?.removeAttribute("aria-busy");
}

function submitted(event) {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.matches("[data-command]")) {
    event.preventDefault();
    queue(form, event.submitter);
  } else if (!sent.has(form)) {
    // Pressed again, because nothing seemed to happen, it is the same command.
    sent.add(form);
    fill(form, { ...stamp(), ...(token() && { _csrf: token() }) });
  }
}

/** Requests that htmx makes itself carry the same fields. */
function configured({ detail }) {
  const { request } = detail.ctx;
  if (!/^(POST|PUT|PATCH)$/.test(request.method) || request.body.has("command_id")) return;
  for (const [name, value] of Object.entries({ ...stamp(), _csrf: token() })) {
    request.body.set(name, value);
  }
}

/**
 * Every POST carries a command.  Forms with `data-command` go through the outbox, behind the scans
 * made before them; other forms (files, login) are sent by the browser with the fields filled in.
 */
export function watchForms() {
  document.addEventListener("submit", submitted);
  document.addEventListener("saoku:answered", answered);
  // Back to a page that the browser kept: what is sent from it now is new.
  window.addEventListener("pageshow", () => (sent = new WeakSet()));
  document.addEventListener("htmx:config:request", configured);
}
