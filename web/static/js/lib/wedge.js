import { Burst, PAUSE_MS } from "./burst.js";
import { isEditable, isNumeric, restore, typeInto } from "./fields.js";
import { keep, recall } from "./kept.js";
import { characterOf, isEnding, isSilent } from "./keys.js";

const PATIENT = "saoku.reader-ends-codes";
const LEARNED = { 1: true, 0: false };
/** Nobody types into a box and pulls a trigger within this time; a device may stall so long. */
const HAND_MS = 250;

/**
 * Listens to the whole page and hands out the scans that readers type or inject, wherever the
 * focus is.  Typed characters are held back for a moment (50 ms); what turns out to be a person's typing
 * is put where it belongs, so a scan never reaches a quantity box.  The first characters of a scan
 * that stalled after them are taken back from there.
 *
 * field the scan box: takes what is typed where nothing can be typed
 * scan  (code) for each code
 */
export class Wedge {
  #timer;
  #typing = false;
  #before;
  #values = new WeakMap();

  constructor({ field, scan }) {
    this.field = field;
    this.burst = new Burst({
      patient: LEARNED[recall(PATIENT)],
      sure: (origin) => this.#sure(origin),
      near: (first, origin) => this.#near(first, origin),
      scan: (codes, origin) => this.#scanned(codes, origin, scan),
      typed: (text, origin, first) => this.#typed(text, origin, first),
    });
  }

  listen(signal) {
    const early = { capture: true, signal };
    window.addEventListener("keydown", (event) => this.keydown(event), early);
    window.addEventListener("focusin", (event) => this.#remember(event.target), early);
    window.addEventListener("input", (event) => this.input(event), early);
    // What is scanned before a button is pressed, or the page goes, comes before it.
    window.addEventListener("pointerdown", (event) => this.burst.interrupt(event.timeStamp), early);
    window.addEventListener("pagehide", () => this.burst.leave(), early);
    this.#remember(this.field);
    // What was scanned before this page was ready.
    for (const event of window.takeEarlyKeys?.() ?? []) this.keydown(event);
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  keydown(event) {
    // An input method is composing: its text arrives as an input event.
    if (event.isComposing || event.keyCode === 229) return;
    const character = event.repeat ? "" : characterOf(event, this.burst.open);
    if (character) this.#take(event, character);
    else if (isEnding(event, this.burst.open)) this.burst.end(event.timeStamp) && swallow(event);
    else if (!isSilent(event)) this.burst.leave();
  }

  #take(event, character) {
    swallow(event);
    this.#add(character, event.timeStamp, { element: document.activeElement });
  }

  #add(text, time, origin) {
    // Keys and injected text never belong to one code.
    if ((this.#before === undefined) !== (origin.before === undefined)) this.burst.settle();
    this.#before = origin.before;
    this.burst.add(text, time, origin);
    this.#arm();
  }

  /** Text that came without keys: injected by the device, or from a soft keyboard. */
  input(event) {
    const { target } = event;
    if (this.#typing || !isEditable(target)) return this.#remember(target);
    const before = this.#values.get(target) ?? "";
    this.#remember(target);
    const added = (target.value ?? "").length - before.length;
    if (added <= 0 || event.inputType === "insertFromPaste") return this.burst.leave();
    const text = event.data?.length >= added ? event.data : target.value.slice(-added);
    this.#add(text, event.timeStamp, { element: target, before });
  }

  #remember(element) {
    if (isEditable(element)) this.#values.set(element, element.value ?? "");
  }

  /** Twice, so that keys that wait behind a busy page are read before silence is believed. */
  #arm() {
    clearTimeout(this.#timer);
    const settle = () => (this.#timer = setTimeout(() => this.burst.settle(), 5));
    this.#timer = setTimeout(settle, this.burst.silence);
  }

  /** Characters that make a scan without an ending; short codes only where nobody types. */
  #sure({ element, before }) {
    const keyboardOpen = element === this.field && this.field.inputMode !== "none";
    if (before === undefined) return element === this.field || !isEditable(element) ? 3 : 6;
    if (element === this.field) return keyboardOpen ? 6 : 3;
    // A soft keyboard inserts whole words into free text: only numbers are told by their speed.
    return isNumeric(element) ? 6 : Infinity;
  }

  /** How long a scan may have paused after characters that were taken for typing. */
  #near(first, { element, before }) {
    const place = this.#placeOf(element);
    const isSame = place === first.place && (before ?? place.value) === first.left;
    if (!isSame || (before === undefined) !== (first.before === undefined)) return 0;
    return place === this.field ? PAUSE_MS.ended : HAND_MS;
  }

  #placeOf(element) {
    return isEditable(element) && element.isConnected ? element : this.field;
  }

  #scanned(codes, { element, before, place = element, had = before }, scan) {
    if (had !== undefined) restore(place, had);
    this.#remember(place);
    keep(PATIENT, this.burst.patient ? "1" : "0");
    codes.forEach(scan);
  }

  /** Notes at `first` what is to be restored when this turns out to be the beginning of a scan. */
  #typed(text, { element, before }, first) {
    const isPress = text === " " && !isEditable(element) && element !== document.body;
    if (before === undefined && isPress) {
      element.click();
      return false;
    }
    const place = this.#placeOf(element);
    first.had ??= before ?? place.value;
    if (before === undefined) this.#type(place, text);
    Object.assign(first, { place, left: place.value });
    return true;
  }

  #type(place, text) {
    this.#typing = true;
    typeInto(place, text);
    this.#typing = false;
    this.#remember(document.activeElement);
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
