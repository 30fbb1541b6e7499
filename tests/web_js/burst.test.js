import assert from "node:assert/strict";
import { test } from "node:test";
import { Burst, splitCodes } from "../../web/static/js/lib/burst.js";

function reader(options = {}) {
  const seen = { scans: [], typed: [] };
  const burst = new Burst({
    scan: (codes) => seen.scans.push(...codes),
    typed: (text) => seen.typed.push(text),
    ...options,
  });
  const type = (text, from, every) => {
    [...text].forEach((character, at) => burst.add(character, from + at * every));
    return from + (text.length - 1) * every;
  };
  return { burst, seen, type };
}

test("fast characters and Enter are one scan, and the Enter is the reader's", () => {
  const { burst, seen, type } = reader();
  const last = type("6901234567892", 1000, 8);
  assert.equal(burst.end(last + 8), true);
  assert.deepEqual(seen, { scans: ["6901234567892"], typed: [] });
});

test("slow characters are typing, and their Enter is the person's", () => {
  const { burst, seen, type } = reader();
  const last = type("12", 1000, 180);
  assert.equal(burst.end(last + 300), false);
  assert.deepEqual(seen, { scans: [], typed: ["1", "2"] });
});

test("no ending: 50 ms of silence end the scan", () => {
  const { burst, seen, type } = reader();
  type("ABC-123-XYZ", 0, 10);
  burst.settle();
  assert.deepEqual(seen.scans, ["ABC-123-XYZ"]);
});

test("two fast keys and a late Enter are typing", () => {
  const { burst, seen, type } = reader();
  type("12", 0, 40);
  assert.equal(burst.end(45), false);
  assert.deepEqual(seen, { scans: [], typed: ["12"] });
});

test("three rolled keys in a text box are not a scan without Enter", () => {
  const { burst, seen, type } = reader();
  type("the", 0, 45);
  burst.settle();
  assert.deepEqual(seen, { scans: [], typed: ["the"] });
});

test("the suffix that comes after the silence still does nothing else", () => {
  const { burst, type } = reader();
  const last = type("6901234567892", 0, 5);
  burst.settle();
  assert.equal(burst.end(last + 400), true);
  assert.equal(burst.end(last + 900), false);
});

test("ten codes back to back are ten scans in order", () => {
  const { burst, seen, type } = reader();
  const codes = Array.from({ length: 10 }, (_, at) => `69012345678${at}0`);
  let time = 0;
  for (const code of codes) {
    time = type(code, time + 4, 4);
    burst.end((time += 4));
  }
  assert.deepEqual(seen.scans, codes);
});

test("injected text may hold several codes and literal line ends", () => {
  const { burst, seen } = reader();
  burst.add("AAA111\nBBB222\r\nCCC333\n", 0);
  burst.settle();
  assert.deepEqual(seen.scans, ["AAA111", "BBB222", "CCC333"]);
  assert.deepEqual(splitCodes("A1\\nB2\\r\\n"), ["A1", "B2"]);
});

test("GS and what stands for it go on raw", () => {
  for (const gs of ["\u001d", "<GS>", "{GS}", "^]", "\\x1d", "|"]) {
    const { burst, seen, type } = reader();
    const code = `]C10106901234567892${gs}10LOT 7`;
    burst.end(type(code, 0, 3) + 3);
    assert.deepEqual(seen.scans, [code]);
  }
});

test("the place of the first character decides where typing goes", () => {
  const origins = [];
  const burst = new Burst({ scan() {}, typed: (text, origin) => origins.push([text, origin]) });
  burst.add("1", 0, "box");
  burst.add("2", 10, "elsewhere");
  burst.settle();
  assert.deepEqual(origins, [["12", "box"]]);
});

const CODE = "6901234567892";
/** Keys 5 ms apart with a pause before each of those positions; the time of the last one. */
function keyed(burst, code, pauses, from = 0, origin = null) {
  let time = from;
  [...code].forEach((character, at) => {
    time += pauses.includes(at) ? 240 : 5;
    burst.add(character, time, origin);
  });
  return time;
}
const beside = { sure: () => 3, near: () => 1000 };

test("a pause anywhere never cuts the first scan of a device in two", () => {
  for (let at = 1; at <= CODE.length; at += 1) {
    const { burst, seen } = reader(beside);
    const last = keyed(burst, CODE, [at]);
    assert.equal(burst.end(last + (at === CODE.length ? 240 : 5)), true, `a pause before ${at}`);
    assert.deepEqual(seen.scans, [CODE], `a pause before ${at}`);
  }
});

