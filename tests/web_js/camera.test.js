import assert from "node:assert/strict";
import { test } from "node:test";
import { decoder } from "../../web/static/js/camera/decoder.js";
import { Frames, everyFrame } from "../../web/static/js/camera/frames.js";
import {
  chosen, distance, inReadingOrder, partUnder, pictured, widened, within,
} from "../../web/static/js/camera/geometry.js";
import { Harvest } from "../../web/static/js/camera/harvest.js";
import { helpFor } from "../../web/static/js/camera/help.js";
import { InView } from "../../web/static/js/camera/in-view.js";
import { openCamera } from "../../web/static/js/camera/stream.js";
import { symbolOf } from "../../web/static/js/camera/symbol.js";

const square = (x, y, size = 10) =>
  [{ x, y }, { x: x + size, y }, { x: x + size, y: y + size }, { x, y: y + size }];
const code = (text, corners = square(0, 0)) => ({ text, symbology: "qr_code", corners });

/** Shows frames of codes to a view every `step` ms; what was read of itself, in order. */
function watch(frames, step = 80) {
  const view = new InView();
  const read = [];
  frames.forEach((texts, at) => {
    view.look(texts.map((text) => code(text)), at * step);
    const { alone } = view;
    if (!alone) return;
    read.push(alone.text);
    view.settle(view.symbols);
  });
  return read;
}

const times = (count, ...texts) => Array.from({ length: count }, () => texts);

test("a label held in view counts once, shown again counts again", () => {
  assert.deepEqual(watch([...times(60, "A"), ...times(45), ...times(4, "A")]), ["A", "A"]);
  assert.deepEqual(watch([...times(5, "A"), ...times(12), ...times(9, "A")]), ["A"]);
  assert.deepEqual(watch([...times(5, "A"), ...times(25), ...times(5, "B")]), ["A", "B"]);
});

test("a blurred video of a label held in view counts once, on a slow device too", () => {
  const blurred = Array.from({ length: 80 }, (_, at) => (at % 7 === 0 ? ["A"] : []));
  assert.deepEqual(watch(blurred), ["A"]);
  // Two looks a second: seven of them without the code are no absence yet.
  assert.deepEqual(watch([...times(2, "A"), ...times(7), ...times(2, "A")], 500), ["A"]);
  assert.deepEqual(watch([...times(2, "A"), ...times(8), ...times(2, "A")], 500), ["A", "A"]);
});

test("a code seen in one frame only is not believed", () => {
  assert.deepEqual(watch([["A"], ...times(30), ["B"], ...times(30)]), []);
  assert.deepEqual(watch([["A"], ...times(30), ["A"], ...times(30)]), []);
});

test("of two codes in view none is read of itself, also when a frame misses one", () => {
  assert.deepEqual(watch(Array.from({ length: 40 }, (_, at) => (at % 2 ? ["A", "B"] : ["B"]))), []);
  assert.deepEqual(watch([["A"], ["A", "B"], ["A"], ["A"], ["B"]]), []);
  assert.deepEqual(watch([...times(5, "A", "B"), ...times(15, "A")]), ["A"]);
});

test("what was passed over for another code waits until it is asked for or shown again", () => {
  const view = new InView();
  const look = (count, from, ...texts) => {
    for (let at = 0; at < count; at += 1) view.look(texts.map((text) => code(text)), from + at * 80);
  };
  look(4, 0, "A", "B");
  view.settle(view.symbols);
  look(12, 320, "B");
  assert.equal(view.alone, undefined);
  assert.deepEqual(view.symbols.map(({ text, read }) => [text, read]), [["B", true]]);
  look(45, 1300);
  look(3, 5000, "B");
  assert.equal(view.alone.text, "B");
});

function tab(start = null) {
  let kept = start;
  return { get: () => kept, set: (value) => (kept = value) };
}

