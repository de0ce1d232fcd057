/// <reference lib="deno.ns" />
/* What charts are drawn from, and what a zoom in them means. */
import { deepStrictEqual as equal, ok } from "node:assert";
import { minutes, step } from "../../assets/js/rules/area-chart.js";
import { isSpam, toneOf } from "../../assets/js/rules/authority.js";
import { day, when, zoomed } from "../../assets/js/rules/days.js";
import { brightness, placed, spread } from "../../assets/js/rules/radar.js";

const NOW = Date.UTC(2026, 10, 27, 12, 0, 30);

Deno.test("a ladder has few lines at round numbers", () => {
  equal([4, 5, 9, 30, 100, 1200].map(step), [1, 2, 5, 10, 50, 500]);
});

Deno.test("an hour has sixty whole minutes, the open one is not among them", () => {
  const open = Date.UTC(2026, 10, 27, 12);
  const rows = minutes({ [open]: [9, 9, 9], [open - 60_000]: [1, 2, 3], [open - 61 * 60_000]: [8, 8, 8] }, NOW);
  equal([rows.length, rows[59], rows[0]], [60, [1, 2, 3], [0, 0, 0]]);
});

Deno.test("authority has three tones, spam one limit", () => {
  equal([71, 70, 35, 34, 0].map(toneOf), ["high", "middle", "middle", "low", "low"]);
  equal([60, 59, true, false, undefined].map(isSpam), [true, false, true, false, false]);
});

Deno.test("a link stands in its target's sector, always at the same place", () => {
  const blip = { da: 40, spam: 10, at: NOW };
  const radar = { targets: ["a", "b"], blips: { x: { ...blip, target: "b" }, y: { ...blip, target: "gone" } } };
  const [found, ...others] = placed(radar);
  equal([others.length, found.spam, found.da], [0, false, 40]);
  ok(found.turn > 0.5 && found.turn < 1);
  equal(placed(radar)[0].turn, found.turn);
  for (const id of ["", "x", "https://a/"]) ok(spread(id) >= 0 && spread(id) < 1);
});

Deno.test("what is new is bright, most so where the sweep has just been", () => {
  const blip = { turn: 0.5, da: 1, at: NOW, spam: false };
  const [just, long] = [brightness(blip, 0.51, NOW), brightness(blip, 0.49, NOW)];
  ok(long < just && just < brightness(blip, null, NOW));
  ok(brightness(blip, null, NOW + 7_200_000) < brightness(blip, null, NOW));
});

Deno.test("a place on an axis is UTC unless it says otherwise", () => {
  const words = ["2026-11-27", "2026-11-27 12:00:30", "2026-11-27T12:00:30Z", "2026-11-27T13:00:30+01:00"];
  equal(words.map((one) => new Date(when(one)).toISOString().slice(0, 19)), [
    "2026-11-27T00:00:00",
    "2026-11-27T12:00:30",
    "2026-11-27T12:00:30",
    "2026-11-27T12:00:30",
  ]);
  equal(day(NOW), "2026-11-27");
});

Deno.test("a zoom takes the days whose middle it holds, and never the future", () => {
  equal(zoomed({ "xaxis.range": ["2026-11-03 13:00", "2026-11-09 11:00"] }, NOW), {
    from: "2026-11-04",
    to: "2026-11-09",
  });
  equal(zoomed({ "xaxis.range[0]": "2026-11-25", "xaxis.range[1]": "2026-12-09" }, NOW), {
    from: "2026-11-25",
    to: "2026-11-27",
  });
  equal(zoomed({ "yaxis.range[0]": 3 }, NOW), null);
});
