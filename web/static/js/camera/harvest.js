function parsed(text) {
  try {
    const symbols = JSON.parse(text);
    return Array.isArray(symbols) ? symbols : [];
  } catch {
    return [];
  }
}

/**
 * The distinct codes of a shelf, in the order they were met, until they are sent: {text, symbology}
 * each.  `kept` (get and set of one text) brings them through a reload.
 */
export class Harvest {
  #codes;
  #cleared = [];
  #kept;

  constructor(kept) {
    this.#kept = kept;
    this.#codes = new Map(parsed(kept.get()).map((symbol) => [symbol.text, symbol]));
  }

  get size() {
    return this.#codes.size;
  }

  get codes() {
    return [...this.#codes.values()];
  }

  /** Whether restore() has something to bring back. */
  get isCleared() {
    return this.#cleared.length > 0 && this.size === 0;
  }

  /** How many of the symbols were new. */
  add(symbols) {
    const before = this.size;
    for (const { text, symbology } of symbols) {
      if (!this.#codes.has(text)) this.#codes.set(text, { text, symbology });
    }
    this.#keep();
    return this.size - before;
  }

  remove(text) {
    this.#codes.delete(text);
    this.#keep();
  }

  clear() {
    this.#cleared = this.take();
  }

  restore() {
    this.add(this.#cleared);
  }

  /** All codes in order; the harvest is empty afterwards. */
  take() {
    const taken = this.codes;
    this.#codes.clear();
    this.#cleared = [];
    this.#keep();
    return taken;
  }

  #keep() {
    this.#kept.set(this.size ? JSON.stringify(this.codes) : null);
  }
}