test("the harvest keeps distinct codes in the order they were met", () => {
  const harvest = new Harvest(tab());
  assert.equal(harvest.add([code("A"), code("B")]), 2);
  assert.equal(harvest.add([code("B"), code("C"), code("A")]), 1);
  harvest.remove("B");
  assert.equal(harvest.add([code("B")]), 1);
  assert.deepEqual(harvest.take().map(({ text }) => text), ["A", "C", "B"]);
  assert.equal(harvest.size, 0);
});

test("the harvest outlives a reload until it is taken, and a cleared one comes back", () => {
  const kept = tab();
  new Harvest(kept).add([code("A"), code("B")]);
  const harvest = new Harvest(kept);
  assert.deepEqual(harvest.codes, [{ text: "A", symbology: "qr_code" }, { text: "B", symbology: "qr_code" }]);
  harvest.clear();
  assert.deepEqual([harvest.size, harvest.isCleared, kept.get()], [0, true, null]);
  harvest.restore();
  assert.deepEqual([harvest.size, harvest.isCleared], [2, false]);
  harvest.take();
  assert.deepEqual([harvest.isCleared, kept.get()], [false, null]);
  assert.equal(new Harvest(tab("{no json")).size, 0);
  assert.equal(new Harvest(tab("7")).size, 0);
});

const FRAME = { width: 1280, height: 720 };
const BOX = { x: 100, y: 50, width: 360, height: 360 };

test("a picture covers its box: what is cut off is found again", () => {
  // Scale 0.5; 640 of 1280 px fit into 360, so 280 px of the frame are cut off on each side.
  assert.deepEqual(pictured({ x: 100, y: 50 }, FRAME, BOX), { x: 280, y: 0 });
  assert.deepEqual(pictured({ x: 280, y: 230 }, FRAME, BOX), { x: 640, y: 360 });
  assert.deepEqual(partUnder(BOX, FRAME, BOX), { x: 280, y: 0, width: 720, height: 720 });
  const aim = { x: 145, y: 140, width: 270, height: 180 };
  assert.deepEqual(partUnder(aim, FRAME, BOX), { x: 370, y: 180, width: 540, height: 360 });
});

test("a part grows by a margin, inside the frame", () => {
  assert.deepEqual(widened({ x: 300, y: 300, width: 200, height: 100 }, 0.1, FRAME),
    { x: 280, y: 290, width: 240, height: 120 });
  assert.deepEqual(widened({ x: 0, y: 600, width: 1280, height: 120 }, 0.5, FRAME),
    { x: 0, y: 540, width: 1280, height: 180 });
  assert.equal(within({ x: 5, y: 5 }, { x: 0, y: 0, width: 5, height: 5 }), true);
  assert.equal(within({ x: 6, y: 5 }, { x: 0, y: 0, width: 5, height: 5 }), false);
});

test("a tap chooses the code under the finger, else the nearest within reach", () => {
  const [left, right] = [code("L", square(100, 100, 50)), code("R", square(200, 100, 50))];
  const tap = (x, y, reach = 20) => chosen({ x, y }, [left, right], reach)?.text;
  assert.equal(tap(120, 120), "L");
  assert.equal(tap(210, 149), "R");
  assert.equal(tap(160, 120), "L");
  assert.equal(tap(190, 120), "R");
  assert.equal(tap(175, 120), undefined);
  assert.equal(tap(175, 300, 1000), "L");
  assert.equal(chosen({ x: 0, y: 0 }, [], 100), undefined);
});

test("of two codes one inside the other the tap takes the one whose middle is nearer", () => {
  const [outer, inner] = [code("outer", square(0, 0, 200)), code("inner", square(20, 20, 40))];
  assert.equal(chosen({ x: 38, y: 42 }, [outer, inner], 5).text, "inner");
  assert.equal(chosen({ x: 110, y: 90 }, [outer, inner], 5).text, "outer");
});

test("a tilted linear code, read along a line, is still to be hit", () => {
  const line = [{ x: 0, y: 0 }, { x: 100, y: 50 }, { x: 100, y: 50 }, { x: 0, y: 0 }];
  assert.ok(Math.abs(distance({ x: 50, y: 35 }, line) - 8.944) < 0.001);
  assert.equal(chosen({ x: 50, y: 35 }, [code("A", line)], 10).text, "A");
});

