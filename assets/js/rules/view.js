/* From the state the server sends to the words, places and symbols a tile shows. Pure: (state, now, what this
   person set) → view. */
import { isSpam, toneOf } from "./authority.js";
import { format } from "./formats.js";
import * as tiles from "./overview-view.js";
import { rank, setScale, worst } from "./status.js";
import { levels } from "./thresholds.js";

const AXIS_BEFORE_MS = 30 * 60000;
const AXIS_MS = 90 * 60000;
const FLEET_FITS = 15;
const MILESTONES = [0, 50, 66, 90];
/** @type {Record<string, number>} */
const JOB_ORDER = { running: 1, paused: 2, queued: 3 };
const SERVICE_ORDER = ["postgres", "redis", "worker", "beat", "sockets", "views"];

/** @type {(map?: Fields) => any[]} */
const values = (map) => Object.values(map || {});
/** @type {(n: number, words: string) => string} */
const count = (n, words) => (n ? format(n, "int") + " " + (n === 1 ? words.replace(/s$/, "") : words) : "");
/** @type {(...parts: (string | undefined)[]) => string} */
const join = (...parts) => parts.filter(Boolean).join(" · ");
/** @type {<T>(value: T | null | undefined) => value is T} */
const has = (value) => value !== undefined && value !== null;

/** @type {(ms: Milliseconds, now: Milliseconds) => number} */
function place(ms, now) {
  const x = ((ms - now + AXIS_BEFORE_MS) / AXIS_MS) * 100;
  return Math.round(Math.min(100, Math.max(0, x)) * 10) / 10;
}

/**
 * The server's word; what counts is counted here: the place in the queue, the time to the end.
 * @type {(job: Job, place: number, now: Milliseconds) => string}
 */
function jobWord(job, place, now) {
  if (job.status === "queued") return "QUEUED #" + place;
  return job.word || format(((job.eta || now) - now) / 1000, "countdown");
}

/**
 * An address as people say it.
 * @type {(url?: string) => string}
 */
