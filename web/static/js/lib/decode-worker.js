import { decode } from "./wasm-decoder.js";

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ symbols: await decode(new ImageData(data.pixels, data.width)) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
});
self.postMessage({ ready: true });
