/* How this person wants to see every page: colours, time zone, how often it paints, thresholds, a tone. The server
   keeps it; the last known is at hand at once, so that a page does not change its colours while it loads. The
   address may say `theme=` and `refresh=` for itself. */
import * as catalogue from "../board/catalogue.js";
import { seconds } from "../rules/preferences.js";
import { setZone } from "../rules/timezone.js";
import * as address from "./address.js";
import { known } from "./bootstrap.js";
import { changing } from "./server.js";

const KEPT = "mission-control-preferences";
const USUAL = { refresh_s: 1, theme: "night", time_zone: "UTC", sound: false, thresholds: {} };
const THEMES = ["night", "day", "contrast"];
const page = document.documentElement;
/** @type {Preferences} */
let current = Object.assign({}, USUAL, kept());

/** @type {() => Preferences} */
export const chosen = () => current;

/**
 * What the live view needs to know of this person.
 * @type {() => Person}
 */
export function limits() {
  const { numbers, scale, areas } = catalogue.known();
  return { numbers, scale, areas, thresholds: current.thresholds };
}

function kept() {
  try {
    return JSON.parse(globalThis.localStorage.getItem(KEPT) || "{}") || {};
  } catch {
    return {};
  }
}

function keep() {
  try {
    globalThis.localStorage.setItem(KEPT, JSON.stringify(current));
  } catch {
    /* a browser that keeps nothing asks the server at every load */
  }
}

/** @type {() => string} */
export function theme() {
  const said = address.read().theme;
  return THEMES.includes(said) ? said : current.theme;
}

/* Seconds between two paintings of what is new; components/kit/address.py says the words. */
export function refresh() {
  return seconds(address.read().refresh) || current.refresh_s;
}

/* Milliseconds between two questions while no socket is open: never more often than the server makes states. */
export function pollEvery() {
  const wires = document.querySelector("[data-poll-ms]");
  const every = refresh();
  return Math.max(wires ? Number(wires.dataset.pollMs) : 0, Number.isFinite(every) ? every * 1000 : 0);
}

function apply() {
  setZone(current.time_zone);
  if (page.dataset.theme !== theme()) {
    page.dataset.theme = theme();
    globalThis.dispatchEvent(new CustomEvent("mc:theme"));
  }
  globalThis.dispatchEvent(new CustomEvent("mc:preferences"));
}

async function load() {
  const saved = await known("preferences", "/api/v1/preferences");
  if (!saved) return;
  current = Object.assign({}, USUAL, saved);
  keep();
  apply();
}

/**
 * Words to show: what was saved, or what the server holds against it.
 * @type {(wanted: Preferences) => Promise<string>}
 */
export async function choose(wanted) {
  /** @type {RequestInit} */
  const options = { method: "PUT", credentials: "same-origin", headers: changing(), body: JSON.stringify(wanted) };
  const answer = await fetch("/api/v1/preferences", options).catch(() => null);
  if (!answer) return "The server cannot be reached: nothing was saved.";
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    return said.errors && said.errors[0]
      ? said.errors[0].msg.replace("Value error, ", "")
      : said.detail || "Not saved.";
  }
  current = Object.assign({}, USUAL, said);
  keep();
  apply();
  return "Saved.";
}

/**
 * Two short tones when something becomes critical that was not.
 * @type {AudioContext | null}
 */
let sounding = null;
/** @type {number | null} */
let wasCritical = null;

/** @type {(context: AudioContext, at: number, pitch: number) => void} */
function tone(context, at, pitch) {
  const [swing, volume] = [context.createOscillator(), context.createGain()];
  swing.frequency.value = pitch;
  volume.gain.setValueAtTime(0.15, context.currentTime + at);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + 0.3);
  swing.connect(volume).connect(context.destination);
  swing.start(context.currentTime + at);
  swing.stop(context.currentTime + at + 0.3);
}

export function sound() {
  sounding = sounding || new globalThis.AudioContext();
  sounding.resume();
  tone(sounding, 0, 880);
  tone(sounding, 0.35, 660);
  globalThis.dispatchEvent(new CustomEvent("mc:sound"));
}

/**
 * Counts what is critical now; the first sight of a page is no news.
 * @type {(view: View) => void}
 */
export function listen(view) {
  const critical = view.alarms.waiting.filter((row) => row.symbol === "critical").length +
    Object.values(view.levels).filter((one) => one.tone === "critical").length;
  if (current.sound && wasCritical !== null && critical > wasCritical) sound();
  wasCritical = critical;
}

export function start() {
  address.onChange(apply);

  apply();

  load();
}
