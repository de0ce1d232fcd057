/* Ranges of time as data/timerange.py reads them: tests/time_ranges.json holds both to the same answers. Pure: `now`
   is a parameter, and all arithmetic is in UTC. */
const [MINUTE, HOUR, DAY] = [60000, 3600000, 86400000];
const EARLIEST = Date.UTC(2000, 0, 1);
const [FIRST, LAST] = [-62135596800000, Date.UTC(9999, 11, 31, 23, 59, 59, 999)]; // the years 1 to 9999
const LONGEST_MS = 3660 * DAY;
const LONGEST_WORDS = 60;
export const USUAL_TO = "now";
export const EXPECTED = "a date (2026-10-31), a date and time, or e.g. now-90d";

const RELATIVE = /^now((?:[+-]\d{1,4}[smhdwMQy]|\/[mhdwMQy]){0,6})$/;
const STEPS = /([+-]\d+|\/)([smhdwMQy])/g;
const MILLISECONDS = /^\d{10,13}$/;
const DATE = String.raw`(?:(\d{4})-(\d\d)-(\d\d)|(\d{4})(\d\d)(\d\d)|(\d{4})-W(\d\d)(?:-(\d))?|(\d{4})W(\d\d)(\d)?)`;
const CLOCK = /^(\d\d)(?:(?::(\d\d)(?::(\d\d))?)|(?:(\d\d)(\d\d)?))?(?:[.,](\d+))?$/;
const ONLY_DATE = new RegExp(`^${DATE}$`);
const DATE_AND_TIME = new RegExp(`^${DATE}[^]([\\d:.,]+)(Z|[+-][\\d:.,]+)?$`);
/** @type {Record<string, Milliseconds>} */
const FIXED = { s: 1000, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
/** @type {Record<string, number>} */
const MONTHS = { M: 1, Q: 3, y: 12 };

/** @type {(at: Milliseconds) => boolean} */
const onCalendar = (at) => at >= FIRST && at <= LAST;

/**
 * Months on the calendar: a day that the month has not is its last one.
 * @type {(at: Milliseconds, months: number) => Milliseconds}
 */
function addMonths(at, months) {
  const day = new Date(at);
  const wanted = day.getUTCDate();
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() + months);
  const longest = new Date(day);
  longest.setUTCMonth(day.getUTCMonth() + 1, 0);
  day.setUTCDate(Math.min(wanted, longest.getUTCDate()));
  return day.getTime();
}

/** @type {(at: Milliseconds, unit: string, amount: number) => Milliseconds} */
const add = (at, unit, amount) => unit in FIXED ? at + FIXED[unit] * amount : addMonths(at, MONTHS[unit] * amount);

/**
 * The first moment of the minute, hour, day, week (from Monday), month, quarter or year that `at` is in.
 * @type {(at: Milliseconds, unit: string) => Milliseconds}
 */
export function floor(at, unit) {
  if (unit === "m" || unit === "h") return Math.floor(at / FIXED[unit]) * FIXED[unit];
  const day = new Date(Math.floor(at / DAY) * DAY);
  if (unit === "w") return day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY;
  if (unit === "d") return day.getTime();
  const month = day.getUTCMonth();
  day.setUTCMonth(unit === "M" ? month : unit === "Q" ? month - (month % 3) : 0, 1);
  return day.getTime();
}

/** @type {(now: Milliseconds, steps: string, end: boolean) => Milliseconds | null} */
function stepped(now, steps, end) {
  let at = now;
  for (const [, step, unit] of steps.matchAll(STEPS)) {
    if (step === "/") {
      at = end ? add(floor(at, unit), unit, 1) : floor(at, unit);
      if (!onCalendar(at)) return null;
      continue;
    }
    at = add(at, unit, Number(step));
    if (!onCalendar(at)) return step.startsWith("-") ? EARLIEST : LAST;
  }
  return at;
}

/** @type {(year: number, month: number, day: number) => Milliseconds | null} */
function calendarDay(year, month, day) {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  const isOne = year >= 1 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isOne ? at.getTime() : null;
}

/**
 * Monday of the first week holds January the 4th.
 * @type {(year: number, week: number, day: number) => Milliseconds | null}
 */
