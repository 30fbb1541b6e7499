import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, cut, fits, minus, plain, plus, rounded, shifted, sum, times } from "../../web/static/js/offline/decimal.js";
import { dayOf, numberOf } from "../../web/static/js/offline/typed.js";
import { sharesOf } from "../../web/static/js/offline/receiving/shares.js";
import { tidied, shown } from "../../web/static/js/offline/scanning/resolve.js";

test("decimals are exact", () => {
  assert.equal(plus("0.1", "0.2"), "0.3");
  assert.equal(minus("1", "0.001"), "0.999");
  assert.equal(times("1.250", "0.45359237"), "0.56699046250");
  assert.equal(sum([]), "0");
  assert.equal(compare("1.50", "1.5"), 0);
  assert.equal(compare("-2", "1E+1"), -1);
  assert.equal(shifted("12345", -3), "12.345");
  assert.equal(plain("1E+3"), "1000");
  assert.equal(plain("-0.500"), "-0.5");
});

test("rounding is half up, away from zero; cutting goes towards zero", () => {
  assert.equal(rounded("2.5", 0), "3");
  assert.equal(rounded("-2.5", 0), "-3");
  assert.equal(rounded("2.4", 2), "2.40");
  assert.equal(cut("2.999", 2), "2.99");
  assert.ok(fits("1.50", 1));
  assert.ok(!fits("1.55", 1));
});

test("typed numbers and days mean what the server takes them for", () => {
  assert.equal(numberOf("１２．５"), "12.5");
  assert.equal(numberOf("￥1,200.50"), "1200.50");
  assert.equal(numberOf("1,5"), null);
  assert.equal(numberOf(""), null);
  assert.equal(dayOf("2026/1/5"), "2026-01-05");
  assert.equal(dayOf("261231"), "2026-12-31");
  assert.equal(dayOf("20260231"), undefined);
  assert.equal(dayOf(" "), null);
});

test("a quantity fills the lines in order, then their tolerance", () => {
  const line = (id, quantity, received, tolerance = "0") => ({ id, quantity, received, tolerance });
  assert.deepEqual(sharesOf("3", []), [{ line: null, quantity: "3" }]);
  const lines = [line(1, "7", "5", "0.5"), line(2, "5", "0")];
  assert.deepEqual(sharesOf("9", lines), [{ line: 1, quantity: "4" }, { line: 2, quantity: "5" }]);
});

test("texts are tidied and made showable", () => {
  assert.equal(tidied(" ＡＢ\u200b c\t d "), "AB c d");
  assert.equal(shown("a\u001db"), "a·b");
  assert.equal(shown("x".repeat(100)).length, 80);
});
