import { readable } from "../lib/choices.js";
import { centre, chosen, pictured } from "./geometry.js";

const FINGER_PX = 28;
const NUMBER_PX = 26;

function drawn(svg, name, attributes, words = "") {
  const element = document.createElementNS(svg.namespaceURI, name);
  element.textContent = words;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function outline(svg, { corners, read }) {
  const points = corners.map(({ x, y }) => `${x},${y}`).join(" ");
  return drawn(svg, "polygon", { points, class: read ? "is-read" : "" });
}

function number(svg, { corners }, at, size) {
  const { x, y } = centre(corners);
  return drawn(svg, "text", { x, y, "font-size": size, "stroke-width": size / 4 }, String(at + 1));
}

function become(shown, drawing) {
  for (const { name, value } of drawing.attributes) shown.setAttribute(name, value);
  if (shown.textContent !== drawing.textContent) shown.textContent = drawing.textContent;
}

/** The codes in view: outlined over the video, and as a numbered list of buttons below it. */
export class Outlines {
  #symbols = [];
  #frame = { width: 1, height: 1 };
  #listed = "";

  /** svg over the video, list for the buttons, choose(symbol) for a tap on either. */
  constructor(svg, list, choose) {
    Object.assign(this, { svg, list, choose });
    svg.addEventListener("click", (event) => this.#tapped(event));
  }

  /** symbols {text, corners, read}; frame {width, height}; listed: whether to offer the buttons. */
  show(symbols, frame, listed) {
    [this.#symbols, this.#frame] = [symbols, frame];
    this.svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    const numbers = listed ? this.#numbers() : [];
    const outlines = symbols.map((symbol) => outline(this.svg, symbol));
    this.#put([...outlines, ...numbers]);
    this.#list(listed ? symbols : []);
  }

  /** Moves what is there rather than making it anew: what goes away below a finger takes no tap. */
  #put(drawings) {
    const shown = [...this.svg.children];
    drawings.forEach((drawing, at) => {
      if (shown[at]?.localName === drawing.localName) become(shown[at], drawing);
      else if (shown[at]) shown[at].replaceWith(drawing);
      else this.svg.append(drawing);
    });
    shown.slice(drawings.length).forEach((rest) => rest.remove());
  }

  #numbers() {
    const size = NUMBER_PX * this.#perPixel();
    return this.#symbols.map((symbol, at) => number(this.svg, symbol, at, size));
  }

  /** Pixels of the frame to one of the screen. */
  #perPixel() {
    const box = this.svg.getBoundingClientRect();
    const from = pictured(box, this.#frame, box);
    return pictured({ x: box.x + 1, y: box.y }, this.#frame, box).x - from.x;
  }

  #tapped({ clientX: x, clientY: y }) {
    const point = pictured({ x, y }, this.#frame, this.svg.getBoundingClientRect());
    const symbol = chosen(point, this.#symbols, FINGER_PX * this.#perPixel());
    if (symbol) this.choose(symbol);
  }

  /** Made anew only when other codes are in view: a button must not go away below a finger. */
  #list(symbols) {
    const texts = JSON.stringify(symbols.map(({ text }) => text));
    if (texts === this.#listed) return;
    this.#listed = texts;
    this.list.replaceChildren(...symbols.map((symbol, at) => this.#button(symbol, at)));
  }

  #button(symbol, at) {
    const words = `${at + 1} · ${readable(symbol.text)}`;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    button.className = "button";
    button.addEventListener("click", () => this.choose(symbol));
    return button;
  }
}