test("a shelf is read row after row", () => {
  const at = (text, x, y) => code(text, square(x, y, 40));
  const seen = [at("4", 300, 205), at("1", 10, 12), at("3", 20, 190), at("2", 200, 0), at("5", 5, 400)];
  assert.deepEqual(inReadingOrder(seen).map(({ text }) => text), ["1", "2", "3", "4", "5"]);
  assert.deepEqual(inReadingOrder([]), []);
});

/** A camera of 30 frames a second before a reader that needs `ms` for each; which frames it read. */
async function filmed(ms, count) {
  let [now, current, running] = [0, 0, 0];
  const read = [];
  let finish = null;
  const frames = new Frames(() => {
    running += 1;
    assert.equal(running, 1, "two frames at once");
    read.push(current);
    return new Promise((done) => (finish = { at: now + ms, done }));
  }, () => now);
  for (current = 0; current < count; current += 1, now += 1000 / 30) {
    if (finish && now >= finish.at) {
      running -= 1;
      finish.done();
      finish = null;
      await new Promise((done) => setImmediate(done));
    }
    frames.offer();
  }
  return { read, frames };
}

test("frames that come while one is read are dropped, never queued", async () => {
  const { read, frames } = await filmed(400, 120);
  assert.ok(read.length >= 8 && read.length <= 10, `${read}`);
  assert.equal(frames.taken, read.length);
  assert.equal(frames.taken + frames.dropped, 120);
  // Each look is at the frame of that moment: 13 or 14 frames after the one before.
  read.slice(1).forEach((frame, at) => assert.ok(frame - read[at] <= 14, `${read}`));
});

test("a fast reader of a slow camera misses nothing", async () => {
  let now = 0;
  const frames = new Frames(async () => {}, () => now);
  for (let at = 0; at < 15; at += 1, now += 1000 / 15) assert.equal(await frames.offer(), true);
  assert.deepEqual([frames.taken, frames.dropped], [15, 0]);
});

test("a frame that fails does not stop the next", async () => {
  let now = 0;
  const frames = new Frames(() => Promise.reject(new Error("torn")), () => now);
  await assert.rejects(frames.offer());
  now += 100;
  await assert.rejects(frames.offer());
  assert.equal(frames.taken, 2);
});

test("frames are offered while the camera is open, and no longer", () => {
  const asked = [];
  const video = { requestVideoFrameCallback: (step) => asked.push(step) };
  let [open, offered] = [true, 0];
  everyFrame(video, () => open, () => (offered += 1));
  asked.shift()();
  asked.shift()();
  open = false;
  asked.shift()();
  assert.deepEqual([offered, asked.length], [2, 0]);
});

const refusing = (made, name) => async () => {
  made.push(name);
  return async () => { throw new Error(`${name} unavailable`); };
};

test("a decoder that refuses is replaced at its first refusal, and the frame is read", async () => {
  const made = [];
  const reading = async () => (made.push("wasm"), async (frame) => [{ text: frame }]);
  const decode = decoder([refusing(made, "native"), reading]);
  assert.deepEqual(await decode("one"), [{ text: "one" }]);
  assert.deepEqual(await decode("two"), [{ text: "two" }]);
  assert.deepEqual(made, ["native", "wasm"]);
});

test("when every decoder has refused, that is said: then photos are left", async () => {
  const made = [];
  const decode = decoder([async () => { throw new Error("none here"); }, refusing(made, "wasm")]);
  await assert.rejects(decode("one"), /wasm unavailable/);
  await assert.rejects(decode("two"), /wasm unavailable/);
  assert.deepEqual(made, ["wasm"]);
});

test("a decoder that starts early is made once; one that cannot start is passed over", async () => {
  const made = [];
  const broken = async () => { made.push("broken"); throw new Error("no"); };
  const reading = async () => (made.push("good"), async () => []);
  const decode = decoder([broken, reading]);
  await Promise.all([decode.ready(), decode("one"), decode("two")]);
  assert.deepEqual(made, ["broken", "good"]);
});

