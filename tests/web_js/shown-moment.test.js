import assert from "node:assert/strict";
import { test } from "node:test";

import { shownMoment } from "../../web/static/js/lib/shown-moment.js";

test("a moment looks as the server writes it", () => {
  const moment = new Date("2026-02-28T23:05:59Z");
  assert.equal(shownMoment(moment, "zh-CN", "Asia/Shanghai"), "2026-03-01 07:05");
  assert.equal(shownMoment(moment, "en", "Asia/Shanghai"), "1 Mar 2026, 07:05");
});
