/** A scanner types its characters at most this far apart; a person does not. */
export const SILENCE_MS = 50;
/** A pause inside a code that a busy device may make, once it is known to end its codes. */
export const PATIENCE_MS = 200;
const LATE_SUFFIX_MS = 250;

/** Several codes of one burst, separated by line ends or tabs, real or written as `\n`, `\r`. */
export function splitCodes(text) {
  return text.split(/[\r\n\t]+|\\r\\n|\\n|\\r/).filter((code) => code.trim() !== "");
}

/**
 * Collects characters and tells a scan from typing by its speed.  Knows no clock and no page: times
 * are given, in milliseconds, and `settle` is called when silence is due.
 *
 * shortest characters that make a scan when an Enter or Tab follows at once
 * sure     (burst) -> characters that make a scan without such an ending
 * scan     (codes, origin), typed (text, origin): what it was
 *
 * `patient` says that this reader ends its codes with Enter or Tab, learned from its last scan:
 * then a short pause inside a code does not cut it in two.
 *
 * Codes are passed on raw: 0x1D and whatever a reader puts in its place are the server's to read.
 */
export class Burst {
  #text = "";
  #origin = null;
  #last = -Infinity;
  #scanned = -Infinity;
  #pauses = 0;

  constructor({ scan, typed, shortest = 3, sure = () => 6, patient = false }) {
    Object.assign(this, { scan, typed, shortest, sure, patient });
  }

  get open() {
    return this.#text !== "";
  }

  /** Milliseconds of silence that end what was collected so far. */
  get silence() {
    const waits = this.patient && this.#text.length >= 4 * (this.#pauses + 1);
    return waits ? PATIENCE_MS : SILENCE_MS;
  }

  /** `origin` says where the characters went; the one of the first character counts. */
  add(text, time, origin = null) {
    const gap = time - this.#last;
    if (gap > SILENCE_MS && gap <= this.silence) this.#pauses += 1;
    else if (gap > SILENCE_MS) this.settle();
    if (!this.open) this.#origin = origin;
    this.#text += text;
    this.#last = time;
  }

  /** An Enter or Tab; true when it belongs to a scan and must do nothing else. */
  end(time) {
    if (!this.open) return time - this.#scanned < LATE_SUFFIX_MS;
    const isScan = time - this.#last <= this.silence && this.#text.length >= this.shortest;
    if (isScan) this.patient = true;
    this.#flush(isScan);
    return isScan;
  }

  /** Silence, or a key that no scanner sends. */
  settle() {
    if (!this.open) return;
    const ended = /[\r\n\t]$/.test(this.#text) && this.#text.trim().length >= this.shortest;
    const isScan = ended || this.#text.length >= this.sure(this.#origin);
    if (isScan) this.patient = ended;
    this.#flush(isScan);
  }

  #flush(isScan) {
    const [text, origin] = [this.#text, this.#origin];
    [this.#text, this.#origin, this.#pauses] = ["", null, 0];
    if (isScan) this.#scanned = this.#last;
    if (isScan) this.scan(splitCodes(text), origin);
    else this.typed(text, origin);
  }
}
