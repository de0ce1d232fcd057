/* On a wall nobody scrolls: a list that has no room for all of its rows shows them in turn. Pure. */
const TURN_MS = 12000;

/**
 * The place of the first row that is seen now. The worst stand first in every list, so every second turn is theirs.
 * @type {(all: number, fits: number, now: Milliseconds) => number}
 */
export function turned(all, fits, now) {
  const turn = Math.floor(now / TURN_MS);
  if (fits < 1 || all <= fits || turn % 2 === 0) return 0;
  const others = Math.ceil(all / fits) - 1;
  return fits * (1 + ((turn - 1) / 2) % others);
}
