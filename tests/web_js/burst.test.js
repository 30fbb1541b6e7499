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
  assert.equal(burst.end(last + 120), true);
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

test("a reader known to end its codes may pause inside one; a person may not", () => {
  const { burst, seen, type } = reader({ patient: true });
  let last = type("690123", 0, 5);
  last = type("4567892", last + 140, 5);
  assert.equal(burst.end(last + 5), true);
  type("the", 5000, 45);
  type("quick", 5200, 120);
  burst.settle();
  assert.deepEqual(seen.scans, ["6901234567892"]);
  assert.equal(seen.typed.join(""), "thequick");
});

test("whether a reader ends its codes is learned from its last scan", () => {
  const { burst, type } = reader();
  burst.end(type("6901234567892", 0, 5) + 5);
  assert.equal(burst.patient, true);
  type("6901234567892", 1000, 5);
  burst.settle();
  assert.equal(burst.patient, false);
});
