/** The page of this device's scans: drawn from its own store, so that it works without a network. */
import { command } from "./lib/command.js";
import { user } from "./lib/page.js";
import { shownMoment } from "./lib/shown-moment.js";
import { outbox, queueState } from "./outbox.js";

const texts = JSON.parse(document.getElementById("queue-texts").textContent);
const SHOWN = 60;
const TONES = {
  accepted: "good", retried: "accent", refused: "bad", inbox: "bad", stored: "warn", sent: "warn",
};
/** What a person may correct; the rest of a command says which work it belongs to. */
const CORRECTABLE = ["code", "quantity", "lot", "expires_on", "produced_on"];

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const shown = (value) => value.replaceAll("\u001d", "␝");

function title({ kind, url, fields }) {
  if (kind === "report") {
    const { event, note = "" } = Object.fromEntries(fields);
    return [texts[event], note].filter(Boolean).join(": ") || "—";
  }
  const named = fields.filter(([name, value]) => value && texts[name] && name !== "note");
  return named.map(([name, value]) => `${texts[name]} ${shown(value)}`).join(" · ") || `${texts.operation} ${url}`;
}

function reason({ state, waiting, answer }) {
  if (waiting !== undefined && waiting !== user()) return texts.other;
  if (state !== "inbox" && state !== "refused") return "";
  return texts[answer?.code] && !answer.text ? texts[answer.code] : (answer?.text ?? "");
}

function entry(kept) {
  const item = clone("queue-entry");
  const set = (part, words) => (item.querySelector(`[data-${part}]`).textContent = words);
  const when = shownMoment(new Date(kept.occurred_at), document.documentElement.lang);
  set("what", title(kept));
  set("state", texts[kept.state] ?? kept.state);
  set("reason", reason(kept));
  set("when", [when, kept.sequence && fill(texts.number, { number: kept.sequence })].filter(Boolean).join(" · "));
  if (TONES[kept.state]) item.querySelector(".tag").classList.add(`tag--${TONES[kept.state]}`);
  item.dataset.id = kept.command_id;
  return item;
}

function decision(kept) {
  const item = entry(kept);
  const choices = clone("queue-choices");
  choices.querySelector("[data-choice=retry]").addEventListener("click", () => retry(kept));
  const correct = choices.querySelector("[data-choice=correct]");
  const boxes = kept.fields.filter(([name, value]) => CORRECTABLE.includes(name) && value).map(box);
  correct.querySelector("[data-fields]").append(...boxes);
  if (!boxes.length || unknown(kept)) correct.closest("details").remove();
  else correct.addEventListener("submit", (event) => corrected(event, kept));
  choices.querySelector("[data-choice=report]").addEventListener("submit", (event) => report(event, kept));
  item.append(choices);
  return item;
}

const handsOver = "handsOver" in document.getElementById("queue-waiting").dataset;

/** What waits for a person who may never come back can be handed over by a supervisor. */
function waitingEntry(kept) {
  const item = entry(kept);
  if (kept.waiting === user() || !handsOver) return item;
  const choices = clone("queue-choices");
  const form = choices.querySelector("[data-choice=report]");
  form.addEventListener("submit", (event) => report(event, kept));
  const own = form.closest("details");
  choices.replaceChildren(own);
  item.append(choices);
  return item;
}

function box([name, value]) {
  const label = Object.assign(document.createElement("label"), { className: "field" });
  const words = Object.assign(document.createElement("span"), { className: "field__label" });
  words.textContent = texts[name];
  const input = Object.assign(document.createElement("input"), { className: "field__input", name, value });
  label.append(words, input);
  return label;
}

/** Nobody knows what the server did with it: then only the same id is safe. */
const unknown = ({ answer }) => answer?.code === "fault";

async function retry(kept, fields = kept.fields) {
  if (unknown(kept)) return outbox.again(kept.command_id);
  const { url, kind, target, page } = kept;
  await outbox.put({ ...command({ url, fields, kind, target }), page, retry_of: kept.command_id });
  document.activeElement?.blur();
  await outbox.settle(kept.command_id, "retried");
}

function corrected(event, kept) {
  event.preventDefault();
  const given = new FormData(event.target);
  const fields = kept.fields.map(([name, value]) => [name, given.get(name) ?? value]);
  retry(kept, fields);
}

async function report(event, kept) {
  event.preventDefault();
  const note = new FormData(event.target).get("note").trim();
  event.target.querySelector("[data-wrong]").textContent = note ? "" : texts.no_reason;
  if (!note) return;
  const said = event.submitter.value;
  const fields = { about_id: kept.command_id, event: said, note, content: JSON.stringify(kept) };
  await outbox.put(command({ url: "/outbox/conflicts", fields: Object.entries(fields), kind: "report" }));
  document.activeElement?.blur();
  await outbox.settle(kept.command_id, said);
}

function list(id, commands, draw) {
  const section = document.getElementById(id);
  section.hidden = !commands.length;
  section.querySelector("ul").replaceChildren(...commands.map(draw));
}

/** Whoever is writing a reason is not drawn away from under. */
const isWriting = (id) => document.activeElement?.closest(`#${id} details[open]`);

async function draw() {
  const kept = await outbox.list();
  const work = kept.filter(({ kind }) => kind !== "report");
  const waiting = kept.filter((one) => one.waiting !== undefined);
  const inbox = kept.filter((one) => one.inbox);
  if (!isWriting("queue-inbox")) list("queue-inbox", inbox, decision);
  if (!isWriting("queue-waiting")) list("queue-waiting", waiting.slice(0, SHOWN), waitingEntry);
  list("queue-history", work.filter(({ settled }) => settled).reverse().slice(0, SHOWN), entry);
  const { done, state } = queueState();
  const words = document.querySelector("queue-chip a")?.getAttribute("aria-label") ?? "";
  const total = done + waiting.length;
  const progress = done && waiting.length ? ` ${fill(texts.progress, { done, total })}` : "";
  Object.assign(document.getElementById("queue-state"), { textContent: words + progress });
  document.getElementById("queue-state").dataset.state = state;
}

let due = false;
/** At most a few times a second, however many answers come in. */
function drawSoon() {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    draw();
  }, 200);
}

for (const name of ["saoku:queue", "saoku:stored", "saoku:answered"]) {
  document.addEventListener(name, drawSoon);
}
draw();
