// Questions {state, event, facts}: each event through js/offline/<workflow>, the first argument.
import { createInterface } from "node:readline";

const { kindOf, step } = await import(`../../web/static/js/offline/${process.argv[2]}/flow.js`);

for await (const line of createInterface({ input: process.stdin })) {
  const { state, event, facts } = JSON.parse(line);
  const { tone, message, also = null, intents, problem, state: next } = step(state, event, facts);
  console.log(JSON.stringify({
    kind: kindOf(event), state: next, tone, message, also, intents: intents.map(({ kind }) => kind),
    problem: problem ? { code: problem.code, data: problem.data } : null,
  }));
}
