/// <reference lib="deno.ns" />
/* What the fields of the CONFIG drawer say becomes what a person prefers. */
import { deepStrictEqual as equal } from "node:assert";
import { chosen, same, seconds, valueOf } from "../../assets/js/rules/preferences.js";

const BEFORE = { refresh_s: 5, theme: "day", time_zone: "UTC", sound: true, thresholds: { queue: { caution: 3 } } };

Deno.test("an address says how often it paints, in seconds or minutes", () => {
  equal(["5s", "2m", "99s", "0s", "5", "5h", "", undefined].map((words) => seconds(words)), [
    5,
    120,
    60,
    null,
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("a field that is not filled keeps what it was, and thresholds go when they are emptied", () => {
  const names = ["refresh_s", "theme", "time_zone", "sound", "caution:queue", "critical:queue"];
  equal(chosen(names, [null, "", " Asia/Tokyo ", [], "", null], BEFORE), {
    ...BEFORE,
    time_zone: "Asia/Tokyo",
    sound: true,
    thresholds: {},
  });
  equal(chosen(names, [2, "night", "UTC", false, "0", 9], BEFORE), {
    refresh_s: 2,
    theme: "night",
    time_zone: "UTC",
    sound: false,
    thresholds: { queue: { caution: 0, critical: 9 } },
  });
});

Deno.test("a field shows what is chosen, an absent limit as nothing", () => {
  equal(["theme", "caution:queue", "critical:queue", "caution:other"].map((name) => valueOf(name, BEFORE)), [
    "day",
    3,
    "",
    "",
  ]);
});

Deno.test("what says the same in another order is the same", () => {
  equal([same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }), same({ a: 1 }, { a: 2 })], [true, false]);
});
