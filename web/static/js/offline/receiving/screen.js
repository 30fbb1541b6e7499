import { compare, minus, plain, sum } from "../decimal.js";
import { commandForm, h } from "../dom.js";
import rules from "../generated/receiving.js";
import { keypad } from "../keypad.js";
import { titleOf } from "../outcomes.js";
import { amount, itemBox, lotWords, progress, shown, signed, stepRegion, submit } from "../regions.js";
import { mark, say } from "../words.js";

export { problemOf } from "../regions.js";

const SHOWN_ROWS = 30;

/** What to scan now, what the last scan led to, what is in hand, and the fields of the step. */
export const stepOf = (tally, screen) => stepRegion(tally, screen, promptOf(tally), handOf(tally, screen.url));

function promptOf({ state, paused }) {
  if (paused) return say(mark("Paused"));
  const place = state.put_away?.holding.location;
  if (state.step === "scan_put_away_location" && place) return say(mark("Bring it to {place} and scan it"), { place });
  const serial = state.step === "scan_lot" && state.pending?.item.tracking === "serial";
  return say(rules.prompts[serial ? "scan_serial" : state.step]);
}

function handOf(tally, url) {
  const { state, facts } = tally;
  if (state.pending) return inHand(state, url);
  if (state.put_away) return carried(state.put_away, url);
  if (state.step === "scan_put_away_item") return waiting(facts.holdings);
  return facts.last && state.step === "scan_item" ? lastOf(tally, url) : null;
}

function inHand({ step, pending }, url) {
  const { item, lot, dates, quantity } = pending;
  const until = dates.expires_on ?? dates.best_before_on;
  const facts = [lotWords(lot), until && `${say(mark("until"))} ${until}`, quantity && amount(quantity, item)];
  const fields = { scan_lot: lotForm, enter_expiry: expiryForm, enter_quantity: weightForm, confirm_deviation: acceptForm }[step];
  return [itemBox(item, facts), fields?.(pending, url)];
}

function field(name, label, attributes = {}, hint = null) {
  return h("div", { class: "field" },
    h("label", { class: "field__label", for: name }, label),
    h("input", { class: "field__input", id: name, name, type: "text", autocomplete: "off", "aria-describedby": hint && `${name}-notes`, ...attributes }),
    hint && h("div", { id: `${name}-notes` }, h("p", { class: "field__hint" }, hint)));
}

function inline(form) {
  form.classList.add("inline-form");
  return form;
}

function lotForm({ item }, url) {
  const label = item.tracking === "serial" ? mark("Serial number, typed") : mark("Lot, typed");
  return inline(commandForm(`${url}/lot`, {}, field("lot", say(label), { required: true }), submit(say(mark("OK")))));
}

function expiryForm({ item }, url) {
  const label = item.expiry_rule === "best_before_on" ? mark("Best before") : mark("Expires on");
  const days = item.shelf_life_days;
  return inline(commandForm(`${url}/expiry`, {},
    field("expires_on", say(label), { inputmode: "numeric", required: !days }, say(mark("As 20261231 or 261231"))),
    days && field("produced_on", say(mark("or produced on")), { inputmode: "numeric" }, say(mark("Shelf life {days} days"), { days })),
    submit(say(mark("OK")))));
}

function weightForm({ item }, url) {
  const words = { label: say(mark("Weight in {unit}"), { unit: item.base_unit }), ok: `${say(mark("OK"))} · ${item.base_unit}` };
  return commandForm(`${url}/quantity`, {}, keypad({ decimals: item.decimals, ...words }));
}

function acceptForm({ deviations }, url) {
  return [
    deviations.map(({ text, values }) => h("p", { class: "said said--attention" }, say(text, values))),
    h("p", {}, say(mark("Scan the same code again to accept it, or press Accept."))),
    commandForm(`${url}/commands`, { button: "OK" }, submit(say(mark("Accept")), "attention")),
  ];
}

function carried({ holding, quantity, chosen }, url) {
  const { item, lot, location } = holding;
  return [
    itemBox(item, [lotWords(lot)]),
    h("p", { class: "quantity" }, h("span", { class: "quantity__now" }, shown(quantity)),
      h("span", { class: "quantity__of" }, item.base_unit + (location ? ` → ${location}` : ""))),
    chosen && commandForm(`${url}/commands`, { button: "OK" }, submit(say(mark("Put it in {place}"), { place: chosen.code }), "attention")),
  ];
}

function waiting(holdings) {
  if (!holdings.length) return h("p", { class: "said said--local" }, say(mark("Everything is put away.")));
  return h("ul", { class: "plain-list" }, holdings.map(({ item, lot, quantity }) => h("li", { class: "lines__row" },
    h("span", { class: "lines__name" }, titleOf(item)),
    h("span", { class: "lines__note" }, [item.code, lotWords(lot)].filter(Boolean).join(" · ")),
    h("span", { class: "lines__quantity" }, shown(quantity), h("small", {}, ` ${item.base_unit}`)))));
}

