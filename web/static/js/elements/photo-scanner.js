import { choices, distinct } from "../lib/choices.js";
import { announce, text, token } from "../lib/page.js";

const TIMEOUT_MS = 30_000;

/** The symbols that the server read, or an Error whose message is for the operator. */
export async function readPhoto(url, photo) {
  const body = new FormData();
  body.set("_csrf", token());
  body.set("photo", photo);
  const headers = { Accept: "application/json, application/problem+json" };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { method: "POST", body, headers, signal }).catch(() => null);
  if (!answer) throw new Error(text("photo_lost"));
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(read.detail || read.title || text("photo_lost"));
  return distinct(read.symbols ?? []);
}

/**
 * <photo-scanner action="/scanning/photos">: takes a photo with the phone's own camera and lets
 * the server read it.  The photo is sent as it is: every pixel may matter.
 */
export class PhotoScanner extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector('input[type="file"]');
    this.note = this.querySelector("output");
    this.input.addEventListener("change", () => this.#taken(this.input.files[0]));
  }

  async #taken(photo) {
    if (!photo) return;
    this.note.textContent = text("photo_reading");
    this.input.value = "";
    try {
      this.#show(await readPhoto(this.getAttribute("action"), photo));
    } catch (problem) {
      this.note.textContent = problem.message;
    }
  }

  #show(symbols) {
    this.note.textContent = symbols.length ? "" : text("photo_nothing");
    if (symbols.length === 1) this.#scan(symbols[0]);
    if (symbols.length < 2) return;
    this.note.replaceChildren(text("choose_code"), choices(symbols, (one) => this.#scan(one)));
  }

  #scan({ text: code, symbology }) {
    this.note.replaceChildren();
    announce("scan", { code, symbology, source: "photo" }, this);
  }
}
