/* How numbers and times read. components/kit/formats.py says the same in Python; tests compare the two. */
import * as timezone from "./timezone.js";

export const WAITING = "–";
const two = (n) => String(n).padStart(2, "0");
const group = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const sign = (n) => (n < 0 ? "−" : "");

const int = (n) => sign(Math.round(n)) + group(String(Math.abs(Math.round(n))));

function decimal(n) {
  const [whole, part] = Math.abs(n).toFixed(1).split(".");
  return (Number(whole + "." + part) === 0 ? "" : sign(n)) + group(whole) + "." + part;
}

/* Seconds in the two largest units that matter: 45 s, 3 min 20 s, 4 h 05 min, 2 d 03 h. */
function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min " + two(s % 60) + " s";
  if (s < 86400) return Math.floor(s / 3600) + " h " + two(Math.floor((s % 3600) / 60)) + " min";
  return Math.floor(s / 86400) + " d " + two(Math.floor((s % 86400) / 3600)) + " h";
}

/* Seconds in one unit, for tight places. */
function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min";
  if (s < 86400) return Math.floor(s / 3600) + " h";
  return Math.floor(s / 86400) + " d";
}

export function stopwatch(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s >= 86400) return Math.floor(s / 86400) + " d " + two(Math.floor((s % 86400) / 3600)) + " h";
  return two(Math.floor(s / 3600)) + ":" + two(Math.floor((s % 3600) / 60)) + ":" + two(s % 60);
}

const countdown = (seconds) => (seconds < 0 ? "T+" : "T-") + stopwatch(Math.abs(seconds));

/* In the time zone of display. */
const time = (ms) => timezone.moment(ms).time;
function moment(ms) {
  const at = timezone.moment(ms);
  return at.date + " " + at.time + " " + at.name;
}

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

/* Any value in one form; a missing or wrong one is a dash, never NaN. `now` in ms serves the relative forms. */
export function format(value, form, now) {
  if (value === null || value === undefined) return WAITING;
  if (value === "") return "";
  if (form === "text" || form === undefined) return String(value);
  if (!isNumber(value)) return WAITING;
  if (form === "ago") return age((now - value) / 1000);
  return forms[form](value);
}