/** How much of the item in hand is there, of how much: like the server's, but not confirmed. */
function soFar({ facts: { last, lines } }) {
  const own = lines.filter(({ item_id: id }) => id === last.item.id);
  const [now, expected] = own.length
    ? [sum(own.map(({ received }) => received)), `/ ${shown(sum(own.map((line) => line.quantity)))} `]
    : [last.quantity, ""];
  return h("p", { class: "quantity" },
    h("span", { class: "quantity__now unconfirmed" }, shown(now)), h("span", { class: "quantity__of" }, expected + last.item.base_unit));
}

function lastOf(tally, url) {
  const { facts: { last }, unsure } = tally;
  const { item, quantity, lot } = last;
  const until = lot?.expires_on ?? lot?.best_before_on;
  const fixed = unsure || last.kind !== "received" || item.tracking === "serial" || plain(last.put_away) !== "0";
  const words = { quantity: shown(quantity), unit: item.base_unit };
  return [
    itemBox(item, [lotWords(lot?.code), until && `${say(mark("until"))} ${until}`]),
    soFar(tally),
    !fixed && h("details", { class: "details" },
      h("summary", {}, say(mark("Last entry: {quantity} {unit} – change"), words)),
      commandForm(`${url}/quantity`, {}, keypad({
        value: plain(quantity), decimals: item.decimals, pack: last.packaging && plain(last.packaging.quantity),
        label: say(mark("Quantity in {unit}"), words), ok: say(mark("Set the quantity")),
      }))),
  ];
}

/** The lines with what is confirmed and what is not, told apart by more than colour. */
export function linesOf(tally, confirmed) {
  const rows = rowsOf(tally, confirmed);
  const ordered = rows.filter(({ expected }) => expected !== null);
  const done = ordered.filter(isDone).length;
  return h("section", { id: "lines", class: "lines", "aria-label": say(mark("Lines")) },
    h("div", { class: "lines__head" }, ordered.length ? progress(done, ordered.length, say(mark("Lines complete"))) : h("h2", {}, say(mark("Received")))),
    rows.slice(0, SHOWN_ROWS).map((row) => lineOf(row, tally.newest)),
    rows.length > SHOWN_ROWS && h("p", { class: "lines__row soft" }, say(mark("{count} more lines"), { count: rows.length - SHOWN_ROWS })));
}

const isDone = ({ expected, total, short }) => short || (expected !== null && compare(total, expected) >= 0);

function rowsOf(tally, confirmed) {
  const items = new Map(tally.goods.items.map((item) => [item.id, item]));
  const ordered = tally.facts.lines.map((line, at) => ({
    item: items.get(line.item_id), expected: line.quantity, total: line.received, short: line.is_short,
    confirmed: confirmed.facts.lines[at].received,
  }));
  const beside = [...tally.beside].map(([id, total]) => ({
    item: items.get(id), expected: null, total, short: false, confirmed: confirmed.beside.get(id) ?? "0",
  }));
  const place = (row) => (row.item?.id === tally.newest ? 0 : isDone(row) ? 2 : 1);
  return [...ordered, ...beside].filter(({ item }) => item).sort((one, other) => place(one) - place(other));
}

function lineOf(row, newest) {
  const { item, expected, total, confirmed, short } = row;
  const open = minus(total, confirmed);
  const changed = compare(open, "0") !== 0;
  const tags = [
    expected === null && say(mark("not ordered")),
    expected !== null && compare(total, expected) > 0 && say(mark("more than ordered")),
    short && say(mark("will not come")),
  ].filter(Boolean).map((words) => h("span", { class: "tag tag--warn" }, words));
  return h("div", { class: `lines__row${isDone(row) && !changed ? " lines__row--done" : ""}`, "aria-current": item.id === newest ? "true" : null },
    h("span", { class: "lines__name" }, titleOf(item)),
    h("span", { class: "lines__note" }, item.code, tags.map((tag) => [" · ", tag]).flat(),
      changed && [" · ", h("span", { class: "unconfirmed-words" }, say(mark("{quantity} not yet confirmed"), { quantity: signed(open) }))]),
    h("span", { class: "lines__quantity" }, shown(confirmed), changed && [" ", h("span", { class: "unconfirmed" }, signed(open))],
      h("small", {}, `${expected === null ? "" : ` / ${shown(expected)}`} ${item.base_unit}`)));
}

/** The buttons of the dock that work without network. */
export function barOf(_tally, url) {
  return h("div", { class: "action-bar" },
    commandForm(`${url}/undo`, {}, h("button", { class: "button", type: "submit" }, say(mark("Undo")))),
    commandForm(`${url}/commands`, { button: "PUTAWAY" }, h("button", { class: "button", type: "submit" }, say(mark("Put away ⇄")))));
}
