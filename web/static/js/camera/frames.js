const REST_MS = 20;
const TICK_MS = 80;

/**
 * Takes a frame when the last one is done with, and drops those that come meanwhile: a slow device
 * looks less often, but always at what is before the camera now.
 */
export class Frames {
  taken = 0;
  dropped = 0;
  #busy = false;
  #ended = -Infinity;
  #look;
  #clock;

  /** look() works on the current frame and resolves; clock() in ms. */
  constructor(look, clock = () => performance.now()) {
    this.#look = look;
    this.#clock = clock;
  }

  /** A new frame is there; resolves to true when it was looked at, to false when it was dropped. */
  async offer() {
    // The pause leaves a page that decodes by itself time for its buttons.
    if (this.#busy || this.#clock() - this.#ended < REST_MS) {
      this.dropped += 1;
      return false;
    }
    this.taken += 1;
    this.#busy = true;
    try {
      await this.#look();
    } finally {
      this.#busy = false;
      this.#ended = this.#clock();
    }
    return true;
  }
}

/** Calls `offer` for each new frame of a video while `going()`. */
export function everyFrame(video, going, offer) {
  const again = () => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(step);
    else setTimeout(step, TICK_MS);
  };
  const step = () => {
    if (!going()) return;
    offer();
    again();
  };
  again();
}
