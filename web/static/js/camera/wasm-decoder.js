import { BarcodeDetector, prepareZXingModule } from "../vendor/barcode-detector/ponyfill.js";
import { FORMATS } from "./formats.js";
import { symbolOf } from "./symbol.js";

const WASM = new URL("../vendor/barcode-detector/zxing_reader.wasm", import.meta.url).href;

/** Resolves when the reader is compiled; rejects where it can't be. */
export const ready = prepareZXingModule({
  overrides: { locateFile: () => WASM }, fireImmediately: true,
});
ready.catch(() => {});
const detector = new BarcodeDetector({ formats: FORMATS });

/** The codes in an ImageData, as {text, symbology, corners}; FNC1 is 0x1D. */
export async function decode(image) {
  return (await detector.detect(image)).map(symbolOf);
}