test("closing ends the decoder, also one that is still being made", async () => {
  let [closed, arrive] = [0, null];
  const decode = decoder([() => new Promise((done) => (arrive = done)), async () => assert.fail("made")]);
  const ready = decode.ready();
  decode.close();
  arrive(Object.assign(async () => [], { close: () => (closed += 1) }));
  await ready;
  assert.equal(closed, 1);
  await assert.rejects(decode("late"), /closed/);
});

test("corners come from the box where a detector gives no corners", () => {
  const boundingBox = { x: 1, y: 2, width: 3, height: 4 };
  const found = symbolOf({ rawValue: "A", format: "itf", cornerPoints: [], boundingBox });
  assert.deepEqual(found.corners, [{ x: 1, y: 2 }, { x: 4, y: 2 }, { x: 4, y: 6 }, { x: 1, y: 6 }]);
  assert.deepEqual([found.text, found.symbology], ["A", "itf"]);
});

const ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1";
const IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15";

test("why the camera did not open, in words for the device", async () => {
  const help = (name, userAgent, { state, touch = 5, secure = true } = {}) => helpFor({ name }, {
    userAgent, maxTouchPoints: touch,
    permissions: { query: async () => (state ? { state } : Promise.reject(new TypeError("camera?"))) },
  }, secure);
  assert.equal(await help("NotAllowedError", ANDROID, { state: "denied" }), "denied-android");
  assert.equal(await help("NotAllowedError", ANDROID, { state: "granted" }), "denied-android");
  assert.equal(await help("NotAllowedError", ANDROID, { state: "prompt" }), "dismissed");
  assert.equal(await help("NotAllowedError", IPHONE), "denied-ios");
  assert.equal(await help("NotAllowedError", IPAD), "denied-ios");
  assert.equal(await help("SecurityError", IPAD, { touch: 0 }), "denied");
  assert.equal(await help("NotAllowedError", ANDROID, { secure: false }), "insecure");
  assert.equal(await help("NotSupportedError", ANDROID, { secure: false }), "insecure");
  assert.equal(await help("NotSupportedError", ANDROID), "unsupported");
  assert.equal(await help("NotFoundError", ANDROID), "none");
  assert.equal(await help("NotReadableError", ANDROID), "busy");
});

/** A track that can do what `can` says; what it was told is in `told`. */
function fakeDevices(can) {
  const told = [];
  const track = {
    getCapabilities: () => can, stop: () => told.push("stop"), addEventListener: () => {},
    applyConstraints: async ({ advanced: [settings] }) => told.push({ ...settings }),
  };
  const stream = { getVideoTracks: () => [track], getTracks: () => [track] };
  return { told, getUserMedia: async () => stream };
}

test("light and zoom are offered where the camera has them, and kept together", async () => {
  const zoom = { min: 1, max: 8, step: 0.1 };
  const devices = fakeDevices({ torch: true, zoom, focusMode: ["manual", "continuous"] });
  const video = { play: async () => {} };
  const camera = await openCamera(video, devices);
  assert.deepEqual([camera.hasTorch, camera.zoom], [true, zoom]);
  await camera.setTorch(true);
  await camera.setZoom(2.5);
  camera.close();
  assert.deepEqual(devices.told, [
    { focusMode: "continuous" }, { focusMode: "continuous", torch: true },
    { focusMode: "continuous", torch: true, zoom: 2.5 }, "stop",
  ]);
  assert.equal(video.srcObject, null);
  const plain = await openCamera(video, fakeDevices({ zoom: { min: 1, max: 1 } }));
  assert.deepEqual([plain.hasTorch, plain.zoom], [false, null]);
});

test("a video that will not play lets go of the camera", async () => {
  const devices = fakeDevices({});
  const video = { play: () => Promise.reject(new DOMException("", "AbortError")) };
  await assert.rejects(openCamera(video, devices), { name: "AbortError" });
  assert.deepEqual(devices.told, ["stop"]);
  await assert.rejects(openCamera(video, {}), { name: "NotSupportedError" });
});
