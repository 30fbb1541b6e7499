import { compare } from "../decimal.js";
import { goodsOf } from "../goods.js";
import { LATER, NEEDS_SERVER } from "../kept.js";
import { message, refused } from "../outcomes.js";
import { mark } from "../words.js";
import { eventOf } from "./events.js";
import { step } from "./flow.js";
import { entriesOf, lastOf, linesIn } from "./lines.js";
import { markOf } from "./marks.js";

const GOODS = { step: "scan_goods", pending: null };
const UNIT_KEPT = mark("{sscc} is kept as a whole. What is inside is known when the network is back.");

/**
 * A place as this device has counted it: the package's state, moved on by each command that the
 * server has not answered yet.  Never changed in place: `take` returns the next one.
 *
 * entries  what was seen, see lines.js
 * said     what the last command led to: {message, tone, candidates, problem}
 * unsure   what the server makes of a command before is not known: nothing is refused here now
 */
export function begin({ package: { goods, documents, work } }, today) {
  return {
    goods: goodsOf({ ...goods, documents }), today,
    task: work.task_id, place: work.place, zone: work.zone, round: work.round,
    state: work.state, entries: entriesOf(work.lines),
    expected: new Set(work.expected), cut: new Set(work.cut),
    made: 0, said: null, unsure: false,
  };
}

/** The tally after one command of the outbox. */
export function take(tally, command) {
  const event = eventOf(tally, command.url.slice(command.url.lastIndexOf("/") + 1), new Map(command.fields));
  if (event.problem) return told(tally, refused(tally.state, event.problem));
  if (event.kind === "server" && !event.raw) return { ...later(tally, null), unsure: true };
  if (event.kind === "server" || isCut(tally, event)) return kept(tally, event.raw);
  if (followsUnknown(tally, event)) return following(tally, event);
  const result = step(tally.state, event, factsOf(tally, event));
  if (result.problem) return notTaken(tally, event, result);
  return result.intents.reduce(intend, told({ ...tally, state: result.state }, result));
}

const isCounting = ({ step: now }) => now !== "scan_location" && now !== "done";

/** A lot that is not among those of the package, of an item whose lots are not all in it. */
function isCut({ cut, state }, event) {
  if (event.kind === "item") return isCounting(state) && Boolean(event.lot) && !event.known && cut.has(event.item.id);
  const isLot = event.kind === "typed_lot" ? !event.known : ["unknown", "search"].includes(event.kind);
  return Boolean(state.pending) && isLot && cut.has(state.pending.item.id);
}

/** Typed or taken back after a code that this device could not read: about goods it does not know. */
function followsUnknown({ entries, state }, event) {
  const newest = entries.at(-1);
  if (state.step !== "scan_goods" || !newest || newest.lines) return false;
  return event.kind === "quantity" || (event.kind === "command" && /^(?:UNDO|CANCEL|\+\d+)$/.test(event.name));
}

function following(tally, { kind, name = "" }) {
  const isUndo = kind === "command" && !name.startsWith("+");
  const entries = isUndo ? tally.entries.slice(0, -1) : [...tally.entries, { raw: "" }];
  return { ...later(tally, null), entries, unsure: true };
}

/** Refused, unless the server may know better. */
function notTaken(tally, event, { problem: found }) {
  if (event.kind === "unknown" && found.name === "UnknownCode") {
    return kept(tally, event.raw);
  }
  if (event.kind === "logistic_unit" && found.name === "UnitUnknown") return wholeUnit(tally, event.sscc);
  return tally.unsure ? later(tally, null) : told(tally, refused(tally.state, found));
}

/** What only the server can read counts as one entry until it has. */
function kept(tally, raw) {
  if (!isCounting(tally.state)) return later(tally, raw);
  return { ...later(tally, raw), state: GOODS, entries: [...tally.entries, { raw }], unsure: true };
}

function wholeUnit(tally, sscc) {
  const words = { message: message(UNIT_KEPT, { sscc }), tone: "accepted" };
  return { ...told(tally, words), state: GOODS, entries: [...tally.entries, { sscc }], unsure: true };
}

function told(tally, { message: words, tone, candidates = [], problem: found = null }) {
  return { ...tally, said: { message: words, also: null, tone, candidates, problem: found } };
}

function later(tally, raw) {
  return told(tally, { message: message(raw ? NEEDS_SERVER : LATER, { raw: raw ?? "" }), tone: "attention" });
}

// What the flow may know

/** As far as it concerns what came in, as the server's facts of a scan. */
function factsOf(tally, event) {
  const { place, entries, state } = tally;
  const item = event.item ?? state.pending?.item ?? null;
  const lot = event.kind === "lot" ? event.lot : (event.known ?? null);
  return {
    place, closed: false, last: lastOf(entries), lines: entries.length,
    on_books: item && isExpected(tally, item, lot) ? [[item.id, lot?.id ?? null]] : [],
    elsewhere: item?.tracking === "serial" && lot && wasSeen(entries, item, lot) ? place.location : null,
    unit: [], unit_seen: event.kind === "logistic_unit" && hasUnit(entries, event.sscc),
  };
}

const isExpected = ({ task, expected }, item, lot) => expected.has(markOf(task, item.id, lot?.id ?? null));
const hasUnit = (entries, sscc) => entries.some((one) => one.sscc === sscc || one.lines?.some((line) => line.sscc === sscc));

/** Here; what was counted in other places, only the server knows. */
function wasSeen(entries, item, { code }) {
  return linesIn(entries).some((line) => line.item.id === item.id && line.lot === code && compare(line.quantity, "0") > 0);
}

// What has to be done

const INTENTS = {
  add: added,
  undo: (tally) => ({ ...tally, entries: tally.entries.slice(0, -1) }),
  finish: (tally) => tally,
};
const intend = (tally, intent) => INTENTS[intent.kind](tally, intent);

function added(tally, { item, quantity, lot, lot_id: known, dates, unit_id: unit = null, sscc = null, last_day: day, is_unexpected: odd }) {
  const made = lot !== null && known === null ? tally.made + 1 : tally.made;
  const id = lot !== null && known === null ? -made : known;
  const line = { item, quantity, lot_id: id, lot, unit_id: unit, sscc, is_unexpected: odd, last_day: day ?? lastDay(tally, item, lot, dates) };
  const goods = made === tally.made ? tally.goods : withLot(tally.goods, item, { id, code: lot, ...dates });
  return { ...tally, goods, made, entries: [...tally.entries, { lines: [line] }] };
}

function lastDay({ goods }, item, lot, dates = null) {
  const said = (lot && goods.lots.get(`${item.id} ${lot}`)) || dates;
  return said?.expires_on ?? said?.best_before_on ?? null;
}

/** From now on the lot is known: nobody is asked for its date again. */
function withLot(goods, item, lot) {
  const others = (goods.lotsByCode.get(lot.code) ?? []).filter((one) => one.item.id !== item.id);
  return {
    ...goods,
    lots: new Map([...goods.lots, [`${item.id} ${lot.code}`, lot]]),
    lotsByCode: new Map([...goods.lotsByCode, [lot.code, [...others, { item, lot }]]]),
  };
}
