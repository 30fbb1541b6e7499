const HELD_MS = 700;
const GONE_MS = 3000;
const STEADY = 2;
const LOOKS_TO_GO = 8;

/**
 * What the camera sees, over several frames.  A blurred frame misses codes, so a code stays in view
 * for a moment after it was last seen.  It is steady when two frames have shown it: a misread
 * seldom comes twice.  A code that was read is not read again until it has been out of sight for
 * `GONE_MS` and for some frames more: a label held still counts once, shown again counts again.
 */
export class InView {
  #codes = new Map();
  #look = 0;

  /** One frame's symbols, {text, corners ...}; `now` in ms. */
  look(symbols, now) {
    this.#look += 1;
    for (const symbol of symbols) this.#see(symbol, now);
    for (const [text, code] of this.#codes) if (this.#isGone(code, now)) this.#codes.delete(text);
    for (const code of this.#codes.values()) code.held = this.#isHeld(code, now);
  }

  #see(symbol, now) {
    const code = this.#codes.get(symbol.text) ?? { seen: 0, read: false };
    const seen = code.held === false ? 1 : code.seen + 1;
    this.#codes.set(symbol.text, { ...code, symbol, seen, last: now, look: this.#look, held: true });
  }

  #isGone({ last, look }, now) {
    return now - last >= GONE_MS && this.#look - look >= LOOKS_TO_GO;
  }

  /** A slow device has few frames: missing in one of them says little. */
  #isHeld({ last, look }, now) {
    return now - last <= HELD_MS || this.#look - look < STEADY;
  }

  #held() {
    return [...this.#codes.values()].filter(({ held }) => held);
  }

  /** The symbols in view, each with `read`. */
  get symbols() {
    return this.#held().map(({ symbol, read }) => ({ ...symbol, read }));
  }

  /** The steady symbols that were not read yet. */
  get fresh() {
    return this.#held().filter(({ read, seen }) => !read && seen >= STEADY).map(({ symbol }) => symbol);
  }

  /** The one to read without asking: fresh, and no other code in view; else undefined. */
  get alone() {
    return this.#held().length === 1 ? this.fresh[0] : undefined;
  }

  /** These were read, or passed over for another: they wait until they are asked for. */
  settle(symbols) {
    for (const { text } of symbols) {
      const code = this.#codes.get(text);
      if (code) code.read = true;
    }
  }
}
