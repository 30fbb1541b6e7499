// Questions {code, today, patterns}: what js/offline says about the code, as `parse-code --json`.
import { createInterface } from "node:readline";
import { parse } from "../../web/static/js/offline/scanning/parse.js";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const finding = ({ ai, text, values }) => ({ ai, reason: fill(text, values) });

function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null).map(([name, part]) => [name, plain(part)]));
}

function asJson({ text, errors, warnings, ...fields }) {
  const all = plain({ ...fields, errors: errors.map(finding), warnings: warnings.map(finding) });
  if (fields.valid === null) all.valid = null;
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => ["input", "kind", "valid"].includes(name) || (value !== "" && !(Array.isArray(value) && !value.length))));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { code, today, patterns } = JSON.parse(line);
  console.log(JSON.stringify(asJson(parse(code, { today, patterns }))));
}
