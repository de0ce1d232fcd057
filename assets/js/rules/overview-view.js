/* The overview's own tiles: API quotas as bars, and what asks for a person. Pure: (state, now) → rows. */
import { HIGH } from "./authority.js";
import { format } from "./formats.js";
import { rank } from "./status.js";
import * as timezone from "./timezone.js";

const LIMIT_AT = 80; // percent of the track, so that an overrun is seen
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** @type {Record<string, string>} */
const STATES = { cooldown: "COOLDOWN", exhausted: "EXHAUSTED", disabled: "DISABLED", retired: "RETIRED" };

/** @type {<T>(value: T | null | undefined) => value is T} */
const has = (value) => value !== undefined && value !== null;

/**
 * A day in the zone of display, as "Nov 27".
 * @type {(ms: Milliseconds) => string}
 */
function day(ms) {
  const [, month, date] = timezone.moment(ms).date.split("-").map(Number);
  return MONTHS[month - 1] + " " + date;
}

/** @type {(n: number, word: string) => string} */
const several = (n, word) => format(n, "int") + " " + word + (n === 1 ? "" : "s");

/**
 * Where on the track an amount stands. Without a limit the forecast, or what is used, fills the same four fifths.
 * @type {(raw: Quota) => (amount?: number) => number}
 */
function scale(raw) {
  const whole = raw.limit || raw.forecast_high || raw.forecast || raw.used || 1;
  return (amount) => (has(amount) ? Math.round(Math.min(100, (amount / whole) * LIMIT_AT) * 10) / 10 : 0);
}

/** @type {(raw: Quota) => string} */
function quotaWord(raw) {
  const state = STATES[raw.state || ""];
  if (state) return state;
  if (has(raw.exhaustion)) return "runs out " + day(raw.exhaustion);
  if (raw.note) return raw.note;
  return has(raw.reset) ? "OK · " + day(raw.reset) + " reset" : "OK";
}

/** @type {(raw: Quota) => Row} */
export function quota(raw) {
  const at = scale(raw);
  const of = has(raw.limit) ? " / " + format(raw.limit, "int") : " " + (raw.unit || "");
  const word = quotaWord(raw);
  const ahead = has(raw.forecast) ? ", " + format(raw.forecast, "int") + " expected" : "";
  return {
    symbol: raw.status,
    used: raw.used,
    of: of,
    word: word,
    x_used: at(raw.used),
    x_low: at(raw.forecast_low),
    x_high: at(raw.forecast_high),
    x_tick: at(raw.forecast),
    has_forecast: has(raw.forecast),
    has_limit: has(raw.limit),
    said: format(raw.used, "int") + of + " used" + ahead + "; " + word,
    order: -rank(raw.status),
  };
}

/**
 * Who has taken an alarm on, in words.
 * @type {(raw: { ack?: string }) => string | undefined}
 */
export const taken = (raw) => (raw.ack ? "ACK " + raw.ack.split("@")[0] : undefined);

/** @type {(raw: Signal) => Alarm} */
function signal(raw) {
  return {
    id: "signal-" + raw.id,
    alarm: "signal/" + encodeURIComponent(raw.id),
    ack: raw.ack,
    taken: taken(raw),
    title: raw.title,
    href: "/backlinks",
    words: [raw.target, raw.detail].filter(Boolean).join(" · "),
    symbol: raw.symbol,
    at: raw.at,
  };
}

/** @type {(row: Alarm) => boolean} */
const isInfo = (row) => row.symbol === "standby"; // good to know
/** @type {(row: Alarm) => boolean} */
const isOpen = (row) => !row.ack && !isInfo(row);

/**
 * What the server has counted is more than it lists.
 * @type {(failures: Alarm[], signals: Alarm[]) => Alarms}
 */
function counted(failures, signals) {
  const waiting = signals.filter((row) => !row.ack);
  return {
    failed: failures.filter(isOpen).length,
    signals: waiting.filter(isOpen).length,
    info: waiting.filter(isInfo).length,
    taken: failures.concat(signals).filter((row) => row.ack).length,
  };
}

/**
 * The figure of the card is the sum of what is said beside it; what is no part of it stands in brackets.
 * @type {(all: Alarms) => string}
 */
function saidOf(all) {
  const beside = [
    all.info ? format(all.info, "int") + " info" : "",
    all.taken ? format(all.taken, "int") + " taken on" : "",
  ];
  const words = beside.filter(Boolean).join(", ");
  return format(all.failed, "int") + " failed + " + several(all.signals, "signal") + (words ? " (+" + words + ")" : "");
}

/**
 * Failed missions and signals in one list, those that somebody has taken on last: they count no more. Rules of one's
 * own arrive with the alerts area.
 * @type {(state: LiveState, errors: Record<string, any>) => View["alarms"]}
 */
export function alarms(state, errors) {
  const failures = Object.entries(errors).map(([id, row]) => Object.assign({ id: id }, row));
  const signals = (state.signals || []).map(signal);
  const rows = failures.concat(signals);
  for (const row of rows) row.counts = isOpen(row);
  for (const row of rows) row.order = (row.ack ? 1 : -rank(row.symbol)) * 1e14 - row.at; // the most pressing first, then the newest
  const waiting = rows.filter((row) => !row.ack);
  const critical = waiting.filter((row) => row.symbol === "critical").length;
  const all = state.alarms || counted(failures, signals);
  return {
    rows: rows,
    waiting: waiting,
    open: all.failed + all.signals,
    critical: critical ? critical + " critical" : "",
    said: saidOf(all),
  };
}

/** @type {(rows: number[][], at: number) => number} */
const sum = (rows, at) => rows.reduce((total, row) => total + row[at], 0);

/**
 * The last hour in words.
 * @type {(state: LiveState) => Record<string, string>}
 */
export function discovery(state) {
  const rows = Object.values(state.discovery || {});
  const high = sum(rows, 0);
  const all = high + sum(rows, 1) + sum(rows, 2);
  const targets = ((state.radar || {}).targets || []).length;
  const counted = several(all, "link") + ", " + format(high, "int") + " with an authority above " + HIGH;
  return {
    said: rows.length
      ? "last 60 min · " + several(all, "link") + " · " + format(high, "int") + " DA > " + HIGH
      : "last 60 min",
    radar: "Radar of the newest links of the last hour by target: " + several(targets, "target") + ", " + counted,
    curve: "Links found per minute in the last hour by authority: " + counted,
  };
}
