/**
 * The scale of status, from what says least to what asks for a person at once: data/status.py says it, and the page
 * brings it along.
 * @type {Status[]}
 */
let scale = [];

/** @type {(words: Status[]) => void} */
export function setScale(words) {
  scale = words;
}

/** @type {(status: Status) => number} */
export const rank = (status) => scale.indexOf(status);

/** @type {(symbols: Status[]) => Status} */
export const worst = (symbols) => symbols.reduce((a, b) => (rank(b) > rank(a) ? b : a), "off");
