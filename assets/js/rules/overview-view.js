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

/** @type {(key: string, raw: AlertGroup) => Alarm} */
function alarm(key, raw) {
  const open = !raw.ack && raw.symbol !== "standby"; // that is good to know
  return {
    id: key,
    alarm: String(raw.id),
    ack: raw.ack,
    taken: taken(raw),
    title: raw.rule + (raw.n > 1 ? " × " + format(raw.n, "int") : ""),
    href: "/alerts?var-alert=" + raw.id,
    words: raw.message,
    symbol: raw.symbol,
    at: raw.since,
    counts: open,
    order: (raw.ack ? 1 : -rank(raw.symbol)) * 1e14 - raw.at, // the most pressing first, then the newest
  };
}

/**
 * The figure of the card is the number of groups that are said beside it; what is no part of it stands in brackets.
 * @type {(all: Alarms) => string}
 */
function saidOf(all) {
  const beside = [
    all.info ? format(all.info, "int") + " info" : "",
    all.taken ? format(all.taken, "int") + " taken on" : "",
  ];
  const words = beside.filter(Boolean).join(", ");
  return several(all.groups, "group") + " of " + several(all.alerts, "alert") + (words ? " (+" + words + ")" : "");
}

/**
 * Alerts in groups, those that somebody has taken on last: they count no more.
 * @type {(state: LiveState) => View["alarms"]}
 */
export function alarms(state) {
  const groups = Object.entries(state.alerts || {}).filter(([, raw]) => raw && raw.rule);
  const rows = groups.map(([key, raw]) => alarm(key, raw));
  const all = state.alarms || { groups: 0, alerts: 0, critical: 0, info: 0, taken: 0 };
  return {
    rows: rows,
    waiting: rows.filter((row) => !row.ack),
    open: all.groups,
    critical: all.critical ? format(all.critical, "int") + " critical" : "",
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
