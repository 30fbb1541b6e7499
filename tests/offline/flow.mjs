// Questions {state, events, facts}: the events one after another through js/offline/receiving.
import { createInterface } from "node:readline";
import { kindOf, step } from "../../web/static/js/offline/receiving/flow.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { state, event, facts } = JSON.parse(line);
  const { tone, message, also = null, intents, problem, state: next } = step(state, event, facts);
  console.log(JSON.stringify({
    kind: kindOf(event), state: next, tone, message, also, intents: intents.map(({ kind }) => kind),
    problem: problem ? { code: problem.code, data: problem.data } : null,
  }));
}
