/* The status scale, from what says least to what asks for a person at once. */
export const RANK = ["off", "standby", "normal", "caution", "serious", "critical"];

/** @type {(symbols: Status[]) => Status} */
export const worst = (symbols) => symbols.reduce((a, b) => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a), "off");