const site = (url) => String(url || "").replace(/^https?:\/\//, "").replace(/\/$/, "");

/** @type {(id: string, raw: Job, queue: Record<string, number>, now: Milliseconds) => Row} */
function job(id, raw, queue, now) {
  const running = raw.status === "running";
  const eta = running && has(raw.eta);
  const start = has(raw.started) ? place(raw.started, now) : place(now, now);
  const here = place(now, now);
  const progress = Math.round(raw.progress || 0);
  const reached = MILESTONES.filter((mark) => progress > mark).length;
  /** @type {Row} */
  const row = {
    href: "/missions?job=" + encodeURIComponent(id),
    symbol: raw.symbol,
    word: jobWord(raw, queue[id], now),
    progress: progress,
    job_type: raw.job_type,
    target: site(raw.target),
    x_start: start,
    x_now: running || raw.status === "paused" ? here : start,
    x_end: eta && has(raw.eta) ? place(raw.eta, now) : here,
    x_low: eta && has(raw.eta_low) ? place(raw.eta_low, now) : 0,
    x_high: eta && has(raw.eta_high) ? place(raw.eta_high, now) : 0,
    reached_words: reached + " of 4 milestones: started, half, two thirds, nine tenths",
    order: raw.symbol === "critical"
      ? 0
      : (JOB_ORDER[raw.status] || 4) * 1e6 + (queue[id] || 0) * 100 + (100 - progress),
  };
  MILESTONES.forEach((_, i) => (row["reached_" + (i + 1)] = i < reached));
  return row;
}

/**
 * Place in the queue: higher priority first, then the older one.
 * @type {(jobs: Record<string, Job>) => Record<string, number>}
 */
function queuePlaces(jobs) {
  const queued = Object.entries(jobs).filter(([, j]) => j.status === "queued");
  queued.sort(([, a], [, b]) => b.priority - a.priority || a.created - b.created);
  return Object.fromEntries(queued.map(([id], i) => [id, i + 1]));
}

/**
 * By name while all fit on the screen, else the worst first.
 * @type {(name: string, symbol: Status, size: number) => string}
 */
const fleetOrder = (name, symbol, size) => (size > FLEET_FITS ? 9 - rank(symbol) : "") + name;

/** @type {(id: string, raw: Satellite, size: number, now: Milliseconds) => Row} */
function satellite(id, raw, size, now) {
  const silent = raw.status === "late" || raw.status === "lost";
  const heard = has(raw.heartbeat) ? format(raw.heartbeat, "ago", now) : "";
  return {
    name: raw.name || id,
    symbol: raw.symbol,
    ppm: raw.ppm,
    spark: raw.spark,
    word: silent ? raw.status.toUpperCase() + " · silent " + heard : raw.job_id || raw.status,
    order: fleetOrder(raw.name || id, raw.symbol, size),
  };
}

/** @type {(id: string, raw: Service) => Row} */
function service(id, raw) {
  const age = has(raw.age_s) ? format(raw.age_s, "age") + " ago" : "";
  const word = raw.status === "down" ? "DOWN" : has(raw.latency_ms) ? format(raw.latency_ms, "milliseconds") : age;
  return { symbol: raw.symbol, word: word || raw.status, order: SERVICE_ORDER.indexOf(id) };
}

/** @type {(raw: Link) => Row} */
function link(raw) {
  const known = has(raw.da);
  const spam = isSpam(raw.spam);
  const da = raw.da || 0;
  const grade = spam ? "SPAM" : known ? "DA " + Math.round(da) : "DA –";
  const tone = spam ? "spam" : !known ? "none" : toneOf(da);
  return { id: raw.id, at: raw.at, source: raw.source, target: raw.target, grade: grade, tone: tone, order: -raw.at };
}

/** @type {(id: string, raw: Failure) => Row} */
function failure(id, raw) {
  return {
    title: id + " " + String(raw.status).toUpperCase(),
    href: "/missions?job=" + encodeURIComponent(id),
    words: join(site(raw.target), raw.message, raw.satellite),
    symbol: raw.severity,
    at: raw.at,
    order: -raw.at,
    alarm: "mission/" + encodeURIComponent(id),
    ack: raw.ack,
    taken: tiles.taken(raw),
  };
}

/**
 * Change over the last hour: the newest point against the oldest.
 * @type {(trend?: number[]) => string}
 */
function delta(trend) {
  if (!trend || trend.length < 2) return "";
  const change = Math.round(trend[trend.length - 1] - trend[0]);
  if (!change) return "";
  return (change > 0 ? "▲ " : "▼ ") + format(Math.abs(change), "int");
}

/** @type {(trend?: number[]) => string} */
function mean(trend) {
  const known = (trend || []).filter(has);
  return known.length > 1 ? "1-hour average " + format(known.reduce((a, b) => a + b, 0) / known.length, "int") : "";
}

/** @type {(s: Record<string, number>, trends: Record<string, number[]>) => Fields} */
function notes(s, trends) {
  return {
    mean: { jobs: mean(trends.active_jobs), pages: mean(trends.pages_per_minute) },
    pages: has(s.pages_total) ? format(s.pages_total, "int") + " total" : "",
    jobs: join(format(s.queued_jobs, "int") + " queued", format(s.paused_jobs, "int") + " paused"),
    ended: "24 h: " + join(format(s.completed_24h, "int") + " done", format(s.failed_24h, "int") + " failed"),
    fleet: "utilisation " + format(s.utilisation, "percent"),
    drain: has(s.drain_s) ? "drains in " + format(s.drain_s, "age") : "",
    oldest: has(s.queue_oldest_s) ? "oldest waits " + format(s.queue_oldest_s, "age") : "",
    links: format(s.links_24h, "int") + " links in 24 h",
    short: "before their reset",
    watched: "can be registered now",
    rate: format(s.pages_per_minute, "int") + " pages / min now",
    satellites: format(s.satellites_active, "int") + " of " + format(s.satellites_total, "int") + " working",
  };
}

/**
 * A row of the mission board: what the server sent and what was derived from it.
 * @type {(id: string, raw: Job, row: Row) => Fields}
 */
function boardRow(id, raw, row) {
  return {
    job_id: id,
    word: row.word,
    symbol: row.symbol,
    job_type: raw.job_type,
    target: row.target,
    progress: row.progress,
    priority: raw.priority,
    pages_crawled: raw.pages_crawled,
    pages_queued: raw.pages_queued,
    links_found: raw.links_found,
    errors: raw.errors,
    satellites: (raw.satellites || []).join(", "),
  };
}

/** @type {(map: Fields | undefined, derive: (id: string, raw: any) => any) => Fields} */
function each(map, derive) {
  return Object.fromEntries(Object.entries(map || {}).map(([id, raw]) => [id, derive(id, raw)]));
}

/**
 * As the server judged them. A person's thresholds raise the status of what they are about, and of its area; the
 * overview is as bad as the worst that it leads to.
 * @type {(state: LiveState, view: View, person: Person) => Record<string, Status>}
 */
function statuses(state, view, person) {
  /** @type {Record<string, Status>} */
  const judged = each(state.sections, (_, section) => section.status || "off");
  view.levels = levels(state, judged, person);
  /** @type {Record<string, Status>} */
  const areas = Object.assign({}, state.areas);
  for (const [section, area] of Object.entries(person.areas)) {
    if (judged[section]) areas[area] = worst([areas[area] || "off", judged[section]]);
  }
  areas.overview = worst(values(areas));
  return Object.assign(judged, areas);
}

/**
 * When each section was read: with the state, unless it says otherwise itself.
 * @type {(state: LiveState, person: Person) => Record<string, Milliseconds>}
 */
function stamps(state, person) {
  return each(person.areas, (name) => state.sections?.[name]?.as_of || state.as_of);
}

/**
 * A row that the link has not told whole is left out, not guessed.
 * @type {<T extends { status: string }>(map?: Record<string, T>) => Record<string, T>}
 */
const told = (map) => Object.fromEntries(Object.entries(map || {}).filter(([, raw]) => raw && raw.status));

/** @type {(state: LiveState, now: Milliseconds, person: Person) => View} */
export function viewOf(state, now, person) {
  setScale(person.scale);
  const jobs = told(state.active_jobs);
  const fleetSize = values(state.satellite_status).length;
  const places = queuePlaces(jobs);
  /** @type {any} */
  const view = {
    jobs: each(jobs, (id, raw) => job(id, raw, places, now)),
    fleet: each(told(state.satellite_status), (id, raw) => satellite(id, raw, fleetSize, now)),
    services: each(told(state.services), service),
    links: (state.recent_discoveries || []).map(link),
    errors: each(told(state.errors), (id, raw) => failure(id, raw)),
    quotas: each(told(state.api_quotas), (_, raw) => tiles.quota(raw)),
  };
  const sizes = Object.fromEntries(Object.entries(view).map(([key, part]) => [key, values(part).length]));
  view.has = Object.fromEntries(Object.entries(sizes).map(([key, n]) => [key, n > 0]));
  view.empty = Object.fromEntries(Object.entries(sizes).map(([key, n]) => [key, n === 0]));
  view.empty.wall = view.empty.jobs && view.empty.errors && view.empty.links && !(state.summary || {}).pages_total;
  const s = state.summary || {};
  const ended = values(jobs).filter((one) => !JOB_ORDER[one.status]).length;
  const working = (s.active_jobs || 0) + (s.queued_jobs || 0) + (s.paused_jobs || 0);
  view.whole = Object.assign({}, sizes, {
    jobs: Math.max(sizes.jobs, working + ended),
    errors: Math.max(sizes.errors, s.failed_24h || 0),
  });
  view.board = Object.entries(jobs).map(([id, raw]) => boardRow(id, raw, view.jobs[id]));
  view.said = {
    jobs: count(view.whole.jobs, "missions") || "none",
    fleet: count(sizes.fleet, "satellites") || "none",
    errors: count(view.whole.errors, "failed") || "none",
  };
  view.uptime = has(state.started) ? format((now - state.started) / 1000, "duration") : "";
  view.discovery = tiles.discovery(state);
  view.alarms = tiles.alarms(state);
  view.empty.alarms = !view.alarms.rows.length;
  view.said.quotas = count(sizes.quotas, "providers") || "none";
  view.note = notes(state.summary || {}, state.trends || {});
  view.delta = each(state.trends, (_, trend) => delta(trend));
  view.status = statuses(state, view, person);
  view.as_of = stamps(state, person);
  return view;
}
