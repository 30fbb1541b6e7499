/** A scanner types its characters at most this far apart; a person does not. */
export const SILENCE_MS = 50;
/**
 * The longest pause inside a code that a busy device or a radio may make, by what is known of the
 * reader: its codes end with Enter or Tab, its codes end with nothing, or nobody knows yet.
 */
export const PAUSE_MS = { ended: 1000, bare: 100, unknown: 250 };
/** An ending this long after its code is still the reader's: after another one, after silence. */
const EVEN = 6;
const LATE_SUFFIX_MS = { ended: 250, bare: 500 };

/** Several codes of one burst, separated by line ends or tabs, real or written as `\n`, `\r`. */
export function splitCodes(text) {
  return text.split(/[\r\n\t]+|\\r\\n|\\n|\\r/).filter((code) => code.trim() !== "");
}

/**
 * The codes of a reader that ends them with silence, cut at its pauses: [{at, ms}] in the text.
 * Shorter ones than a bare reader's silence part codes only where those are of one length, as from a
 * reader that is triggered very fast.
 */
function apart(text, pauses) {
  const cut = (places) => [...places, { at: text.length }].map(({ at }, n) => text.slice(places[n - 1]?.at, at));
  const [first, ...others] = cut(pauses);
  const isEven = first.length >= EVEN && others.every(({ length }) => length === first.length);
  return isEven ? [first, ...others] : cut(pauses.filter(({ ms }) => ms > PAUSE_MS.bare));
}

/**
 * Collects characters and tells a scan from typing by its speed.  Knows no clock and no page: times
 * are given, in milliseconds, and `settle` is called when silence is due.
 *
 * shortest characters that make a scan when an Enter or Tab follows at once
 * sure     (origin) -> characters that make a scan without such an ending
 * near     (first, origin) -> milliseconds that may lie between what was typed at `first` and a scan
 *          at `origin` that it belongs to; 0 where they have nothing to do with each other
 * scan     (codes, origin): what it was; where it began with typed characters, the origin of those
 * typed    (text, origin, first): what it was, `first` the origin of the typed characters that it
 *          continues, or its own; false when it can't be taken back
 *
 * A pause must not cut a code in two: a wrong code is worse than a late one.  Only where nothing but
 * silence ends the codes is it what parts them.  What pauses after
 * enough characters to be a reader is waited for; what pauses before may be a person and is typed,
 * but is taken back into the scan when one follows.  `patient` says how long to wait: true for a
 * reader that ends its codes with Enter or Tab, false for one that doesn't, learned from its last
 * scan; undefined before the first.
 *
 * Codes are passed on raw: 0x1D and whatever a reader puts in its place are the server's to read.
 */
export class Burst {
  #text = "";
  #origin = null;
  #last = -Infinity;
  #pauses = [];
  #suffixUntil = -Infinity;
  #head = null;

  constructor({ scan, typed, shortest = 3, sure = () => 6, near = () => 0, patient }) {
    Object.assign(this, { scan, typed, shortest, sure, near, patient });
  }

  get open() {
    return this.#text !== "";
  }

  /** Milliseconds of silence that end what was collected so far. */
  get silence() {
    if (this.#isEnded || !this.#isReader) return SILENCE_MS;
    if (this.patient === undefined) return PAUSE_MS.unknown;
    return this.patient ? PAUSE_MS.ended : PAUSE_MS.bare;
  }

  get #isEnded() {
    return /[\r\n\t]$/.test(this.#text) && this.#text.trim().length >= this.shortest;
  }

  /** So many at this speed that no person types them; more of them where there were pauses. */
  get #isReader() {
    return this.open && this.#text.length >= this.sure(this.#origin) * (this.#pauses.length + 1);
  }

  /** `origin` says where the characters went; the one of the first character counts. */
  add(text, time, origin = null) {
    const gap = time - this.#last;
    if (gap > this.silence) this.settle();
    else if (this.open && gap > SILENCE_MS) this.#pauses.push({ at: this.#text.length, ms: gap });
    if (!this.open) this.#begin(time, origin);
    this.#text += text;
    this.#last = time;
  }

  #begin(time, origin) {
    const { last, origin: first } = this.#head ?? { last: -Infinity };
    if (this.#head && time - last > this.near(first, origin)) this.#head = null;
    this.#origin = origin;
  }

  /** An Enter or Tab; true when it belongs to a scan and must do nothing else. */
  end(time) {
    if (!this.open) return this.#endLate(time);
    const isQuick = time - this.#last <= this.silence && this.#text.length >= this.shortest;
    const isScan = isQuick || this.#isReader;
    if (isScan) this.patient = true;
    this.#flush(isScan && splitCodes(this.#text), time + LATE_SUFFIX_MS.ended);
    this.#head = null;
    return isScan;
  }

  #endLate(time) {
    this.#head = null;
    const isSuffix = time < this.#suffixUntil;
    if (isSuffix) this.patient = true;
    return isSuffix;
  }

  /** Silence. */
  settle() {
    if (!this.open) return;
    const ended = this.#isEnded;
    const isScan = ended || this.#isReader;
    if (isScan) this.patient = ended;
    const texts = ended ? [this.#text] : apart(this.#text, this.#pauses);
    this.#flush(isScan && texts.flatMap(splitCodes), this.#last + LATE_SUFFIX_MS.bare);
  }

  /** A person did something else at this time: what had ended by then comes before it. */
  interrupt(time) {
    if (time - this.#last > SILENCE_MS) this.leave();
  }

  /** Something that no scanner does: what was typed before it belongs to no scan after it. */
  leave() {
    this.settle();
    this.#head = null;
  }

  #flush(codes, suffixUntil) {
    const [text, origin, head] = [this.#text, this.#origin, this.#head];
    [this.#text, this.#origin, this.#pauses, this.#head] = ["", null, [], null];
    const [before, first] = head ? [head.text, head.origin] : ["", origin];
    if (codes) {
      this.#suffixUntil = suffixUntil;
      this.scan(codes.map((code, at) => (at ? code : before + code)), first);
    } else if (this.typed(text, origin, first) !== false) {
      this.#head = { text: before + text, origin: first, last: this.#last };
    }
  }
}
