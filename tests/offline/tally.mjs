// Questions {record, today, commands}: what a device makes of each command, and the sums at the end;
// the workflow is the first argument.
import { createInterface } from "node:readline";

const { begin, take } = await import(`../../web/static/js/offline/${process.argv[2]}/tally.js`);

for await (const line of createInterface({ input: process.stdin })) {
  const { record, today, commands } = JSON.parse(line);
  let tally = begin(record, today);
  const said = [];
  for (const [name, fields] of commands) {
    tally = take(tally, { url: `${record.url}/${name}`, fields: Object.entries(fields) });
    said.push({ tone: tally.said.tone, code: tally.said.problem?.code ?? null, step: tally.state.step, unsure: tally.unsure });
  }
  if (tally.stops) {
    console.log(JSON.stringify({ said, stops: tally.stops }));
    continue;
  }
  if (tally.entries) {
    const counted = tally.entries.flatMap(({ lines = [] }) => lines).map(({ item, lot, quantity, is_unexpected: odd }) => [item.code, lot, quantity, odd]);
    console.log(JSON.stringify({ said, counted, entries: tally.entries.length }));
    continue;
  }
  const lines = Object.fromEntries(tally.facts.lines.map(({ id, received }) => [id, received]));
  const beside = Object.fromEntries(tally.beside);
  console.log(JSON.stringify({ said, lines, beside, holdings: tally.facts.holdings }));
}
