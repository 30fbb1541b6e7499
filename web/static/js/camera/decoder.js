import { FORMATS, NEEDED } from "./formats.js";
import { symbolOf } from "./symbol.js";

const NATIVE_MS = 3000;

function inTime(promise, ms) {
  const late = new Promise((_, failed) => setTimeout(failed, ms, new Error("no answer")));
  return Promise.race([promise, late]);
}

async function nativeDetector() {
  const Native = globalThis.BarcodeDetector;
  const formats = (await Native?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (!NEEDED.every((format) => formats.includes(format))) return null;
  return new Native({ formats: FORMATS.filter((format) => formats.includes(format)) });
}

/** Reads with the browser's own detector; throws where it exists but refuses to work. */
async function nativeDecoder() {
  const detector = await nativeDetector();
  if (!detector) throw new Error("no usable BarcodeDetector");
  return async (video) => (await inTime(detector.detect(video), NATIVE_MS)).map(symbolOf);
}

function shifted(symbols, { x: across, y: down }) {
  return symbols.map(({ corners, ...symbol }) => ({
    ...symbol, corners: corners.map(({ x, y }) => ({ x: x + across, y: y + down })),
  }));
}

function answerOf(worker, message, transfer) {
  return new Promise((done, failed) => {
    worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : done(data));
    worker.onerror = () => failed(new Error("the decoder did not start"));
    if (message) worker.postMessage(message, transfer);
  });
}

const pictureOf = (video, { x, y, width, height }) => createImageBitmap(video, x, y, width, height);

/** Reads with the WebAssembly reader in a worker, one frame at a time; pixels are copied there. */
async function workerDecoder() {
  const worker = new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" });
  const close = () => worker.terminate();
  await answerOf(worker).catch((error) => {
    close();
    throw error;
  });
  const decode = async (video, part) => {
    const picture = await pictureOf(video, part);
    const { symbols } = await answerOf(worker, { picture }, [picture]);
    return shifted(symbols, part);
  };
  return Object.assign(decode, { close });
}

/** The same in the page, for browsers without module workers or pictures in them. */
async function pageDecoder() {
  const { decode, ready } = await import("./wasm-decoder.js");
  await ready;
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return async (video, { x, y, width, height }) => {
    Object.assign(context.canvas, { width, height });
    context.drawImage(video, x, y, width, height, 0, 0, width, height);
    return shifted(await decode(context.getImageData(0, 0, width, height)), { x, y });
  };
}

const MAKERS = [nativeDecoder, workerDecoder, pageDecoder];

/**
 * The first decoder that really works: (video, part) -> [{text, symbology, corners}], `part` the
 * rectangle of the frame to look at (the browser's own looks at all of it), corners in the frame.
 * A decoder that refuses is dropped for good and the next one reads that frame; when all have
 * refused, it throws.  `ready()` starts it before the first frame; nothing is loaded before.
 */
export function decoder(makers = MAKERS) {
  const left = [...makers];
  let current = null;
  let refusal = new Error("closed");
  const end = (made) => made?.then((decode) => decode.close?.(), () => {});
  function drop(made, error) {
    if (made !== current || !left.length) return;
    refusal = error;
    left.shift();
    end(current);
    current = null;
  }
  async function first(use) {
    while (left.length) {
      const made = (current ??= left[0]());
      try {
        return await use(await made);
      } catch (error) {
        drop(made, error);
      }
    }
    throw refusal;
  }
  const decode = (video, part) => first((one) => one(video, part));
  const close = () => {
    left.length = 0;
    end(current);
  };
  return Object.assign(decode, { ready: () => first(() => {}), close });
}
