/* A person's own thresholds: where a number stands against them. Pure. */
import { pick } from "./merge.js";
import { rank } from "./status.js";

/**
 * Where a number stands against its thresholds: undefined while nobody set any.
 * @type {(value: any, limits: Limits, worse?: string) => Status | undefined}
 */
export function level(value, limits, worse) {
  /** @type {(limit?: number | null) => boolean} */
  const beyond = (limit) =>
    limit !== null && limit !== undefined && (worse === "below" ? value <= limit : value >= limit);
  if (typeof value !== "number") return undefined;
  if (beyond(limits.critical)) return "critical";
  return beyond(limits.caution) ? "caution" : undefined;
}

/**
 * The limit that a trend is seen against: the next one it would cross, or the last that it crossed.
 * @type {(tone: Status | undefined, limits: Limits) => number | undefined}
 */
function nearest(tone, limits) {
  const known = [limits.caution, limits.critical].filter((limit) => typeof limit === "number");
  return tone ? known[known.length - 1] : known[0];
}

/**
 * Of every number of the catalogue its tone, its status and the limit of its trend; a crossed threshold raises the
 * status of its area.
 * @type {(state: LiveState, status: Record<string, Status>, person: Person) => Record<string, Level>}
 */
export function levels(state, status, { numbers, thresholds }) {
  /** @type {Record<string, Level>} */
  const found = {};
  for (const [name, one] of Object.entries(numbers)) {
    const limits = thresholds[name] || {};
    const tone = level(pick(state, one.path.split(".")), limits, one.worse);
    if (tone && rank(tone) > rank(status[one.status])) status[one.status] = tone;
    found[name] = { tone, status: tone || status[one.status] || "off", limit: nearest(tone, limits) };
  }
  return found;
}
