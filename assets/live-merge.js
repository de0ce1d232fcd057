/* The pure parts of the live channel: merge patches, paths, the reconnect ladder. */
(function (root) {
  "use strict";
  const LADDER_S = [1, 5, 5, 10, 10, 30];
  const JITTER = 0.2;
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  /* RFC 7396, in place: null deletes, objects merge, everything else replaces. */
  function merge(target, patch) {
    if (!isObject(patch)) return patch;
    const merged = isObject(target) ? target : {};
    for (const key of Object.keys(patch)) {
      if (key === "__proto__") continue;
      if (patch[key] === null) delete merged[key];
      else merged[key] = merge(merged[key], patch[key]);
    }
    return merged;
  }

  /* "summary.active_jobs" → value; undefined where the path ends early. */
  function pick(value, path) {
    for (const key of path) {
      if (value === null || value === undefined) return undefined;
      value = value[key];
    }
    return value;
  }

  /* Milliseconds before reconnect attempt `attempt` (0 first); the jitter keeps a hundred walls from coming at once. */
  function delay(attempt, random) {
    const base = LADDER_S[Math.min(attempt, LADDER_S.length - 1)] * 1000;
    return Math.round(base * (1 - JITTER / 2 + JITTER * random));
  }

  /* What to do with a delta: "apply" it, "ignore" one already seen, or "resume" because some are missing. */
  function verdict(seq, next) {
    if (next <= seq) return "ignore";
    return next === seq + 1 ? "apply" : "resume";
  }

  /* The words of a tile's age: LIVE in time, LATE after 1×, STALE after 3× what is expected, LOST without a link. */
  function freshness(ageSeconds, expected, linked) {
    if (!linked) return "lost";
    if (ageSeconds > 3 * expected) return "stale";
    return ageSeconds > expected ? "late" : "live";
  }

  const MC = (root.MissionControl = root.MissionControl || {});
  Object.assign(MC, { merge, pick, delay, verdict, freshness });
})(globalThis);
