/* The server's clock, as far as its messages tell. */
let offset = 0;
let known = false;

export const serverNow = () => Date.now() + offset;

/**
 * The smallest difference seen is the one with the least delay in it; a pong is exact.
 * @type {(stamp: Milliseconds, exact: boolean) => void}
 */
export function learnClock(stamp, exact) {
  const difference = stamp - Date.now();
  if (exact || !known || difference > offset) offset = difference;
  known = true;
}
