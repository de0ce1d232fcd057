/* The scale of a small curve. Its ground is zero, so that a change looks as large as it is. */
const FAR = 3; // a threshold further away than this would press the curve flat: it is not drawn
const [TOP, GROUND] = [8, 96]; // of a box of 100 by 100

/**
 * Heights in a box of 100 by 100, and whether the threshold is `near` enough to be drawn.
 * @type {(numbers: number[], threshold?: number) => { height: (n: number) => string; near: boolean }}
 */
export function heights(numbers, threshold) {
  const near = threshold !== undefined && Math.max(...numbers) * FAR >= threshold;
  const seen = near ? [0, ...numbers, threshold] : [0, ...numbers];
  const [top, low] = [Math.max(...seen), Math.min(...seen)];
  /** @type {(n: number) => string} */
  const height = (n) => (top === low ? GROUND : GROUND - ((n - low) / (top - low)) * (GROUND - TOP)).toFixed(1);
  return { height, near };
}
