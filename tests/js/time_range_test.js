/// <reference lib="deno.ns" />
/* Words of a range mean the same in both languages (tests/time_ranges.json), and a range moves as a person means it. */
import { deepStrictEqual as equal } from "node:assert";
import * as rules from "../../assets/js/rules/time-range.js";
import table from "../time_ranges.json" with { type: "json" };

const NOW = Date.parse(table.now);
const USUAL = "now-30d";
/** @type {(at: number | null) => string | null} */
const iso = (at) => (at === null ? null : new Date(at).toISOString().replace(".000Z", "Z"));
/** @type {(from: string | null, to: string | null, by: -1 | 1) => unknown} */
const shifted = (from, to, by) => Object.values(rules.shifted({ from, to }, by, NOW, USUAL) || {});
/** @type {(from: string | null, to: string | null) => unknown} */
const widened = (from, to) => Object.values(rules.widened({ from, to }, NOW, USUAL) || {});

Deno.test("words mean the moment that the table names, as a start and as an end", () => {
  for (const [words, start, end] of table.moments) {
    equal([words, iso(rules.moment(words || "", NOW)), iso(rules.moment(words || "", NOW, true))], [words, start, end]);
  }
});

Deno.test("words make the range of the table, or the fault that it names", () => {
  for (const [from, to, start, end] of table.ranges) {
    const wrong = rules.fault({ from, to }, NOW, USUAL);
    const found = rules.span({ from, to }, NOW, USUAL);
    equal(wrong ? [`${wrong.field}: ${wrong.msg}`, null] : [iso(found && found.start), iso(found && found.end)], [
      start,
      end,
    ]);
  }
});

Deno.test("whole days move by days, both ends included", () => {
  equal(shifted("2026-10-03", "2026-10-17", -1), ["2026-09-18", "2026-10-02"]);
  equal(shifted("2026-10-03", "2026-10-09", -1), ["2026-09-26", "2026-10-02"]);
  equal(shifted("2026-10-03", "2026-10-09", 1), ["2026-10-10", "2026-10-16"]);
  equal(shifted("now-1d/d", "now-1d/d", -1), ["2026-11-25", "2026-11-25"]);
});

Deno.test("whole months move by months, however long they are", () => {
  equal(shifted("now-1M/M", "now-1M/M", -1), ["2026-09-01", "2026-09-30"]);
  equal(shifted("2026-02-01", "2026-02-28", 1), ["2026-03-01", "2026-03-31"]);
  equal(shifted("2026-01-01", "2026-03-31", -1), ["2025-10-01", "2025-12-31"]);
});

Deno.test("anything else moves in minutes", () => {
  equal(shifted("now-6h", "now", -1), ["2026-11-26T23:20Z", "2026-11-27T05:21Z"]);
  equal(shifted("2026-10-03T06:00Z", "2026-10-03T08:00Z", 1), ["2026-10-03T08:00Z", "2026-10-03T10:00Z"]);
});

Deno.test("nothing moves beyond now or before 2000, and what has no length stays", () => {
  equal(shifted("now-6h", "now", 1), []);
  equal(shifted("now/d", "now/d", 1), []);
  equal(shifted("2026-11-20", "2026-11-25", 1), ["2026-11-22", "2026-11-27"]);
  equal(shifted("2000-01-01", "2000-01-05", -1), []);
  equal(shifted("1900-01-01", "1990-01-01", -1), []);
  equal(shifted("abc", null, -1), []);
});

Deno.test("zoomed out it is twice as long, around the same middle, as far as time goes", () => {
  equal(widened("2026-10-05", "2026-10-08"), ["2026-10-03", "2026-10-10"]);
  equal(widened("2026-10-05", "2026-10-05"), ["2026-10-04", "2026-10-05"]);
  equal(widened("2026-11-20", "2026-11-27"), ["2026-11-12", "2026-11-27"]);
  equal(widened("now-1h", "now"), ["2026-11-27T09:20Z", "2026-11-27T11:21Z"]);
  equal(widened("abc", null), []);
});

Deno.test("the whole of time is not widened", () => {
  equal(widened("now-9y", "now"), ["2016-11-19T11:20Z", "2026-11-27T11:21Z"]);
  equal(widened("now-20y", "now"), []);
});

Deno.test("what was moved or widened is a range again, and comes back", () => {
  for (
    const [from, to] of [["2026-10-03", "2026-10-17"], ["2026-03-01", "2026-03-31"], [
      "2026-10-03T06:00Z",
      "2026-10-03T09:30Z",
    ]]
  ) {
    const back = rules.shifted({ from, to }, -1, NOW, USUAL);
    equal(rules.shifted(back || {}, 1, NOW, USUAL), { from, to });
  }
});

Deno.test("a usual range has its name, another one its words", () => {
  const named = [{ from: "now-30d", to: "now", name: "Last 30 days" }];
  equal(rules.said({}, USUAL, named), "Last 30 days");
  equal(rules.said({ from: "2026-10-03", to: "2026-10-17" }, USUAL, named), "2026-10-03 → 2026-10-17");
  equal(rules.said({ from: "2026-10-03", to: "2026-10-03" }, USUAL, named), "2026-10-03");
});

Deno.test("calendar and clock say what the address says, a whole day without a clock", () => {
  equal([rules.picked("2026-10-03", ""), rules.picked("2026-10-03", "06:00"), rules.picked(null, "06:00")], [
    "2026-10-03",
    "2026-10-03T06:00Z",
    "",
  ]);
  const days = { start: "2026-10-03", end: "2026-10-17", startClock: "", endClock: "" };
  equal(rules.onCalendarAndClock({ from: "2026-10-03", to: "2026-10-17" }, NOW, USUAL), days);
  const hours = { start: "2026-11-27", end: "2026-11-27", startClock: "05:20", endClock: "11:21" };
  equal(rules.onCalendarAndClock({ from: "now-6h", to: "now" }, NOW, USUAL), hours);
  equal(rules.onCalendarAndClock({ from: "abc" }, NOW, USUAL), null);
});
