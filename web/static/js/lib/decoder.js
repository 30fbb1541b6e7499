import { FORMATS, NEEDED } from "./formats.js";

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
  return async (video) =>
    (await detector.detect(video)).map(({ rawValue, format }) => ({
      text: rawValue, symbology: format,
    }));
}

function frameReader() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    context.drawImage(video, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  };
}

function answerOf(worker, message, transfer) {
  return new Promise((done, failed) => {
    worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : done(data));
    worker.onerror = () => failed(new Error("the decoder did not start"));
    if (message) worker.postMessage(message, transfer);
  });
}

/** Reads with the WebAssembly reader in a worker, one frame at a time. */
async function workerDecoder() {
  const worker = new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" });
  await answerOf(worker);
  const frame = frameReader();
  const decode = async (video) => {
    const { data, width } = frame(video);
    const answer = await answerOf(worker, { pixels: data, width }, [data.buffer]);
    return answer.symbols;
  };
  decode.close = () => worker.terminate();
  return decode;
}

/** The same in the page, for browsers without module workers. */
async function pageDecoder() {
  const { decode } = await import("./wasm-decoder.js");
  const frame = frameReader();
  return (video) => decode(frame(video));
}

const MAKERS = [nativeDecoder, workerDecoder, pageDecoder];

/**
 * The first decoder that really works: (video) -> [{text, symbology}].  A decoder that refuses a
 * frame is dropped for good and the next one reads that frame; loads nothing before it is needed.
 */
export function decoder(makers = [...MAKERS]) {
  let current = null;
  async function decode(video) {
    try {
      current ??= await makers[0]();
      return await current(video);
    } catch (error) {
      current?.close?.();
      current = null;
      if (makers.length === 1) throw error;
      makers.shift();
      return decode(video);
    }
  }
  decode.close = () => current?.close?.();
  return decode;
}
