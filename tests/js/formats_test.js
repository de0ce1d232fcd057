/// <reference lib="deno.ns" />
/* How numbers and times read; tests/unit/components/test_formats.py holds them against Python's. */
import { deepStrictEqual as equal } from "node:assert";
import { format, stopwatch } from "../../assets/js/rules/formats.js";
import { setZone } from "../../assets/js/rules/timezone.js";

const AT = Date.UTC(2026, 10, 27, 23, 41, 8);

Deno.test("what is not known is a dash and never NaN", () => {
  const forms = ["int", "decimal", "percent", "duration", "age", "ago", "countdown", "time", "moment", "milliseconds"];
  for (const form of forms) {
    for (const value of [undefined, null, NaN, Infinity, "x", {}]) equal(format(value, form, 0), "–");
  }
  equal(format(""), "");
});

Deno.test("a countdown reads like one", () => {
  equal([192, -61, 180_000].map((s) => format(s, "countdown")), ["T-00:03:12", "T+00:01:01", "T-2 d 02 h"]);
  equal([0, 59, 3600, 86_399, 90_000].map(stopwatch), ["00:00:00", "00:00:59", "01:00:00", "23:59:59", "1 d 01 h"]);
});

Deno.test("a word stands as it is, an age counts from now", () => {
  equal([format("queued"), format(3, "text"), format(1000, "ago", 61_000)], ["queued", "3", "1 min"]);
  equal([format(4.25, "milliseconds"), format(1234.4, "milliseconds")], ["4.3 ms", "1,234 ms"]);
});

Deno.test("times stand in the zone of display, and in UTC where the browser does not know it", () => {
  equal(format(AT, "moment"), "2026-11-27 23:41:08 Z");
  setZone("Asia/Tokyo");
  equal(format(AT, "moment"), "2026-11-28 08:41:08 GMT+9");
  equal(format(AT, "time"), "08:41:08");
  setZone("Mars/Olympus");
  equal(format(AT, "moment"), "2026-11-27 23:41:08 Z");
  setZone("UTC");
});
