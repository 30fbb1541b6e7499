import { compare, minus, plain, plus } from "../decimal.js";
import { goodsOf } from "../goods.js";
import { LATER, NEEDS_SERVER, UNDONE_LATER } from "../kept.js";
import { message, refused } from "../outcomes.js";
import { resolve, tidied } from "../scanning/resolve.js";
import { dayOf, numberOf } from "../typed.js";
import { problem } from "./checks.js";
import { step } from "./flow.js";
import { sharesOf } from "./shares.js";

const NO_DATES = { produced_on: null, best_before_on: null, expires_on: null };

/**
 * A receipt as this device sees it: the package's state, moved on by each command that the server
 * has not answered yet.  Never changed in place: `take` returns the next one.
 *
 * state      of the flow, as the server keeps it
 * facts      what the flow is stepped with; lines and holdings move with each booking
 * said       what the last command led to: {message, also, tone, problem}
 * unsure     the server may see the last command otherwise: nothing may be corrected now
 */
export function begin({ package: work }, today) {
  const { facts, state, beside, order_is_cancelled: cancelled } = work.work;
  return {
    goods: goodsOf(work.goods && { ...work.goods, documents: work.documents }),
    state,
    facts: { ...facts, today, holdings: facts.holdings.filter(({ item }) => item) },
    beside: new Map(beside.map(({ item_id: id, received }) => [id, received])),
    cancelled,
    paused: false,
    history: [],
    booked: 0,
    said: null,
    unsure: false,
    newest: null,
  };
}

/** The tally after one command of the outbox. */
export function take(tally, command) {
  const given = new Map(command.fields);
  const event = eventOf(tally, command.url.slice(command.url.lastIndexOf("/") + 1), given);
  if (event.kind === "server") return later(tally, event.raw);
  if (event.problem) return told(tally, refused(tally.state, event.problem));
  if (tally.paused) return told(tally, refused(tally.state, problem("ReceiptPaused", { number: "", receipt_id: tally.facts.receipt_id })));
  const result = step(tally.state, event, tally.facts);
  // A code that this device does not know may well be known to the server.
  if (result.problem?.code.startsWith("unknown_")) return later(tally, event.text);
  // Whatever else was said: with a problem nothing changes at all.
  if (result.problem) return told(tally, { ...result, tone: "refused", also: null });
  const incoming = result.intents.some(({ kind }) => kind === "receive" || kind === "replace");
  if (incoming && tally.cancelled) return told(tally, refused(tally.state, problem("OrderCancelledMeanwhile", { order: "" })));
  const again = result.intents.find(({ kind, pending }) => kind === "receive" && isHere(tally, pending));
  if (again) return told(tally, refused(tally.state, problem("SerialInStock")));
  return result.intents.reduce(intend, told({ ...tally, state: result.state, unsure: false }, result));
}

/** A serial number exists once; those elsewhere in stock only the server knows. */
function isHere({ facts }, { item, lot }) {
  return item.tracking === "serial" && facts.holdings.some((held) => held.item.id === item.id && held.lot === lot);
}

function told(tally, { message: words, also = null, tone, candidates = [], problem: found = null }) {
  return { ...tally, said: { message: words, also, tone, candidates, problem: found } };
}

function later(tally, raw) {
  return { ...told(tally, { message: message(raw ? NEEDS_SERVER : LATER, { raw: raw ?? "" }), tone: "attention" }), unsure: true };
}

// What came in

function eventOf(tally, kind, given) {
  const read = READERS[kind];
  return read ? read(tally, given) : { kind: "server" };
}

const READERS = { scans: scanned, quantity: typedQuantity, lot: typedLot, expiry: typedDates, commands: pressed, undo: () => ({ kind: "command", name: "UNDO" }) };

const asEvent = (event) => (event.kind !== "command" ? event : ({ OK: { kind: "none" }, PUTAWAY: { kind: "turn" } }[event.name] ?? event));

