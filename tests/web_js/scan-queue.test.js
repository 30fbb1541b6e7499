import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../../web/static/js/lib/memory-store.js";
import { ScanQueue, backOff } from "../../web/static/js/lib/scan-queue.js";
import { SpareStore } from "../../web/static/js/lib/spare-store.js";

const ANSWERED = { kind: "answered", status: 200 };
const entry = (number) => ({ command_id: `id-${number}`, number, kind: "scan", fields: [] });
const brief = ({ pending, state, attempts }) => ({ pending, state, attempts });
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
  assert.deepEqual(brief(log.states.at(-1)), { pending: 0, state: "idle", attempts: 0 });
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
  assert.deepEqual(brief(log.states.at(-1)), { pending: 2, state: "resending", attempts: 1 });
  healthy = true;
  under.resume();
  await settled(under);
  assert.equal(log.states.at(-1).state, "idle");
});

const states = async (under) => (await under.list()).map(({ state }) => state);

test("what was answered stays as history, refusals with their reason", async () => {
  const { under } = queue(({ number }) => ({ kind: "answered", status: number ? 409 : 200 }));
  under.put(entry(0));
  under.put(entry(1));
  await settled(under);
  assert.deepEqual(await states(under), ["accepted", "refused"]);
  assert.deepEqual((await under.list())[1].answer, { status: 409 });
});

test("a refusal that nobody sees goes to the inbox, and the rest goes on", async () => {
  const refused = ({ number }) => ({ kind: "answered", status: number === 1 ? 409 : 200 });
  const { under, log } = queue(refused, { isLate: async () => true });
  for (const number of [0, 1, 2]) under.put(entry(number));
  await settled(under);
  assert.deepEqual(await states(under), ["accepted", "inbox", "accepted"]);
  assert.equal(log.states.at(-1).inbox, 1);
  await under.settle("id-1", "discarded");
  assert.deepEqual(await states(under), ["accepted", "discarded", "accepted"]);
  assert.equal(log.states.at(-1).inbox, 0);
});

test("a button that means a refused scan is not sent", async () => {
  const { under, log } = queue(({ number }) => ({ kind: "answered", status: number === 1 ? 409 : 200 }));
  const scan = (number, url = "/receiving/1/scans") => ({ ...entry(number), kind: "scan", url });
  const press = (number, url = "/receiving/1/quantity") => ({ ...entry(number), kind: "form", url });
  const label = { ...scan(5), fields: [["code", "SK:XUNDO"]] };
  for (const one of [scan(1), press(2), press(3), scan(4), label, press(6, "/receiving/2/quantity")]) under.put(one);
  await settled(under);
  assert.deepEqual(log.sent, [1, 4, 5, 6]);
  assert.deepEqual(await states(under), ["refused", "inbox", "inbox", "accepted", "accepted", "accepted"]);
});

test("what the server never manages makes way after five tries, and can be sent again", async () => {
  let healthy = false;
  const fault = { kind: "unconfirmed", status: 500 };
  const { under, log } = queue(({ number }) => (number === 0 && !healthy ? fault : ANSWERED));
  under.put(entry(0));
  under.put(entry(1));
  await settled(under);
  assert.deepEqual(log.sent, [0, 0, 0, 0, 0, 1]);
  assert.deepEqual(await states(under), ["inbox", "accepted"]);
  healthy = true;
  await under.again("id-0");
  await settled(under);
  assert.deepEqual(await states(under), ["accepted", "accepted"]);
  assert.equal(log.sent.at(-1), 0);
});

test("an unreachable server is no fault of the command", async () => {
  const away = { kind: "unconfirmed", status: 503 };
  const { under, log } = queue((_, attempt) => (attempt < 12 ? away : ANSWERED));
  under.put(entry(0));
  await settled(under);
  assert.equal(log.sent.length, 12);
  assert.deepEqual(await states(under), ["accepted"]);
});

