/* How numbers and times read. components/kit/formats.py says the same in Python; tests compare the two. */
import * as timezone from "./timezone.js";

export const WAITING = "–";
/** @type {(n: number) => string} */
const two = (n) => String(n).padStart(2, "0");
/** @type {(digits: string) => string} */
const group = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
/** @type {(value: unknown) => value is number} */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
/** @type {(n: number) => string} */
const sign = (n) => (n < 0 ? "−" : "");

/** @type {(n: number) => string} */
const int = (n) => sign(Math.round(n)) + group(String(Math.abs(Math.round(n))));

/** @type {(n: number) => string} */
function decimal(n) {
  const [whole, part] = Math.abs(n).toFixed(1).split(".");
  return (Number(whole + "." + part) === 0 ? "" : sign(n)) + group(whole) + "." + part;
}

/**
 * Seconds in the two largest units that matter: 45 s, 3 min 20 s, 4 h 05 min, 2 d 03 h.
 * @type {(seconds: number) => string}
 */
function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min " + two(s % 60) + " s";
  if (s < 86400) return Math.floor(s / 3600) + " h " + two(Math.floor((s % 3600) / 60)) + " min";
  return Math.floor(s / 86400) + " d " + two(Math.floor((s % 86400) / 3600)) + " h";
}

/**
 * Seconds in one unit, for tight places.
 * @type {(seconds: number) => string}
 */
function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min";
  if (s < 86400) return Math.floor(s / 3600) + " h";
  return Math.floor(s / 86400) + " d";
}

/** @type {(seconds: number) => string} */
export function stopwatch(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s >= 86400) return Math.floor(s / 86400) + " d " + two(Math.floor((s % 86400) / 3600)) + " h";
  return two(Math.floor(s / 3600)) + ":" + two(Math.floor((s % 3600) / 60)) + ":" + two(s % 60);
}

/** @type {(seconds: number) => string} */
const countdown = (seconds) => (seconds < 0 ? "T+" : "T-") + stopwatch(Math.abs(seconds));

/**
 * In the time zone of display.
 * @type {(ms: Milliseconds) => string}
 */
const time = (ms) => timezone.moment(ms).time;
/** @type {(ms: Milliseconds) => string} */
function moment(ms) {
  const at = timezone.moment(ms);
  return at.date + " " + at.time + " " + at.name;
}

/** @type {Record<string, (value: number) => string>} */
const forms = {
  int,
  decimal,
  percent: (n) => int(n) + " %",
  milliseconds: (n) => (n < 10 ? decimal(n) : int(n)) + " ms",
  duration,
  age,
  countdown,
  time,
  moment,
};

/**
 * Any value in one form; a missing or wrong one is a dash, never NaN. `now` in ms serves the relative forms.
 * @type {(value: unknown, form?: string, now?: Milliseconds) => string}
 */
export function format(value, form, now) {
  if (value === null || value === undefined) return WAITING;
  if (value === "") return "";
  if (form === "text" || form === undefined) return String(value);
  if (!isNumber(value)) return WAITING;
  if (form === "ago") return age((Number(now) - value) / 1000);
  return forms[form](value);
}
