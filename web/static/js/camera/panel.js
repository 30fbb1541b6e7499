import { distinct, readable } from "../lib/choices.js";
import { keep, recall } from "../lib/kept.js";
import { announce, text } from "../lib/page.js";
import { keptHarvest } from "../lib/tab-kept.js";
import { decoder } from "./decoder.js";
import { Frames, everyFrame } from "./frames.js";
import { centre, inReadingOrder, partUnder, widened, within } from "./geometry.js";
import { HarvestList } from "./harvest-list.js";
import { helpFor } from "./help.js";
import { InView } from "./in-view.js";
import { Outlines } from "./outlines.js";
import { openCamera } from "./stream.js";

const IDLE_MS = 60_000;
const MARGIN = 0.15;
const MODE = "saoku.camera-mode";
const AIM = "saoku.camera-aim";

/**
 * The open camera of a <camera-scanner>.  Modes: "one" code and close, "each" code one after
 * another, "all" codes into a list that is sent at once.  With the frame in the middle only a code
 * whose middle lies in it counts.  Reads become `scan` {code, symbology, source: "camera"}.
 */
export class CameraPanel {
  #root;
  #camera = null;
  #decode = null;
  #turn = 0;
  #view = new InView();
  #frames;
  #active = 0;
  #misses = 0;
  #wide = false;
  #last = null;
  #clock;
  #figures;

  constructor(root, signal) {
    this.#root = root;
    this.video = this.#find("video");
    this.note = this.#find("output");
    this.outlines = new Outlines(this.#find("svg"), this.#find("[data-choices]"), (one) => this.#read(one));
    const send = (symbols) => this.#send(symbols);
    const changed = () => this.#layOut();
    this.harvest = new HarvestList(this.#find("[data-harvest]"), { kept: keptHarvest(), send, changed });
    this.#listen(signal);
    this.mode = recall(MODE) === "one" ? "one" : "each";
    this.#aim(recall(AIM, "1") === "1");
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }

  #listen(signal) {
    this.#root.addEventListener("click", ({ target }) => this.#clicked(target.closest("button")));
    this.#find("[data-zoom]").oninput = ({ target }) => this.#camera?.setZoom(Number(target.value));
    document.addEventListener("visibilitychange", () => document.hidden && this.close(), { signal });
    const warn = (event) => this.harvest.size && event.preventDefault();
    window.addEventListener("beforeunload", warn, { signal });
    signal.addEventListener("abort", () => this.close());
  }

  #clicked(button) {
    this.#active = performance.now();
    if (!button) return;
    if (button.matches("[data-torch]")) this.#light(button);
    if (button.matches("[data-aim]")) this.#aim(button.getAttribute("aria-pressed") !== "true");
    if (button.matches("[data-mode]")) this.mode = button.dataset.mode;
    if (button.matches("[data-again]") && this.#last) this.#read(this.#last);
    if (button.matches("[data-retry]")) this.open();
    if (button.matches("[data-photo]")) document.querySelector("photo-scanner input")?.click();
  }

  get mode() {
    return this.#root.dataset.mode;
  }

  set mode(mode) {
    this.#root.dataset.mode = mode;
    for (const button of this.#root.querySelectorAll("button[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
    // What is in view already belongs to the shelf, too.  To collect is never what one begins with.
    if (mode === "all") this.#view = new InView();
    else keep(MODE, mode);
    this.#layOut();
  }

  #aim(on) {
    this.#root.toggleAttribute("data-aiming", on);
    this.#find("[data-aim]").setAttribute("aria-pressed", String(on));
    keep(AIM, on ? "1" : "0");
  }

  #light(torch, on = torch.getAttribute("aria-pressed") !== "true") {
    torch.setAttribute("aria-pressed", String(on));
    this.#camera?.setTorch(on);
  }

