import assert from "node:assert/strict";
import { test } from "node:test";
import { characterOf, isEnding, isSilent } from "../../web/static/js/lib/keys.js";

const key = (name, more = {}) => ({ key: name, code: "", ...more });

test("printable keys are themselves", () => {
  for (const name of ["a", "Z", "7", " ", "]", "中"]) assert.equal(characterOf(key(name)), name);
});

test("GS as Ctrl+], as a control character, as character code 29, as F8 inside a burst", () => {
  assert.equal(characterOf(key("]", { ctrlKey: true })), "\u001d");
  assert.equal(characterOf(key("Unidentified", { ctrlKey: true, code: "BracketRight" })), "\u001d");
  assert.equal(characterOf(key("\u001d")), "\u001d");
  assert.equal(characterOf(key("Unidentified", { charCode: 29 })), "\u001d");
  assert.equal(characterOf(key("F8"), true), "\u001d");
  assert.equal(characterOf(key("F8"), false), "");
});

test("shortcuts and control keys are no characters", () => {
  assert.equal(characterOf(key("c", { ctrlKey: true })), "");
  assert.equal(characterOf(key("v", { metaKey: true })), "");
  assert.equal(characterOf(key("Backspace")), "");
  const altGraph = { ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" };
  assert.equal(characterOf(key("@", altGraph)), "@");
});

test("endings", () => {
  assert.ok(isEnding(key("Enter")) && isEnding(key("Tab")));
  assert.ok(isEnding(key("j", { ctrlKey: true }), true));
  assert.ok(!isEnding(key("j", { ctrlKey: true }), false));
  assert.ok(isSilent(key("Shift")) && !isSilent(key("Escape")));
});
