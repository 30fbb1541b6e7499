import { compare } from "../decimal.js";
import { goodsOf } from "../goods.js";
import { LATER, NEEDS_SERVER, UNDONE_LATER } from "../kept.js";
import { message, refused } from "../outcomes.js";
import { problem } from "./checks.js";
import { eventOf } from "./events.js";
import { step } from "./flow.js";
import { isOpen } from "./state.js";
import { afterTake, afterUndo, numbered, toTheEnd } from "./stops.js";

/**
 * A pick as this device sees it: the package's state, moved on by each command that the server has
 * not answered yet.  Never changed in place: `take` returns the next one.
 *
 * state    of the flow, as the server keeps it
 * facts    what the flow is stepped with, less the goods beside, which only the server knows
 * stops    all of them, those that are done too
 * lies     where goods lie that a stop wants: {location_id, item_id, balance_id}
 * said     what the last command led to: {message, also, tone, problem}
 * unsure   what the server makes of a command before is not known: nothing is refused here now
 */
export function begin({ package: work }, today) {
  const { facts, state, lies, done, total } = work.work;
  return {
    goods: goodsOf({ ...work.goods, documents: work.documents }),
    today, state, facts, lies, done, total,
    stops: numbered(facts.stops),
    history: [], paused: false, said: null, unsure: false, newest: null,
  };
}

/** The tally after one command of the outbox. */
export function take(tally, command) {
  const event = eventOf(tally, command.url.slice(command.url.lastIndexOf("/") + 1), new Map(command.fields));
  if (event.problem) return told(tally, refused(tally.state, event.problem));
  if (event.kind === "server") return drifting(later(tally, event.raw));
  if (tally.paused) return refusal(tally, problem("PickPaused", { number: "", pick_id: tally.facts.pick_id }));
  if (event.kind === "logistic_unit" && !tally.stops.some(({ sscc }) => sscc === event.sscc)) return drifting(later(tally, event.raw));
  const { asked, result } = stepped(tally, event);
  if (asked && mayLieBeside(tally, event)) return drifting(later(tally, event.raw));
  // A code that this device does not know may well be known to the server.
  if (event.kind === "unknown" && result.problem) return later(tally, event.raw);
  if (result.problem) return refusal(tally, result.problem);
  return result.intents.reduce(intend, told({ ...tally, state: result.state }, result));
}

/** The flow's step, and whether it had to know what else lies at the place. */
function stepped(tally, event) {
  let asked = false;
  const facts = {
    ...tally.facts,
    stops: tally.stops.filter(isOpen),
    get others() {
      asked = true;
      return [];
    },
  };
  const result = step(tally.state, event, facts);
  return { asked, result };
}

/** Whether goods that a stop wants lie where they were scanned, beside those of the stops. */
function mayLieBeside({ stops, lies, state }, event) {
  const open = stops.filter(isOpen);
  const beside = lies.filter((one) => open.some(({ item }) => item.id === one.item_id) && !open.some(({ balance_id: id }) => id === one.balance_id));
  if (event.kind === "location") return event.place === "storage" && beside.some((one) => one.location_id === event.id);
  const here = beside.filter((one) => one.location_id === state.location_id);
  return event.item ? here.some((one) => one.item_id === event.item.id) : true;
}

function told(tally, { message: words, also = null, tone, candidates = [], problem: found = null }) {
  return { ...tally, said: { message: words, also, tone, candidates, problem: found } };
}

/** Whatever else was said: with a problem nothing changes at all. */
function refusal(tally, found) {
  return tally.unsure ? later(tally, null) : told(tally, refused(tally.state, found));
}

function later(tally, raw) {
  return told(tally, { message: message(raw ? NEEDS_SERVER : LATER, { raw: raw ?? "" }), tone: "attention" });
}

const drifting = (tally) => ({ ...tally, unsure: true });

// What has to be done

const INTENTS = {
  take: booked,
  skip: (tally, { stop }) => ({ ...tally, stops: toTheEnd(tally.stops, stop) }),
  not_empty: (tally) => tally,
  undo: takenBack,
  pause: (tally) => ({ ...tally, paused: true }),
  close: (tally) => tally,
  ask_short: (tally) => later(tally, null),
  ask_to_close: (tally) => later(tally, null),
};

/** What only the server can do is kept for it. */
function intend(tally, intent) {
  const act = INTENTS[intent.kind];
  return act ? act(tally, intent) : drifting(later(tally, null));
}

function booked(tally, { stop, quantity }) {
  const { stops, entry } = afterTake(tally.stops, stop, quantity);
  const { facts } = tally;
  const isEmptied = compare(stop.on_hand, quantity) === 0;
  const lies = isEmptied ? tally.lies.filter((one) => one.balance_id !== stop.balance_id) : tally.lies;
  return {
    ...tally, stops, lies, newest: stop,
    history: [...tally.history, { entry, last: facts.last, lies: tally.lies }],
    facts: { ...facts, last: { location_id: stop.location_id, location: stop.location } },
  };
}

/** What was taken here goes back; what the server booked before, it takes back itself. */
function takenBack(tally) {
  const newest = tally.history.at(-1);
  if (!newest) return drifting(told(tally, { message: message(UNDONE_LATER), tone: "attention" }));
  return {
    ...tally, stops: afterUndo(tally.stops, newest.entry), lies: newest.lies,
    history: tally.history.slice(0, -1), facts: { ...tally.facts, last: newest.last },
  };
}
