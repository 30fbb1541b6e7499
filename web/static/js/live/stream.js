const RETRY_MS = 10_000;

/** For the style sheet: whether the page changes by itself at the moment. */
const show = (state) => (document.documentElement.dataset.stream = state);

/**
 * One stream of server-sent events.  It rests while the page is not looked at: a browser allows few
 * connections, and what was missed is told when it comes back.
 *
 * `hear` gets each event; `url` may change with `follow`.
 */
export class LiveStream {
  #source = null;
  #url = "";
  #last = "";
  #hear;
  #name;

  constructor(name, hear) {
    this.#name = name;
    this.#hear = hear;
    document.addEventListener("visibilitychange", () => this.#open());
  }

  /** Listen there; "" listens to nothing. */
  follow(url) {
    if (url === this.#url) return;
    this.#url = url;
    this.#last = "";
    this.#open();
  }

  #open() {
    this.#source?.close();
    this.#source = null;
    if (!this.#url || document.hidden) return;
    const known = this.#last && `${this.#url.includes("?") ? "&" : "?"}known=${this.#last}`;
    const source = new EventSource(this.#url + known);
    this.#source = source;
    source.addEventListener("open", () => show("on"));
    source.addEventListener("error", () => this.#failed(source));
    source.addEventListener(this.#name, (event) => {
      this.#last = event.lastEventId;
      this.#hear(event.data);
    });
  }

  /** The browser comes again by itself, unless the answer was no stream (signed out, locked). */
  #failed(source) {
    show("off");
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => source === this.#source && this.#open(), RETRY_MS);
  }
}
