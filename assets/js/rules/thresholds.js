/* A person's own thresholds: where a number stands against them. Pure. */
import { pick } from "./merge.js";
import { RANK } from "./status.js";

/* Where a number stands against its thresholds: undefined while nobody set any. */
export function level(value, limits, worse) {
  const beyond = (limit) =>
    limit !== null && limit !== undefined && (worse === "below" ? value <= limit : value >= limit);
  if (typeof value !== "number") return undefined;
  if (beyond(limits.critical)) return "critical";
  return beyond(limits.caution) ? "caution" : undefined;
}

/* The limit that a trend is seen against: the next one it would cross, or the last that it crossed. */
function nearest(tone, limits) {
  const known = [limits.caution, limits.critical].filter((limit) => typeof limit === "number");
  return tone ? known[known.length - 1] : known[0];
}

/* Of every number of the catalogue its tone, its status and the limit of its trend; a crossed threshold raises the status
   of its area. */
export function levels(state, status, numbers, thresholds) {
  const found = {};
  for (const [name, one] of Object.entries(numbers)) {
    const limits = thresholds[name] || {};
    const tone = level(pick(state, one.path.split(".")), limits, one.worse);
    if (tone && RANK.indexOf(tone) > RANK.indexOf(status[one.status])) status[one.status] = tone;
    found[name] = { tone, status: tone || status[one.status] || "off", limit: nearest(tone, limits) };
  }
  return found;
}