function weekDay(year, week, day) {
  const fourth = calendarDay(year, 1, 4);
  const next = calendarDay(year + 1, 1, 4);
  if (fourth === null || next === null || day < 1 || day > 7 || week < 1) return null;
  const monday = floor(fourth, "w") + (week - 1) * 7 * DAY;
  return monday < floor(next, "w") && onCalendar(monday) ? monday + (day - 1) * DAY : null;
}

/** @type {(found: RegExpExecArray) => Milliseconds | null} */
function dateOf(found) {
  const [year, month, day, year2, month2, day2, year3, week, dayOfWeek, year4, week2, dayOfWeek2] = found.slice(1, 13);
  if (year || year2) return calendarDay(Number(year || year2), Number(month || month2), Number(day || day2));
  return weekDay(Number(year3 || year4), Number(week || week2), Number(dayOfWeek || dayOfWeek2 || 1));
}

/**
 * How long after midnight a clock says, colons everywhere or nowhere.
 * @type {(words: string) => Milliseconds | null}
 */
function clockOf(words) {
  const found = CLOCK.exec(words);
  if (!found) return null;
  const [h, m, s] = [found[1], found[2] || found[4], found[3] || found[5]].map((part) => Number(part || 0));
  const fraction = Number((found[6] || "").slice(0, 3).padEnd(3, "0"));
  return h > 23 || m > 59 || s > 59 ? null : h * HOUR + m * MINUTE + s * 1000 + fraction;
}

/** @type {(found: RegExpExecArray) => Milliseconds | null} */
function momentOf(found) {
  const [day, clock] = [dateOf(found), clockOf(found[13])];
  const zone = found[14] || "Z";
  const offset = zone === "Z" ? 0 : clockOf(zone.slice(1));
  if (day === null || clock === null || offset === null) return null;
  const at = day + clock - (zone.startsWith("-") ? -offset : offset);
  return onCalendar(at) ? at : null;
}

/**
 * The moment that `words` mean at `now`, null where they mean none. `end` takes the first moment after a day or a
 * rounded unit.
 * @type {(words: string, now: Milliseconds, end?: boolean) => Milliseconds | null}
 */
export function moment(words, now, end) {
  // deno-lint-ignore no-control-regex -- ASCII is all that a range is written in
  if (words.length > LONGEST_WORDS || !/^[\x00-\x7f]*$/.test(words)) return null;
  const relative = RELATIVE.exec(words);
  if (relative) return stepped(now, relative[1], Boolean(end));
  if (MILLISECONDS.test(words)) return Number(words);
  const day = ONLY_DATE.exec(words);
  if (!day) {
    const found = DATE_AND_TIME.exec(words);
    return found && momentOf(found);
  }
  const at = dateOf(day);
  return at === null ? null : Math.min(end ? at + DAY : at, LAST);
}

/** @typedef {{ start: Milliseconds; end: Milliseconds }} Span */
/** @typedef {{ from?: string | null; to?: string | null }} Words */

