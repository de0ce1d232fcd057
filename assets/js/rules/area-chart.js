/* What the curve of the last hour is drawn from. Pure. */
const MINUTE_MS = 60000;
export const MINUTES = 60;

/**
 * What two lines of the ladder are apart: 1, 2 or 5 of a power of ten.
 * @type {(top: number) => number}
 */
export function step(top) {
  const rough = top / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * ten).find((n) => n >= rough) || 1;
}

/**
 * A row a minute, oldest first: [high, middle, low]. The open minute is not whole yet and would look like a fall.
 * @type {(discovery: Record<string, number[]>, now: Milliseconds) => number[][]}
 */
export function minutes(discovery, now) {
  const last = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  return Array.from({ length: MINUTES }, (_, i) => discovery[last - (MINUTES - 1 - i) * MINUTE_MS] || [0, 0, 0]);
}
