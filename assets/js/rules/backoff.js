/* When to come again after a lost link. */
const LADDER_S = [1, 5, 5, 10, 10, 30];
const JITTER = 0.2;

/**
 * Milliseconds before reconnect attempt `attempt` (0 first); the jitter keeps a hundred walls from coming at once.
 * @type {(attempt: number, random: number) => number}
 */
export function delay(attempt, random) {
  const base = LADDER_S[Math.min(attempt, LADDER_S.length - 1)] * 1000;
  return Math.round(base * (1 - JITTER / 2 + JITTER * random));
}
