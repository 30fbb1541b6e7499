import { cameraProblem, openCamera } from "../lib/camera.js";
import { choices, distinct } from "../lib/choices.js";
import { decoder } from "../lib/decoder.js";
import { announce, text } from "../lib/page.js";
import { RecentCodes } from "../lib/recent-codes.js";

const IDLE_MS = 60_000;
const FRAME_MS = 80;

/**
 * <camera-scanner>: reads codes from the live camera while it is open; see camera_scanner in
 * _macros/scan.html for its parts.  The button with data-camera anywhere on the page opens and
 * closes it.  Sends `scan` {code, symbology, source: "camera"}.  Closes after a minute without a
 * code, and when the page is hidden.
 */
export class CameraScanner extends HTMLElement {
  #stop;
  #camera = null;
  #decode = null;
  #opening = 0;
  #recent = new RecentCodes();
  #lastRead = 0;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.video = this.querySelector("video");
    this.note = this.querySelector("output");
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.close(), { signal });
    this.querySelector("[data-zoom]").oninput = ({ target }) => {
      this.#camera?.setZoom(Number(target.value));
    };
  }

  disconnectedCallback() {
    this.close();
    this.#stop.abort();
  }

  #clicked({ target }) {
    if (target.closest("[data-camera]")) this.hidden ? this.open() : this.close();
    const torch = this.contains(target) && target.closest("[data-torch]");
    if (torch) this.#light(torch);
  }

  #light(torch) {
    const on = torch.getAttribute("aria-pressed") !== "true";
    torch.setAttribute("aria-pressed", String(on));
    this.#camera?.setTorch(on);
  }

  async open() {
    const turn = ++this.#opening;
    this.hidden = false;
    this.note.textContent = text("camera_opening");
    try {
      const camera = await openCamera(this.video);
      // Closed, or opened again, while the browser was asking for permission.
      if (turn === this.#opening) this.#start(camera);
      else camera.close();
    } catch (error) {
      this.note.textContent = text(cameraProblem(error));
    }
  }

  #start(camera) {
    this.#camera = camera;
    this.note.textContent = text("camera_aim");
    this.#controls();
    this.#decode = decoder();
    this.#lastRead = performance.now();
    this.#watch(camera);
  }

  close() {
    this.#opening += 1;
    this.#camera?.close();
    this.#decode?.close();
    this.#camera = this.#decode = null;
    this.hidden = true;
  }

  #controls() {
    const [torch, zoom] = [this.querySelector("[data-torch]"), this.querySelector("[data-zoom]")];
    torch.hidden = !this.#camera.hasTorch;
    zoom.hidden = !this.#camera.zoom;
    const { min, max, step } = this.#camera.zoom ?? {};
    if (max) Object.assign(zoom, { min, max, step: step || 0.1, value: min });
  }

  /** One frame after the other: a slow device drops frames and queues none. */
  async #watch(camera) {
    while (this.#camera === camera) {
      const symbols = await this.#read();
      if (this.#camera !== camera) return;
      this.#seen(symbols);
      if (performance.now() - this.#lastRead > IDLE_MS) return this.close();
      await new Promise((done) => setTimeout(done, FRAME_MS));
    }
  }

  async #read() {
    try {
      return distinct(await this.#decode(this.video));
    } catch {
      this.note.textContent = text("camera_undecodable");
      return [];
    }
  }

  #seen(symbols) {
    if (symbols.length) this.#lastRead = performance.now();
    const fresh = symbols.filter(({ text: code }) => this.#recent.fresh(code));
    if (!fresh.length) return;
    if (symbols.length === 1) return this.#scan(fresh[0]);
    const buttons = choices(symbols, (symbol) => this.#scan(symbol));
    this.note.replaceChildren(text("choose_code"), buttons);
  }

  #scan({ text: code, symbology }) {
    this.note.textContent = code.replaceAll("\u001d", "␝");
    announce("scan", { code, symbology, source: "camera" }, this);
  }
}