test("another person's commands wait for them", async () => {
  let user = "7";
  const { under, log } = queue(() => ANSWERED, { user: () => user });
  const by = (number, who) => ({ ...entry(number), user: who });
  for (const one of [by(0, "7"), by(1, "8"), by(2, "7")]) under.put(one);
  await settled(under);
  assert.deepEqual(log.sent, [0, 2]);
  assert.equal(log.states.at(-1).others, 1);
  user = "8";
  await under.resume();
  assert.deepEqual(log.sent, [0, 2, 1]);
});

test("a number that another device has too: numbered anew, told, sent again", async () => {
  const told = [];
  class Numbered extends MemoryStore {
    async renumber() {
      return "old-one";
    }
  }
  const { under, log } = queue((_, attempt) => (attempt < 2 ? { kind: "renumber" } : ANSWERED), {
    store: new Numbered(),
    renumbered: (was) => told.push(was),
  });
  under.put(entry(0));
  await settled(under);
  assert.deepEqual(log.sent, [0, 0]);
  assert.deepEqual(told, ["old-one"]);
});

test("a full disk: the scan at hand is kept in memory, and it is said", async () => {
  const said = [];
  class Full extends MemoryStore {
    async add(command) {
      if (command.number === 1) throw new Error("QuotaExceededError");
      return super.add(command);
    }
  }
  const store = new SpareStore(new Full(), (error) => said.push(error.message));
  const { under, log } = queue(() => ANSWERED, { store });
  for (const number of [0, 1, 2]) under.put(entry(number));
  await settled(under);
  assert.deepEqual(log.sent, [0, 1, 2]);
  assert.deepEqual(said, ["QuotaExceededError"]);
  assert.equal(store.kind, "memory");
});

/** A server that books each id once, behind a network that loses and repeats. */
function flaky(chance) {
  const booked = new Map();
  const late = [];
  const book = ({ command_id, device, number }) => {
    if (!booked.has(command_id)) booked.set(command_id, { device, number });
  };
  const send = async (command) => {
    await null;
    // What was delayed arrives now, after later ones.
    if (late.length && chance() < 0.3) book(late.splice(Math.floor(chance() * late.length), 1)[0]);
    if (chance() < 0.15) return { kind: "unconfirmed" };
    book(command);
    if (chance() < 0.1) late.push(command);
    if (chance() < 0.15) return { kind: "unconfirmed" };
    return ANSWERED;
  };
  return { booked, send };
}

test("three devices, thousands of losses and repeats: each scan booked once, in order", async () => {
  let seed = 20261122;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const { booked, send } = flaky(chance);
  const never = new Promise(() => {});
  const device = (name) => {
    const store = new MemoryStore();
    const one = { name, number: 0 };
    one.start = () => {
      // A page that is gone hears no answer; its command may have been booked all the same.
      const life = (one.life = { over: false });
      const heard = async (command) => {
        const outcome = await send(command);
        return life.over ? never : outcome;
      };
      one.queue = new ScanQueue({ store, send: heard, pause: async () => {} });
      return one.queue.resume();
    };
    one.start();
    return one;
  };
  const devices = ["a", "b", "c"].map(device);
  for (let step = 0; step < 4000; step += 1) {
    const one = devices[Math.floor(chance() * 3)];
    if (chance() < 0.3) {
      one.number += 1;
      const made = { command_id: `${one.name}-${one.number}`, kind: "scan", fields: [] };
      await one.queue.put({ ...made, device: one.name, number: one.number });
    } else if (chance() < 0.1) {
      one.life.over = true;
      one.start();
    } else await null;
  }
  for (const one of devices) {
    for (let turn = 0; turn < 500 && one.queue.pending; turn += 1) await soon();
    const numbers = [...booked.values()].filter((scan) => scan.device === one.name);
    const expected = Array.from({ length: one.number }, (_, at) => at + 1);
    assert.deepEqual(numbers.map(({ number }) => number), expected);
  }
});