test("nor does the timer that fires in the pause", () => {
  for (let at = 1; at < CODE.length; at += 1) {
    const { burst, seen } = reader({ ...beside, patient: true });
    [...CODE].forEach((character, place) => {
      if (place === at && burst.silence < 900) burst.settle();
      burst.add(character, place * 5 + (place < at ? 0 : 900));
    });
    // The last two alone are no scan: where they are typed, the box sends them with the rest.
    if (burst.end(CODE.length * 5 + 900)) assert.deepEqual(seen.scans, [CODE]);
    else assert.equal(seen.typed.join(""), CODE);
  }
});

test("many pauses: whole, or typed whole; never a part", () => {
  let seed = 7;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let turn = 0; turn < 300; turn += 1) {
    const { burst, seen } = reader({ ...beside, patient: true });
    const pauses = [...CODE].map((_, at) => at).filter(() => chance() < 0.3);
    burst.end(keyed(burst, CODE, pauses, 10_000 * turn) + 5);
    if (seen.scans.length) assert.deepEqual(seen.scans, [CODE], String(pauses));
    else assert.equal(seen.typed.join(""), CODE);
  }
});

test("codes that nothing but silence ends are told apart by it, also the first ones", () => {
  for (const [pause, patient] of [[80, undefined], [200, undefined], [80, false], [600, true]]) {
    const { burst, seen } = reader({ ...beside, patient });
    const codes = Array.from({ length: 10 }, (_, at) => `69012345678${at}0`);
    let time = 0;
    for (const code of codes) {
      time += pause;
      for (const character of code) burst.add(character, (time += 2));
    }
    burst.settle();
    assert.deepEqual(seen.scans, codes, `${pause} ms apart`);
  }
});

test("the same pauses with an Enter at the end are those of one code", () => {
  const { burst, seen } = reader(beside);
  burst.end(keyed(burst, "690123690123690123", [6, 12]) + 5);
  assert.deepEqual(seen.scans, ["690123690123690123"]);
});

test("what is taken back is told by the place where it was typed first", () => {
  const scans = [];
  const near = (first, origin) => (first.box === origin.box ? 250 : 0);
  const scan = (codes, origin) => scans.push([...codes, origin.box]);
  const burst = new Burst({ scan, near, typed: () => true });
  burst.end(keyed(burst, CODE, [1], 0, { box: "quantity" }) + 5);
  burst.add("6", 5000, { box: "quantity" });
  burst.end(keyed(burst, CODE, [], 5200, { box: "scan" }) + 5);
  assert.deepEqual(scans, [[CODE, "quantity"], [CODE, "scan"]]);
});

test("what was typed long before a scan, or sent, or left by another key, is not of it", () => {
  const { burst, seen, type } = reader(beside);
  type("6", 0, 5);
  burst.end(type(CODE, 1200, 5) + 5);
  type("7", 3000, 5);
  assert.equal(burst.end(3200), false);
  burst.end(type(CODE, 3400, 5) + 5);
  type("8", 5000, 5);
  burst.leave();
  burst.end(type(CODE, 5200, 5) + 5);
  assert.deepEqual(seen, { scans: [CODE, CODE, CODE], typed: ["6", "7", "8"] });
});

test("a tap comes behind the scan before it and not into the middle of one", () => {
  const { burst, seen, type } = reader({ ...beside, patient: true });
  const middle = type("690123", 0, 5);
  burst.interrupt(middle + 3);
  const last = type("4567892", middle + 5, 5);
  assert.deepEqual(seen.scans, []);
  burst.interrupt(last + 80);
  assert.deepEqual(seen.scans, [CODE]);
});

test("a person who types with rolled keys is still a person", () => {
  const { burst, seen, type } = reader({ patient: true });
  type("the", 5000, 45);
  type("quick", 5200, 120);
  burst.settle();
  assert.deepEqual(seen.scans, []);
  assert.equal(seen.typed.join(""), "thequick");
});

test("whether a reader ends its codes is learned from its last scan", () => {
  const { burst, seen, type } = reader();
  assert.equal((burst.add("69012345", 0), burst.silence), 250, "nobody knows yet");
  burst.end(10);
  assert.equal(burst.patient, true);
  type(CODE, 1000, 5);
  assert.equal(burst.silence, 1000);
  burst.settle();
  assert.equal(burst.patient, false);
  type(CODE, 3000, 5);
  assert.equal(burst.silence, 100);
  type("SECOND-1", 3200, 5);
  burst.settle();
  assert.deepEqual(seen.scans, ["69012345", CODE, CODE, "SECOND-1"]);
});
