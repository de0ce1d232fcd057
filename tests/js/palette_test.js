/// <reference lib="deno.ns" />
/* What the palette finds, and what takes a wall away from its page. */
import { deepStrictEqual as equal } from "node:assert";
import { matching } from "../../assets/js/rules/palette.js";
import { fresh, pressing } from "../../assets/js/rules/playlist.js";

const ITEMS = [
  { kind: "number", title: "Active missions" },
  { kind: "page", title: "Missions" },
  { kind: "page", title: "Screens" },
  { kind: "action", title: "Kiosk" },
];
const titles = (/** @type {string} */ words) => matching(ITEMS, words).map((item) => item.title);

Deno.test("every word must stand somewhere; what begins with what was typed comes first", () => {
  equal(titles("miss"), ["Missions", "Active missions"]);
  equal(titles("  MISSIONS active "), ["Active missions"]);
  equal(titles("page s"), ["Missions", "Screens"]);
  equal(titles("nothing"), []);
  equal(titles(""), ITEMS.map((item) => item.title));
});

Deno.test("only what is critical takes a wall away, and only once", () => {
  const state = /** @type {any} */ ({
    errors: { "LP 1": { severity: "critical" }, "LP-2": { severity: "serious" } },
    signals: [{ id: "s1", severity: "critical" }, { id: "s2", severity: "warning" }],
    api_quotas: { dfs: { status: "critical" } },
    alerts: {
      a: { id: 1, severity: "critical", status: "nodata", since: 5 },
      b: { id: 2, severity: "critical", status: "firing", since: 5 },
      c: { id: 3, severity: "critical", status: "firing", since: 5, ack: "ann" },
      d: { id: 4, severity: "warning", status: "firing", since: 5 },
    },
  });
  const found = pressing(state);
  equal(found, {
    "alert:b:5": "/alerts?var-alert=2",
    "failure:LP 1": "/missions?job=LP%201",
    "signal:s1": "/backlinks",
    "quota:dfs": "/quotas",
  });
  equal(fresh(found, null), null); // what presses when the wall is switched on is old
  equal(fresh(found, new Set(["alert:b:5", "failure:LP 1"])), "signal:s1");
  equal(fresh(found, new Set(Object.keys(found))), null);
});
