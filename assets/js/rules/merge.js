/* How frames change the state: merge patches, paths into it, the order of deltas. */

/** @type {(value: unknown) => value is Fields} */
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * RFC 7396, in place: null deletes, objects merge, everything else replaces.
 * @type {(target: any, patch: any) => any}
 */
export function merge(target, patch) {
  if (!isObject(patch)) return patch;
  const merged = isObject(target) ? target : {};
  for (const key of Object.keys(patch)) {
    if (key === "__proto__") continue;
    if (patch[key] === null) delete merged[key];
    else merged[key] = merge(merged[key], patch[key]);
  }
  return merged;
}

/**
 * "summary.active_jobs" → value; undefined where the path ends early.
 * @type {(value: any, path: string[]) => any}
 */
export function pick(value, path) {
  for (const key of path) {
    if (value === null || value === undefined) return undefined;
    value = value[key];
  }
  return value;
}

/**
 * What to do with a delta: "apply" it, "ignore" one already seen, or "resume" because some are missing.
 * @type {(seq: number, next: number) => "apply" | "ignore" | "resume"}
 */
export function verdict(seq, next) {
  if (next <= seq) return "ignore";
  return next === seq + 1 ? "apply" : "resume";
}