/** @type {(at: Milliseconds) => string} */
const minute = (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/**
 * What is wrong with the words of a range, by field; nothing where they make one.
 * @type {(words: Words, now: Milliseconds, usual: string) => { field: "from" | "to"; msg: string } | null}
 */
export function fault(words, now, usual) {
  const [from, to] = [words.from || usual, words.to || USUAL_TO];
  const [first, last] = [moment(from, now), moment(to, now, true)];
  if (first === null) return { field: "from", msg: `must be ${EXPECTED}` };
  if (last === null) return { field: "to", msg: `must be ${EXPECTED}` };
  const backwards = first === last && Number(moment(to, now)) < first; // the day before, for one
  if (first <= last && !backwards) return null;
  return { field: "from", msg: `the start date (${minute(first)}) is after the end date` };
}

/**
 * The range that the words mean; null where they mean none.
 * @type {(words: Words, now: Milliseconds, usual: string) => Span | null}
 */
export function span(words, now, usual) {
  if (fault(words, now, usual)) return null;
  const ends = [moment(words.from || usual, now), moment(words.to || USUAL_TO, now, true)];
  const [first, last] = ends.map((at) => Math.min(Math.max(Number(at), EARLIEST), now));
  return { start: Math.max(first, last - LONGEST_MS), end: last };
}

/** @type {(at: Milliseconds) => string} */
export const day = (at) => new Date(at).toISOString().slice(0, 10);
/** @type {(at: Milliseconds) => boolean} */
const isMidnight = (at) => at % DAY === 0;

/**
 * A span as words: whole days as days, both included, anything else in minutes.
 * @type {(span: Span) => { from: string; to: string }}
 */
export function words({ start, end }) {
  if (isMidnight(start) && isMidnight(end) && end > start) return { from: day(start), to: day(end - DAY) };
  /** @type {(at: Milliseconds) => string} */
  const said = (at) => new Date(at).toISOString().slice(0, 16) + "Z";
  return { from: said(Math.floor(start / MINUTE) * MINUTE), to: said(Math.ceil(end / MINUTE) * MINUTE) };
}

/**
 * What the words mean as it is moved: days that are named whole stay whole, though the last of them is not over.
 * @type {(given: Words, now: Milliseconds, usual: string) => Span | null}
 */
function whole(given, now, usual) {
  const found = span(given, now, usual);
  const end = found && moment(given.to || USUAL_TO, now, true);
  const isWhole = found && end && isMidnight(found.start) && isMidnight(end) && end >= found.end && end - now < DAY;
  return isWhole ? { start: found.start, end } : found;
}

/**
 * How many whole months a span is, if it is made of such.
 * @type {(span: Span) => number}
 */
function monthsOf({ start, end }) {
  if (floor(start, "M") !== start || floor(end, "M") !== end) return 0;
  const [a, b] = [new Date(start), new Date(end)];
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
}

/** @type {(span: Span, now: Milliseconds) => Milliseconds} the last moment that a moved range may end at */
const limit = (found, now) => (isMidnight(found.start) && isMidnight(found.end) ? floor(now, "d") + DAY : now);

/**
 * The range before (-1) or after (1) this one, as long as it is: whole months move by months, whole days by days. Null
 * where there is none: nothing lies beyond now, or before 2000.
 * @type {(given: Words, by: -1 | 1, now: Milliseconds, usual: string) => { from: string; to: string } | null}
 */
export function shifted(given, by, now, usual) {
  const found = whole(given, now, usual);
  if (!found || found.end === found.start) return null;
  const months = monthsOf(found);
  /** @type {(at: Milliseconds) => Milliseconds} */
  const move = (at) => (months ? addMonths(at, by * months) : at + by * (found.end - found.start));
  const moved = { start: move(found.start), end: move(found.end) };
  const over = Math.max(0, moved.end - limit(found, now));
  if (moved.start < EARLIEST || over >= moved.end - found.end && by > 0) return null;
  return words({ start: moved.start - over, end: moved.end - over });
}

/**
 * Twice as long, around the same middle, as far as time goes.
 * @type {(given: Words, now: Milliseconds, usual: string) => { from: string; to: string } | null}
 */
export function widened(given, now, usual) {
  const found = whole(given, now, usual);
  if (!found) return null;
  const length = Math.max(found.end - found.start, MINUTE);
  const isDays = isMidnight(found.start) && isMidnight(found.end);
  const before = isDays ? Math.ceil(length / DAY / 2) * DAY : length / 2;
  const end = Math.min(found.end + length - before, limit(found, now));
  const start = Math.max(end - 2 * length, EARLIEST, end - LONGEST_MS);
  return start < found.start || end > found.end ? words({ start, end }) : null;
}

/**
 * What stands for the words of a range: the name that a list of usual ones has for it, else the words.
 * @type {(given: Words, usual: string, named: { from: string; to: string; name: string }[]) => string}
 */
export function said(given, usual, named) {
  const [from, to] = [given.from || usual, given.to || USUAL_TO];
  const known = named.find((one) => one.from === from && one.to === to);
  return known ? known.name : from === to ? from : `${from} → ${to}`;
}

/**
 * A day of the calendar and a clock as words: a day without a clock is meant whole.
 * @type {(day?: string | null, clock?: string | null) => string}
 */
export const picked = (day, clock) => (day ? day.slice(0, 10) + (clock ? `T${clock.slice(0, 5)}Z` : "") : "");

/**
 * The other way round: what calendar and clock show for the words of a range; no clock where a day is meant whole.
 * @type {(given: Words, now: Milliseconds, usual: string) =>
 *   { start: string; end: string; startClock: string; endClock: string } | null}
 */
export function onCalendarAndClock(given, now, usual) {
  const found = whole(given, now, usual);
  if (!found) return null;
  const { from, to } = words(found);
  const clock = (/** @type {string} */ one) => one.slice(11, 16);
  return { start: from.slice(0, 10), end: to.slice(0, 10), startClock: clock(from), endClock: clock(to) };
}
