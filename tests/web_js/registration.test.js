import assert from "node:assert/strict";
import { test } from "node:test";
import { beServed, registered } from "../../web/static/js/offline/registration.js";

class Installing extends EventTarget {
  state = "installing";
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** Answers of `register`, one after another; the pauses in between are noted. */
function container(...answers) {
  const pauses = [];
  const register = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { pauses, register, pause: async (ms) => pauses.push(ms) };
}

test("a registration that fails is tried again, less and less often", async () => {
  const there = { active: {} };
  const fails = Array.from({ length: 9 }, () => new Error("no network"));
  const { pauses, pause, ...site } = container(...fails, there);
  assert.equal(await registered(site, pause), there);
  assert.deepEqual(pauses.slice(0, 3), [30_000, 60_000, 120_000]);
  assert.equal(pauses.at(-1), 3_600_000);
});

test("an installation that breaks off is begun anew", async () => {
  const [broken, good] = [new Installing(), new Installing()];
  const { pauses, pause, ...site } = container({ installing: broken }, {}, { installing: good });
  setTimeout(() => broken.become("redundant"), 1);
  setTimeout(() => good.become("installed"), 5);
  const { installing } = await registered(site, pause);
  assert.equal(installing, good);
  assert.equal(pauses.length, 2);
});

test("a page that the worker passed over asks for it; others do not", async () => {
  for (const [controller, asked] of [[null, [{ type: "claim" }]], [{}, []]]) {
    const said = [];
    const active = { postMessage: (message) => said.push(message) };
    await beServed({ ready: Promise.resolve({ active }), controller });
    assert.deepEqual(said, asked);
  }
});
