import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const WEB = fileURLToPath(new URL("../../web/", import.meta.url));
const STATIC = join(WEB, "static");
const read = (path) => readFileSync(path, "utf8");

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The modules that the browser loads at once, main.js first. */
function staticImports(start, seen = new Set()) {
  if (seen.has(start)) return seen;
  seen.add(start);
  if (start.includes("vendor")) return seen;
  for (const [, path] of read(start).matchAll(/^(?:import|\} from)[^"]*"(\.[^"]+)"/gm)) {
    staticImports(join(dirname(start), path), seen);
  }
  return seen;
}

test("vendored files are what CHECKSUMS says, and nothing else is there", () => {
  const folder = join(STATIC, "js/vendor");
  const lines = read(join(folder, "CHECKSUMS")).split("\n").filter((line) => /^[0-9a-f]{64} /.test(line));
  const listed = lines.map((line) => {
    const [sum, name, version, licence] = line.split(/ {2}/);
    const real = createHash("sha256").update(readFileSync(join(folder, name))).digest("hex");
    assert.equal(real, sum, name);
    assert.match(version, /@\d+\.\d+\.\d+$/);
    assert.ok(licence);
    return name;
  });
  const present = filesUnder(folder).map((path) => relative(folder, path));
  assert.deepEqual(present.filter((name) => name !== "CHECKSUMS").sort(), listed.sort());
});

test("base.html preloads exactly the modules that main.js imports", () => {
  const js = join(STATIC, "js");
  const loaded = [...staticImports(join(js, "main.js"))].map((path) => relative(js, path));
  const base = read(join(WEB, "templates/base.html"));
  const named = [...base.matchAll(/"((?:vendor|elements|lib)\/[\w./-]+\.js|outbox\.js)"/g)].map(([, name]) => name);
  assert.deepEqual(named.sort(), loaded.filter((name) => name !== "main.js").sort());
});

const imported = (name) => [...read(join(STATIC, "css", name)).matchAll(/url\("([^"]+)"\)/g)].map(([, path]) => path);

test("every component file is imported by app.css or screens.css", () => {
  const names = [...imported("app.css"), ...imported("screens.css")];
  const present = filesUnder(join(STATIC, "css")).map((path) => relative(join(STATIC, "css"), path));
  assert.deepEqual(names.sort(), present.filter((name) => !["app.css", "screens.css"].includes(name)).sort());
});

test("no inline style, no inline handler, no eval, no foreign address", () => {
  for (const path of filesUnder(join(WEB, "templates"))) {
    assert.doesNotMatch(read(path), /\sstyle=|<style|\son\w+=|hx-on|js:/, path);
  }
  for (const path of filesUnder(STATIC).filter((name) => /\.(js|css|html)$/.test(name))) {
    if (path.includes("/vendor/")) continue;
    assert.doesNotMatch(read(path), /https?:\/\/(?!x"|www\.w3\.org\/2000\/svg")|\beval\(|new Function|innerHTML =/, path);
  }
});

/** As the server sends it: app/kit/static_files.py leaves the comments out. */
function served(path) {
  const comment = /^[ \t]*(?:\/\*(?:(?!\*\/).)*\*\/[ \t]*$|\/\/[^\n]*$)/gms;
  const ours = /\.(js|css)$/.test(path) && !path.includes("vendor");
  return ours ? read(path).replace(comment, (found) => found.replace(/[^\n]/g, "")) : readFileSync(path);
}

test("the first load of a scan screen stays below 60 KB compressed", () => {
  const first = [...staticImports(join(STATIC, "js/main.js")), join(STATIC, "css/app.css"),
    ...imported("app.css").map((name) => join(STATIC, "css", name)), join(STATIC, "icons/icons.svg"), join(STATIC, "icons/saoku.svg")];
  const size = first.reduce((total, path) => total + gzipSync(served(path), { level: 6 }).length, 0);
  console.log(`first load without the page itself: ${size} bytes compressed, ${first.length} files`);
  assert.ok(size < 55_000, `${size} bytes`);
});
