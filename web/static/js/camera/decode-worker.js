import { decode, ready } from "./wasm-decoder.js";

let context = null;

/** The pixels of a transferred picture; throws where a worker has no canvas. */
function pixelsOf(picture) {
  const { width, height } = picture;
  context ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  Object.assign(context.canvas, { width, height });
  context.drawImage(picture, 0, 0);
  picture.close();
  return context.getImageData(0, 0, width, height);
}

async function answer(work) {
  try {
    self.postMessage(await work());
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
}

self.addEventListener("message", ({ data: { picture } }) => {
  answer(async () => ({ symbols: await decode(pixelsOf(picture)) }));
});
answer(async () => {
  await ready;
  if (!globalThis.OffscreenCanvas) throw new Error("no canvas in a worker");
  return { ready: true };
});
