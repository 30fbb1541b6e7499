import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../web/static/js/lib/memory-store.js";
import { ScanQueue, backOff } from "../../web/static/js/lib/scan-queue.js";

const ANSWERED = { kind: "answered", status: 200 };
const entry = (number) => ({ command_id: `id-${number}`, number });
const soon = () => new Promise((done) => setTimeout(done, 1));

/** A queue whose server answers by script: outcome(command, attempt) for each sending. */
function queue(outcome, more = {}) {
  const log = { sent: [], answered: [], states: [], pauses: [] };
  const sendings = new Map();
  let running = 0;
  const under = new ScanQueue({
    store: new MemoryStore(),
    send: async (command) => {
      running += 1;
      assert.equal(running, 1, "two commands on the way at once");
      const attempt = (sendings.get(command.command_id) ?? 0) + 1;
      sendings.set(command.command_id, attempt);
      log.sent.push(command.number);
      await soon();
      running -= 1;
      return outcome(command, attempt);
    },
    answered: async (command) => {
      log.answered.push(command.number);
      await soon();
    },
    changed: (state) => log.states.push(state),
    pause: async (ms) => {
      log.pauses.push(ms);
      await soon();
    },
    ...more,
  });
  return { under, log };
}

async function settled(under) {
  for (let turn = 0; turn < 2000 && under.pending; turn += 1) await soon();
  await soon();
  await soon();
}

test("ten scans at once are ten sendings, in order, one after another", async () => {
  const { under, log } = queue(() => ANSWERED);
  const numbers = Array.from({ length: 10 }, (_, at) => at);
  for (const number of numbers) under.put(entry(number));
  assert.equal(under.pending, 10, "counted at the trigger");
  await settled(under);
  assert.deepEqual(log.sent, numbers);
  assert.deepEqual(log.answered, numbers);
  assert.deepEqual(log.states.at(-1), { pending: 0, state: "idle", attempts: 0 });
});

test("a lost answer is resent with the same command and back-off; nothing overtakes it", async () => {
  const lost = { kind: "unconfirmed" };
  const { under, log } = queue(({ number }, attempt) => (number === 1 && attempt < 4 ? lost : ANSWERED));
  for (const number of [0, 1, 2]) under.put(entry(number));
  await settled(under);
  assert.deepEqual(log.sent, [0, 1, 1, 1, 1, 2]);
  assert.deepEqual(log.pauses, [500, 1000, 2000]);
  assert.ok(log.states.some(({ state, attempts }) => state === "resending" && attempts === 3));
});

test("refusals are answers: the next one goes on", async () => {
  const { under, log } = queue(({ number }) => ({ kind: "answered", status: [409, 422, 404][number] }));
  for (const number of [0, 1, 2]) under.put(entry(number));
  await settled(under);
  assert.deepEqual(log.answered, [0, 1, 2]);
});

test("a login keeps the queue until resume", async () => {
  let signedIn = false;
  const { under, log } = queue(() => (signedIn ? ANSWERED : { kind: "login" }));
  under.put(entry(0));
  under.put(entry(1));
  for (let turn = 0; turn < 20; turn += 1) await soon();
  assert.equal(under.pending, 2);
  assert.equal(log.states.at(-1).state, "login");
  assert.deepEqual(log.answered, []);
  signedIn = true;
  await under.resume();
  await settled(under);
  assert.deepEqual(log.answered, [0, 1]);
});

test("resume cuts the waiting short", async () => {
  const forever = () => new Promise(() => {});
  const { under, log } = queue((_, attempt) => (attempt < 2 ? { kind: "unconfirmed" } : ANSWERED), {
    pause: forever,
  });
  under.put(entry(0));
  for (let turn = 0; turn < 5; turn += 1) await soon();
  under.resume();
  await settled(under);
  assert.deepEqual(log.answered, [0]);
});

test("the same command put twice is sent once", async () => {
  const { under, log } = queue(() => ANSWERED);
  under.put(entry(0));
  under.put(entry(0));
  await settled(under);
  assert.deepEqual(log.sent, [0]);
  assert.equal(under.pending, 0);
});

test("a screen that fails to draw does not hold up the queue", async (context) => {
  context.mock.method(console, "error", () => {});
  const answered = async () => {
    throw new Error("no such region");
  };
  const { under, log } = queue(() => ANSWERED, { answered });
  under.put(entry(0));
  under.put(entry(1));
  await settled(under);
  assert.deepEqual(log.sent, [0, 1]);
});

test("a slow store keeps the order; one that refuses says so and poisons nothing", async () => {
  class Slow extends MemoryStore {
    async add(command) {
      await new Promise((done) => setTimeout(done, command.number === 0 ? 8 : 1));
      if (command.number === 1) throw new Error("storage full");
      return super.add(command);
    }
  }
  const { under, log } = queue(() => ANSWERED, { store: new Slow() });
  under.put(entry(0));
  const refused = under.put(entry(1));
  under.put(entry(2));
  await assert.rejects(refused, /storage full/);
  await settled(under);
  assert.deepEqual(log.sent, [0, 2]);
});

test("what a store still holds from before is sent at resume", async () => {
  const store = new MemoryStore();
  await store.add(entry(7));
  const { under, log } = queue(() => ANSWERED, { store });
  await under.resume();
  await settled(under);
  assert.deepEqual(log.sent, [7]);
});

test("random breaks: every scan answered once, in order", async () => {
  let seed = 42;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const { under, log } = queue(() => (chance() < 0.4 ? { kind: "unconfirmed" } : ANSWERED));
  const numbers = Array.from({ length: 60 }, (_, at) => at);
  for (const number of numbers) {
    under.put(entry(number));
    if (chance() < 0.3) await soon();
  }
  await settled(under);
  assert.deepEqual(log.answered, numbers);
});

test("back-off doubles up to a quarter of a minute", () => {
  assert.deepEqual([1, 2, 5, 6, 40].map(backOff), [500, 1000, 8000, 15000, 15000]);
});

test("trouble stays in view while more scans come in", async () => {
  let healthy = false;
  const { under, log } = queue(() => (healthy ? ANSWERED : { kind: "unconfirmed" }), {
    pause: () => new Promise(() => {}),
  });
  under.put(entry(0));
  for (let turn = 0; turn < 5; turn += 1) await soon();
  under.put(entry(1));
  assert.deepEqual(log.states.at(-1), { pending: 2, state: "resending", attempts: 1 });
  healthy = true;
  under.resume();
  await settled(under);
  assert.equal(log.states.at(-1).state, "idle");
});
