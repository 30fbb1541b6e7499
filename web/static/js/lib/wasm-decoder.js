import { BarcodeDetector, prepareZXingModule } from "../vendor/barcode-detector/ponyfill.js";
import { FORMATS } from "./formats.js";

const WASM = new URL("../vendor/barcode-detector/zxing_reader.wasm", import.meta.url).href;

prepareZXingModule({ overrides: { locateFile: () => WASM } });
const detector = new BarcodeDetector({ formats: FORMATS });

/** The codes in an ImageData, as {text, symbology}; FNC1 is 0x1D. */
export async function decode(image) {
  const found = await detector.detect(image);
  return found.map(({ rawValue, format }) => ({ text: rawValue, symbology: format }));
}
