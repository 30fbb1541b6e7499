import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, command } from "../../web/static/js/lib/command.js";
import { occurredAt } from "../../web/static/js/lib/moment.js";
import { press, sum } from "../../web/static/js/lib/quantity.js";
import { outcomeKind, sender } from "../../web/static/js/lib/sender.js";
import { uuid7 } from "../../web/static/js/lib/uuid7.js";

test("uuid7: the example of RFC 9562, appendix A.6", () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  assert.equal(uuid7(0x017f22e279b0, random), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("uuid7: distinct, and in the order of time", () => {
  const made = Array.from({ length: 2000 }, (_, at) => uuid7(1_700_000_000_000 + at));
  assert.equal(new Set(made).size, made.length);
  assert.deepEqual(made.toSorted(), made);
});

test("occurred_at is local time with its zone", () => {
  const moment = new Date("2026-11-22T13:06:41.123Z");
  assert.equal(occurredAt(moment, 480), "2026-11-22T21:06:41.123+08:00");
  assert.equal(occurredAt(moment, -210), "2026-11-22T09:36:41.123-03:30");
  assert.equal(occurredAt(moment, 0), "2026-11-22T13:06:41.123+00:00");
});

test("the body of a command keeps GS, spaces and plus signs", () => {
  const made = { command_id: "c", occurred_at: "o" };
  const entry = command({ url: "/x", fields: [["code", "01\u001d10 A+B&=%"]] }, made);
  const read = new URLSearchParams(bodyOf(entry, "t", "now").toString());
  assert.deepEqual(Object.fromEntries(read), {
    code: "01\u001d10 A+B&=%", command_id: "c", occurred_at: "o", sent_at: "now", _csrf: "t",
  });
});

test("the body of a kept command says whose it is and how it is numbered", () => {
  const kept = { ...command({ url: "/x", fields: [] }), sequence: 7, installation: "i", user: "3" };
  const read = new URLSearchParams(bodyOf({ ...kept, retry_of: "r" }, "t").toString());
  assert.deepEqual([read.get("sequence"), read.get("installation"), read.get("user")], ["7", "i", "3"]);
  assert.equal(read.get("retry_of"), "r");
  assert.match(read.get("sent_at"), /^\d{4}-.*[+-]\d\d:\d\d$/);
});

test("sums are exact", () => {
  assert.equal(sum("0.1", "0.2"), "0.3");
  assert.equal(sum("12.350", "0.65"), "13");
  assert.equal(sum("9007199254740993", "1"), "9007199254740994");
  assert.equal(sum("", "-1"), "-1");
  assert.equal(sum("1", "-1.005"), "-0.005");
});

test("the keypad", () => {
  const type = (keys, start = "", options = { decimals: 3 }) =>
    keys.reduce((value, key) => press(value, key, options), start);
  assert.equal(type(["1", "2", ".", "3", "5"]), "12.35");
  assert.equal(type([".", "5"]), "0.5");
  assert.equal(type(["0", "7"]), "7");
  assert.equal(type(["1", ".", "2", ".", "3"]), "1.23");
  assert.equal(type(["1", ".", "2", "3", "4", "5"]), "1.234");
  assert.equal(type(["1", ".", "5"], "", { decimals: 0 }), "15");
  assert.equal(type(["+1", "+1", "+6", "-1"], "6"), "13");
  assert.equal(type(["+0.25"], "0.5"), "0.75");
  assert.equal(type(["-1"], "0.5"), "0");
  assert.equal(type(["back", "back"], "123"), "1");
  assert.equal(type(["clear"], "123"), "");
  assert.equal(type(["+1"], "999999999999"), "999999999999");
  assert.equal(type(["9"], "999999999999"), "999999999999");
});

test("what an answer means", () => {
  const kind = (status, path = "/receiving/1/scans") => outcomeKind(status, `http://h${path}`);
  assert.deepEqual([200, 204, 400, 403, 404, 409, 413, 422].map((status) => kind(status)),
    Array(8).fill("answered"));
  assert.deepEqual([500, 502, 503, 408, 429].map((status) => kind(status)), Array(5).fill("unconfirmed"));
  assert.equal(kind(401), "login");
  assert.equal(kind(428), "renumber");
  assert.equal(kind(200, "/login?next=/x"), "login");
});

test("the sender never throws: lost, cut short and refused answers", async () => {
  const lost = sender({ token: () => "t", post: () => Promise.reject(new TypeError("offline")) });
  const cut = () => ({ status: 200, url: "", headers: new Headers(), text: () => Promise.reject(new Error()) });
  const short = sender({ token: () => "t", post: async () => cut() });
  const busy = sender({
    token: () => "t",
    post: async () => new Response("", { status: 503, headers: { "Retry-After": "3" } }),
  });
  const entry = command({ url: "/x", fields: [] });
  assert.deepEqual(await lost(entry), { kind: "unconfirmed" });
  assert.deepEqual(await short(entry), { kind: "unconfirmed" });
  assert.deepEqual(await busy(entry), { kind: "unconfirmed", status: 503, retryAfter: 3000 });
});