  /** `since` is the moment of the tap, on the clock of performance.now(). */
  async open(since = performance.now()) {
    this.#release();
    const turn = this.#turn;
    this.#enter("opening", text("camera_opening"));
    this.#start(since);
    try {
      const camera = await openCamera(this.video);
      // Closed, or opened again, while the browser was asking for permission.
      if (turn === this.#turn) this.#watch(camera);
      else camera.close();
    } catch (error) {
      const help = await helpFor(error);
      if (turn === this.#turn) this.#help(help);
    }
  }

  /** The reader loads while the browser opens the camera. */
  #start(since) {
    const turn = this.#turn;
    this.#figures = { since, frames: 0, dropped: 0, firstRead: null };
    // For whoever looks for the cause of a slow camera: frames looked at and dropped, and after
    // how many ms and frames the first code was read.
    this.#root.figures = this.#figures;
    this.#decode = decoder();
    this.#decode.ready().catch(() => turn === this.#turn && this.#help("undecodable"));
  }

  #watch(camera) {
    this.#camera = camera;
    this.#view = new InView();
    this.#last = null;
    this.#active = performance.now();
    this.#frames = new Frames(() => this.#look(camera));
    this.#enter("live", text("camera_aim"));
    this.#controls(camera);
    camera.onlost(() => camera === this.#camera && this.#help("busy"));
    everyFrame(this.video, () => camera === this.#camera, () => this.#frames.offer());
    this.#clock = setInterval(() => this.#rest(), 1000);
  }

  #rest() {
    if (performance.now() - this.#active > IDLE_MS) this.#help("off");
  }

  #controls(camera) {
    const [torch, zoom] = [this.#find("[data-torch]"), this.#find("[data-zoom]")];
    torch.hidden = !camera.hasTorch;
    torch.setAttribute("aria-pressed", "false");
    zoom.hidden = !camera.zoom;
    const { min, max, step } = camera.zoom ?? {};
    if (max) Object.assign(zoom, { min, max, step: step || 0.1, value: min });
  }

  close() {
    this.#release();
    this.#enter("");
  }

  #release() {
    this.#turn += 1;
    clearInterval(this.#clock);
    this.#camera?.close();
    this.#decode?.close();
    this.#camera = this.#decode = null;
  }

  #help(name) {
    this.#release();
    this.#enter("help");
    for (const one of this.#root.querySelectorAll("[data-help]")) one.hidden = one.dataset.help !== name;
  }

  #enter(state, words = "") {
    this.#root.dataset.state = state;
    this.note.textContent = words;
    this.#draw([], false);
    this.#layOut();
  }

  /** Codes that wait stay on the screen when the camera is closed. */
  #layOut() {
    const { state, mode } = this.#root.dataset;
    if (!this.harvest) return;
    const collects = state === "live" && mode === "all";
    this.#root.hidden = !state && this.harvest.isEmpty;
    this.#find("[data-harvest]").hidden = this.harvest.isEmpty && !collects;
    this.#find("[data-again]").hidden = !this.#last || collects;
  }

  #frame() {
    return { width: this.video.videoWidth || 1, height: this.video.videoHeight || 1 };
  }

  async #look(camera) {
    try {
      const symbols = await this.#symbols();
      if (camera === this.#camera) this.#seen(symbols);
    } catch {
      if (camera === this.#camera) this.#help("undecodable");
    }
  }

  /**
   * What counts in the current frame.  A code larger than the frame in the middle is found by a
   * look at all that is shown: each third frame without a code, and from then on.
   */
  async #symbols() {
    const frame = this.#frame();
    const box = this.video.getBoundingClientRect();
    const aiming = this.#root.hasAttribute("data-aiming");
    const shown = partUnder(box, frame, box);
    const area = aiming ? partUnder(this.#find("[data-area]").getBoundingClientRect(), frame, box) : shown;
    const part = aiming && !this.#wide ? widened(area, MARGIN, frame) : shown;
    const found = distinct(await this.#decode(this.video, part));
    const symbols = found.filter(({ corners }) => within(centre(corners), area));
    if (!symbols.length) this.#wide = (this.#misses += 1) % 3 === 0;
    return symbols;
  }

  #seen(symbols) {
    this.#view.look(symbols, performance.now());
    Object.assign(this.#figures, { frames: this.#frames.taken, dropped: this.#frames.dropped });
    if (this.mode === "all") this.#collect();
    else this.#choose();
  }

  #choose() {
    const alone = this.#view.alone;
    if (alone) this.#read(alone);
    if (!this.#camera) return;
    const inView = inReadingOrder(this.#view.symbols);
    const several = inView.length > 1;
    if (several && inView.some(({ read }) => !read)) this.note.textContent = text("choose_code");
    else if (!this.#last) this.note.textContent = text("camera_aim");
    this.#draw(inView, several);
  }

  #draw(symbols, listed) {
    this.outlines.show(symbols, this.#frame(), listed);
    this.#root.toggleAttribute("data-choosing", listed);
  }

  #collect() {
    const fresh = inReadingOrder(this.#view.fresh);
    this.#view.settle(fresh);
    if (this.harvest.add(fresh)) this.#collected(fresh.at(-1));
    this.#draw(this.#view.symbols, false);
  }

  #collected(symbol) {
    this.#noted(symbol);
    const words = text("camera_collected", { count: this.harvest.size });
    announce("saoku:feedback", { tone: "queued", text: words }, this.#root);
  }

  #noted({ text: code }) {
    this.#active = performance.now();
    const { since, frames } = this.#figures;
    this.#figures.firstRead ??= { ms: this.#active - since, frames };
    this.note.textContent = readable(code);
  }

  /** Of itself or by a tap; a tap reads again what was read before. */
  #read(symbol) {
    if (this.mode === "all") return;
    this.#view.settle([...this.#view.symbols, symbol]);
    this.#last = symbol;
    this.#noted(symbol);
    this.#layOut();
    this.#send([symbol]);
    if (this.mode === "one") this.close();
  }

  #send(symbols) {
    for (const { text: code, symbology } of symbols) {
      announce("scan", { code, symbology, source: "camera" }, this.#root);
    }
  }
}
