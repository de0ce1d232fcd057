/* How fresh what one sees is. */

/**
 * The words of a tile's age: LIVE in time, LATE after 1×, STALE after 3× what is expected, LOST without a link.
 * @type {(ageSeconds: number, expected: number, linked: boolean) => "live" | "late" | "stale" | "lost"}
 */
export function freshness(ageSeconds, expected, linked) {
  if (!linked) return "lost";
  if (ageSeconds > 3 * expected) return "stale";
  return ageSeconds > expected ? "late" : "live";
}