function scanned(tally, given) {
  const code = given.get("code") ?? "";
  if (!code.trim()) return { problem: problem("EmptyScan") };
  const context = { today: tally.facts.today, item_id: tally.state.pending?.item.id ?? null };
  const meaning = resolve(code, tally.goods, context);
  return meaning.kind === "server" ? { kind: "server", raw: code } : asEvent(meaning);
}

function pressed(_tally, given) {
  return asEvent({ kind: "command", name: (given.get("button") ?? "").toUpperCase().slice(0, 40) });
}

function typedQuantity(_tally, given) {
  const text = given.get("quantity") ?? "";
  const quantity = numberOf(text);
  return quantity === null ? { problem: problem("NotANumber", { given: text.slice(0, 40) }) } : { kind: "quantity", quantity };
}

function typedLot({ state, goods }, given) {
  const code = tidied(given.get("lot") ?? "");
  return { kind: "typed_lot", code, known: (state.pending && goods.lots.get(`${state.pending.item.id} ${code}`)) ?? null };
}

function typedDates({ state }, given) {
  const [last, produced] = [given.get("expires_on") ?? "", given.get("produced_on") ?? ""].map((text) => [text, dayOf(text)]);
  const wrong = [last, produced].find(([, day]) => day === undefined);
  if (wrong || (last[1] === null && produced[1] === null)) return { problem: problem("NotADate", { given: (wrong ?? last)[0].slice(0, 40) || "—" }) };
  const name = state.pending?.item.expiry_rule === "best_before_on" ? "best_before_on" : "expires_on";
  return { kind: "typed_dates", dates: { ...NO_DATES, produced_on: produced[1], [name]: last[1] } };
}

// What has to be done

function intend(tally, intent) {
  const act = { receive, replace, move_in: moveIn, undo, pause: (now) => ({ ...now, paused: true }) }[intent.kind];
  return act ? act(tally, intent) : needsServer(tally, intent);
}

/** Labels, closing: only the server can; the flow has said it already. */
function needsServer(tally, { kind }) {
  if (kind === "note_invoice") return tally;
  return told(tally, { message: message(LATER), tone: "attention" });
}

const remembered = (tally, facts = tally.facts, beside = tally.beside) => [...tally.history, { facts, beside, newest: tally.newest }];

function receive(tally, { pending }) {
  return book({ ...tally, history: remembered(tally) }, pending);
}

function book(before, given) {
  const [goods, pending] = withLot(before.goods, given, before.booked + 1);
  const tally = { ...before, goods };
  const { facts, booked } = tally;
  const own = facts.lines.filter((line) => line.item_id === pending.item.id);
  const shares = sharesOf(pending.quantity, own);
  const share = (id) => shares.find(({ line }) => line === id)?.quantity ?? "0";
  const lines = facts.lines.map((line) => (line.item_id === pending.item.id ? { ...line, received: plus(line.received, share(line.id)) } : line));
  const last = lastOf(pending, shares, booked + 1);
  const beside = own.length ? tally.beside : added(tally.beside, pending.item.id, pending.quantity);
  return {
    ...tally, beside, booked: booked + 1, newest: pending.item.id,
    facts: { ...facts, lines, last, holdings: held(facts.holdings, pending) },
  };
}

/** From now on the lot is known, with what was said of it: nobody is asked for its date again. */
function withLot(goods, pending, number) {
  const { item, lot, known, dates } = pending;
  if (lot === null) return [goods, pending];
  const entry = { id: known?.id ?? -number, code: lot, ...dates };
  const others = (goods.lotsByCode.get(lot) ?? []).filter((one) => one.item.id !== item.id);
  const next = {
    ...goods,
    lots: new Map([...goods.lots, [`${item.id} ${lot}`, entry]]),
    lotsByCode: new Map([...goods.lotsByCode, [lot, [...others, { item, lot: entry }]]]),
  };
  return [next, { ...pending, known: entry }];
}

