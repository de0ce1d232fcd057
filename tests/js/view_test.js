/// <reference lib="deno.ns" />
/* From the state to what is painted. */
import { deepStrictEqual as equal } from "node:assert";
import { setScale, worst } from "../../assets/js/rules/status.js";
import { level, levels } from "../../assets/js/rules/thresholds.js";
import { viewOf } from "../../assets/js/rules/view.js";

const NOW = Date.UTC(2026, 10, 27, 12);
const SCALE = /** @type {Status[]} */ (["off", "standby", "normal", "caution", "serious", "critical"]);
const AREAS = { jobs: "missions", queue: "missions", services: "overview", quotas: "quotas" };
const NOBODY = { numbers: {}, thresholds: {}, scale: SCALE, areas: AREAS };
setScale(SCALE);
/** @type {(more?: object) => View} */
const view = (more) => viewOf(/** @type {any} */ ({ as_of: NOW, ...more }), NOW, NOBODY);

Deno.test("a state that says nothing is an empty wall, and nothing of it is NaN", () => {
  const empty = view();
  equal([empty.empty.wall, empty.said.jobs, empty.status.overview], [true, "none", "off"]);
  equal(/NaN|undefined/.test(JSON.stringify(empty)), false);
});

Deno.test("a mission says its end, its place in the queue or its trouble", () => {
  const told = view({
    active_jobs: {
      a: { status: "running", eta: NOW + 192_000, progress: 51, priority: 1, created: 1 },
      b: { status: "queued", priority: 1, created: 2 },
      c: { status: "queued", priority: 5, created: 3 },
      d: { status: "running", word: "STALLED", symbol: "critical", priority: 1, created: 4 },
      e: { priority: 1, created: 5 },
    },
  });
  equal(Object.keys(told.jobs), ["a", "b", "c", "d"]); // a row that the link has not told whole is left out
  equal(["a", "b", "c", "d"].map((id) => told.jobs[id].word), ["T-00:03:12", "QUEUED #2", "QUEUED #1", "STALLED"]);
  equal([told.jobs.a.reached_words.slice(0, 6), told.jobs.d.symbol], ["2 of 4", "critical"]);
});

Deno.test("the worst of what is shown is the status of the area", () => {
  equal([worst([]), worst(["normal", "serious", "caution"])], ["off", "serious"]);
  const sections = { jobs: { status: "caution" }, services: { status: "normal" } };
  const areas = { missions: "caution", backlinks: "critical", overview: "normal" };
  const { status } = view({ sections, areas });
  equal([status.jobs, status.missions, status.backlinks, status.overview], [
    "caution",
    "caution",
    "critical",
    "critical",
  ]);
});

Deno.test("a threshold that is crossed lights up the area, too", () => {
  const numbers = { depth: { title: "Queue", path: "queue_depth", form: "int", status: "queue" } };
  const person = { ...NOBODY, numbers, thresholds: { depth: { caution: 5 } } };
  const state = {
    as_of: NOW,
    queue_depth: 7,
    sections: { queue: { status: "normal" } },
    areas: { missions: "normal" },
  };
  const { status } = viewOf(/** @type {any} */ (state), NOW, person);
  equal([status.queue, status.missions, status.overview], ["caution", "caution", "caution"]);
});

Deno.test("a section that could not be read tells its own age, the others that of the state", () => {
  const { as_of } = view({ sections: { quotas: { status: "normal", as_of: NOW - 9000 } } });
  equal([as_of.quotas, as_of.jobs], [NOW - 9000, NOW]);
});

Deno.test("alarms that somebody has taken on stand last and count no more", () => {
  const group = (/** @type {any} */ more) => ({ id: 7, rule: "r", message: "m", n: 1, since: 1, at: 1, ...more });
  const told = view({
    alerts: {
      failed: group({ symbol: "critical", ack: "ann@example.org" }),
      spam: group({ symbol: "serious", n: 3 }),
      surge: group({ symbol: "standby", id: 8 }),
    },
    alarms: { groups: 1, alerts: 3, critical: 0, info: 1, taken: 1 },
  });
  equal([told.alarms.open, told.alarms.said], [1, "1 group of 3 alerts (+1 info, 1 taken on)"]);
  const sorted = [...told.alarms.rows].sort((a, b) => a.order - b.order);
  equal(sorted.map((row) => row.id), ["spam", "surge", "failed"]);
  equal([sorted[0].title, sorted[0].counts], ["r × 3", true]);
  equal([sorted[1].href, sorted[1].counts], ["/alerts?var-alert=8", false]);
  equal([sorted[2].taken, sorted[2].counts], ["ACK ann", false]);
});

Deno.test("a person's threshold raises what it is about", () => {
  const numbers = { queue: { title: "Queue", path: "queue_depth", form: "int", status: "queue" } };
  const person = { ...NOBODY, numbers, thresholds: { queue: { caution: 5, critical: 10 } } };
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
