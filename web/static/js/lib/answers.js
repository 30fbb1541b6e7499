import htmx from "../vendor/htmx.esm.min.js";
import { announce, text } from "./page.js";

/** The events of an HX-Trigger header as [name, detail] pairs: JSON, or names with commas. */
export function triggered(header) {
  if (!header) return [];
  if (header.trim().startsWith("{")) return Object.entries(JSON.parse(header));
  return header.split(",").map((name) => [name.trim(), {}]);
}

function showProblem(message) {
  const box = document.querySelector("#problem");
  if (!box) return;
  const note = Object.assign(document.createElement("p"), { className: "problem__text" });
  note.textContent = message;
  box.replaceChildren(note);
}

async function swap(command, { text: html }) {
  const target = document.querySelector(command.target) ?? "#step";
  await htmx.swap({ sourceElement: document.body, text: html, target, swap: "outerHTML" });
}

let leaveFor = null;

/** Go where an answer has sent us, once nothing waits behind it. */
export function leave() {
  if (!leaveFor) return;
  // Once: a second call would break off the first.
  location.assign(leaveFor);
  leaveFor = null;
}

function feedback({ status, trigger }) {
  const events = triggered(trigger);
  if (!events.some(([name]) => name === "saoku:feedback")) {
    events.push(["saoku:feedback", { tone: status < 400 ? "accepted" : "refused" }]);
  }
  for (const [name, detail] of events) announce(name, detail);
}

/** Shows the stored answer of a command: sound first, then its regions. */
export async function showAnswer(command, answer) {
  if (answer.kind !== "answered") {
    const words = text(answer.kind === "fault" ? "queue_fault" : "queue_unsent");
    return announce("saoku:feedback", { tone: "refused", text: words });
  }
  feedback(answer);
  leaveFor = answer.goTo ?? leaveFor;
  // An empty answer changes nothing: swapped, it would take the target away.
  const isRegions = answer.isHtml && !answer.isPage && answer.text.trim();
  if (isRegions) await swap(command, answer);
  else if (answer.status >= 400) showProblem(text("odd_answer", { status: answer.status }));
}

/** What a refusal says, for the inbox: its words without the markup. */
export function reasonOf({ kind, status, text: html = "" }) {
  if (kind !== "answered") return { status, code: kind, text: "" };
  const said = new DOMParser().parseFromString(html, "text/html");
  const words = (place) => said.querySelector(place)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  return { status, code: "refused", text: words(".problem__text"), advice: words(".problem__text + p:not([class])") };
}