const added = (totals, id, quantity) => new Map([...totals, [id, plus(totals.get(id) ?? "0", quantity)]]);

/** The newest entry; one that shares out over several lines is as many entries to the server. */
function lastOf({ item, packaging, known }, shares, number) {
  const { line, quantity } = shares.at(-1);
  return {
    id: `here ${number}`, kind: "received", item, quantity, put_away: "0", order_line_id: line, packaging,
    lot_id: known?.id ?? null, lot: known, shares,
  };
}

/** Goods received here wait on the dock; where their like lies is the server's to say. */
function held(holdings, { item, lot, known, quantity }) {
  const status = item.inspect_on_receipt ? "inspection" : "available";
  const at = holdings.findIndex((one) => one.item.id === item.id && one.lot === lot && one.status === status);
  if (at >= 0) return holdings.map((one, place) => (place === at ? { ...one, quantity: plus(one.quantity, quantity) } : one));
  // No place has this id: so each place has to be scanned twice, which is right whatever the server suggests.
  return [...holdings, { item, lot_id: known?.id ?? null, lot, status, quantity, location_id: -1, location: null }];
}

/** A correction takes back the newest entry and books it anew; undone, the entry before it is left. */
function replace(tally, { pending }) {
  const { last } = tally.facts;
  const isAlone = last.shares?.length === 1;
  const left = isAlone ? tally.history.at(-1) : { ...without(tally), newest: tally.newest };
  const base = { ...left, facts: { ...left.facts, today: tally.facts.today } };
  const history = isAlone ? tally.history.slice(0, -1) : tally.history;
  return book({ ...tally, facts: base.facts, beside: base.beside, history: [...history, base] }, pending);
}

/** Without the newest entry. */
function without({ facts, beside }) {
  const { last } = facts;
  const isOwn = (line) => (last.order_line_id === 0 ? line.item_id === last.item.id : line.id === last.order_line_id);
  let left = last.quantity;
  const lines = [...facts.lines].reverse().map((line) => {
    if (last.order_line_id === null || !isOwn(line)) return line;
    const part = compare(line.received, left) < 0 ? line.received : left;
    left = minus(left, part);
    return { ...line, received: minus(line.received, part) };
  }).reverse();
  const lot = last.lot?.code ?? null;
  const holdings = facts.holdings
    .map((one) => (one.item.id === last.item.id && one.lot === lot ? { ...one, quantity: minus(one.quantity, last.quantity) } : one))
    .filter(({ quantity }) => compare(quantity, "0") > 0);
  const others = last.order_line_id === null ? added(beside, last.item.id, minus("0", last.quantity)) : beside;
  return { facts: { ...facts, lines, holdings, last: entryBefore(last) }, beside: others };
}

function entryBefore(last) {
  const shares = last.shares?.slice(0, -1) ?? [];
  return shares.length ? { ...last, order_line_id: shares.at(-1).line, quantity: shares.at(-1).quantity, shares } : null;
}

function undo(tally) {
  const before = tally.history.at(-1);
  if (!before) return { ...told(tally, { message: message(UNDONE_LATER), tone: "attention" }), unsure: true };
  return { ...tally, facts: before.facts, beside: before.beside, newest: before.newest, history: tally.history.slice(0, -1) };
}

function moveIn(tally, { holding, quantity }) {
  const holdings = tally.facts.holdings
    .map((one) => (same(one, holding) ? { ...one, quantity: plain(minus(one.quantity, quantity)) } : one))
    .filter((one) => compare(one.quantity, "0") > 0);
  const { last } = tally.facts;
  const moved = last?.item.id === holding.item.id ? { ...last, put_away: plus(last.put_away, quantity) } : last;
  return { ...tally, history: remembered(tally), facts: { ...tally.facts, holdings, last: moved } };
}

const same = (one, other) => one.item.id === other.item.id && one.lot === other.lot && one.status === other.status;

