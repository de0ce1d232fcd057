/* What the authority of a link and its spam score mean: the same numbers as in data/backlinks/rules.py. */
export const HIGH = 70; // above it
const MIDDLE = 35; // from it on
const SPAM = 60; // from it on

/** @type {(da: number) => boolean} */
export const isHigh = (da) => da > HIGH;

/** @type {(da: number) => "high" | "middle" | "low"} */
export const toneOf = (da) => (isHigh(da) ? "high" : da >= MIDDLE ? "middle" : "low");

/** @type {(score?: number | boolean) => boolean} */
export const isSpam = (score) => score === true || Number(score) >= SPAM;
