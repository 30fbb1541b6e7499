import { recall } from "../lib/kept.js";
import { text } from "../lib/page.js";
import { play, TONES } from "../lib/tones.js";

const SHOWN_MS = { queued: 200, accepted: 1200, attention: 2500, refused: 2500 };
const APART_MS = 40;
const SIGNS = { queued: "•", accepted: "✓", attention: "!", refused: "✕" };

/**
 * <feedback-player>: turns each `saoku:feedback` {tone, text?} into sound, vibration, colour (the
 * frame of the screen, by data-tone on <html>) and a sign with words.
 */
export class FeedbackPlayer extends HTMLElement {
  #stop;
  #audio;
  #timer;
  #ticked = -Infinity;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("saoku:feedback", (event) => this.#give(event.detail), { signal });
    // Made early, because opening the sound device can take longer than a whole scan; a page may
    // make no sound before it was touched, so it is woken by the first touch or key.
    setTimeout(() => this.#open(), 100);
    for (const touch of ["pointerdown", "keydown"]) {
      window.addEventListener(touch, () => this.#wake(), { signal, capture: true });
    }
  }

  disconnectedCallback() {
    this.#stop.abort();
    this.#audio?.close();
    this.#audio = null;
  }

  #open() {
    this.#audio ??= globalThis.AudioContext ? new AudioContext({ latencyHint: "interactive" }) : null;
  }

  #wake() {
    if (this.#audio?.state === "suspended") this.#audio.resume().catch(() => {});
  }

  #give({ tone, text: words }) {
    if (!(tone in TONES)) return;
    if (this.#audio?.state === "running" && this.#isHeard(tone)) play(this.#audio, tone);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(TONES[tone].vibration);
    this.#show(tone, words ?? text(`tone_${tone}`));
  }

  /** Many codes sent at once are one tick, not one loud crack. */
  #isHeard(tone) {
    const before = this.#ticked;
    if (tone === "queued") this.#ticked = performance.now();
    return recall("saoku.muted") !== "1" && (tone !== "queued" || this.#ticked - before > APART_MS);
  }

  #show(tone, words) {
    // The tick of a queued scan must not wipe a refusal off before it was read.
    const shown = document.documentElement.dataset.tone;
    if (tone === "queued" && shown && shown !== "queued") return;
    clearTimeout(this.#timer);
    document.documentElement.dataset.tone = tone;
    this.replaceChildren(sign(SIGNS[tone]), ` ${words}`);
    this.#timer = setTimeout(() => this.#clear(), SHOWN_MS[tone]);
  }

  #clear() {
    delete document.documentElement.dataset.tone;
    this.replaceChildren();
  }
}

function sign(character) {
  const mark = Object.assign(document.createElement("span"), { textContent: character });
  mark.setAttribute("aria-hidden", "true");
  return mark;
}
