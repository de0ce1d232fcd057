/* What the authority of a link and its spam score mean on the wall. */
export const HIGH = 70;
const MIDDLE = 35;
const SPAM = 60;

/** @type {(da: number) => "high" | "middle" | "low"} */
export const toneOf = (da) => (da >= HIGH ? "high" : da >= MIDDLE ? "middle" : "low");

/** @type {(score?: number | boolean) => boolean} */
export const isSpam = (score) => score === true || Number(score) >= SPAM;
