const MOMENT_MS = 1500;

/**
 * A camera sees the same label on every frame.  A code is fresh when it has been out of sight for
 * a moment, so that a label held in view counts once and showing it again counts again.
 */
export class RecentCodes {
  #seen = new Map();

  fresh(code, now = performance.now()) {
    const last = this.#seen.get(code);
    this.#seen.set(code, now);
    return last === undefined || now - last >= MOMENT_MS;
  }
}
