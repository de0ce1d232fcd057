/// <reference lib="deno.ns" />
/* From the state to what is painted. */
import { deepStrictEqual as equal } from "node:assert";
import { worst } from "../../assets/js/rules/status.js";
import { level, levels } from "../../assets/js/rules/thresholds.js";
import { viewOf } from "../../assets/js/rules/view.js";

const NOW = Date.UTC(2026, 10, 27, 12);
const NOBODY = { numbers: {}, thresholds: {} };
/** @type {(more?: object) => View} */
const view = (more) => viewOf(/** @type {any} */ ({ as_of: NOW, ...more }), NOW, NOBODY);

Deno.test("a state that says nothing is an empty wall, and nothing of it is NaN", () => {
  const empty = view();
  equal([empty.empty.wall, empty.said.jobs, empty.status.overview], [true, "none", "standby"]);
  equal(/NaN|undefined/.test(JSON.stringify(empty)), false);
});

Deno.test("a mission says its end, its place in the queue or its trouble", () => {
  const told = view({
    active_jobs: {
      a: { status: "running", eta: NOW + 192_000, progress: 51, priority: 1, created: 1 },
      b: { status: "queued", priority: 1, created: 2 },
      c: { status: "queued", priority: 5, created: 3 },
      d: { status: "running", stalled: true, priority: 1, created: 4 },
      e: { priority: 1, created: 5 },
    },
  });
  equal(Object.keys(told.jobs), ["a", "b", "c", "d"]); // a row that the link has not told whole is left out
  equal(["a", "b", "c", "d"].map((id) => told.jobs[id].word), ["T-00:03:12", "QUEUED #2", "QUEUED #1", "STALLED"]);
  equal([told.jobs.a.reached_words.slice(0, 6), told.status.jobs], ["2 of 4", "critical"]);
});

Deno.test("the worst of what is shown is the status of the area", () => {
  equal([worst([]), worst(["normal", "serious", "caution"])], ["off", "serious"]);
  equal(view({ satellite_status: { s: { status: "lost" } } }).status.missions, "critical");
  equal(view({ services: { redis: { status: "down" } } }).status.overview, "critical");
});

Deno.test("alarms that somebody has taken on stand last and count no more", () => {
  const told = view({
    errors: { "LP-1": { status: "failed", severity: "critical", at: 1, ack: "ann@example.org" } },
    signals: [{ id: "s", severity: "warning", title: "t", at: 2 }, { id: "i", severity: "info", title: "t", at: 3 }],
  });
  equal([told.alarms.open, told.alarms.said], [1, "0 failed + 1 signal (+1 info, 1 taken on)"]);
  const last = [...told.alarms.rows].sort((a, b) => a.order - b.order).pop();
  equal([last.id, last.taken, last.counts], ["LP-1", "ACK ann", false]);
});

Deno.test("a person's threshold raises what it is about", () => {
  const numbers = { queue: { title: "Queue", path: "queue_depth", form: "int", status: "queue" } };
  const person = { numbers, thresholds: { queue: { caution: 5, critical: 10 } } };
  const status = /** @type {Record<string, Status>} */ ({ queue: "normal" });
  equal(levels(/** @type {any} */ ({ queue_depth: 7 }), status, person), {
    queue: { tone: "caution", status: "caution", limit: 10 },
  });
  equal(status.queue, "caution");
});

Deno.test("a threshold may be an upper or a lower one, and nobody's is none", () => {
  const limits = { caution: 5, critical: 2 };
  equal([6, 5, 2].map((value) => level(value, limits, "below")), [undefined, "caution", "critical"]);
  equal([level(6, { caution: 5 }), level(6, {}), level("6", { caution: 5 })], ["caution", undefined, undefined]);
});
