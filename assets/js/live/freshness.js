/* What tells how fresh the screen is: mission clock, times in the zone of display, ages in words, the link pill,
   the banner, event-to-glass latency. */
import { format, stopwatch } from "../rules/formats.js";
import { freshness } from "../rules/freshness.js";
import { pick } from "../rules/merge.js";
import * as preferences from "../shell/preferences.js";

/** @type {Record<string, string>} */
const PILL = { waiting: "Waiting", live: "Live", polling: "Polling", silent: "Silent", lost: "Lost" };
/** @type {Record<string, string[]>} */
const BANNER = {
  lost: ["Data link lost", "Showing the last data received. Reconnecting automatically."],
  silent: ["No new data", "Connected, but no new data is coming in. Showing the last data received."],
};
const MOMENTS = "time[data-moment]";
const SAMPLES = 120;
const FEW = 10;
/** @type {number[]} */
const samples = [];

/** @type {(ms: Milliseconds) => number} */
function dayOfYear(ms) {
  const date = new Date(ms);
  return Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86400000) + 1;
}

/** @type {(element: HTMLElement, words: string) => void} */
const write = (element, words) => {
  if (element.textContent !== words) element.textContent = words;
};
/** @type {(selector: string, act: (element: any) => void) => void} */
const all = (selector, act) => document.querySelectorAll(selector).forEach(act);

/**
 * The mission clock is UTC wherever one sits.
 * @type {(ms: Milliseconds) => string}
 */
const utc = (ms) => new Date(ms).toISOString().slice(0, 19).replace("T", " ") + " Z";

/** @type {(now: Milliseconds) => void} */
export function clocks(now) {
  /** @type {Record<string, string>} */
  const words = { utc: utc(now), day: "day " + dayOfYear(now) };
  all("[data-clock]", (element) => write(element, words[element.dataset.clock]));
}

/**
 * Of the page, or of a set of specimens: those have a clock of their own. Who wants to see figures change less often
 * expects them no sooner.
 * @type {(state: Partial<LiveState>, now: Milliseconds, linked: boolean, specimens?: HTMLElement) => void}
 */
export function ages(state, now, linked, specimens) {
  const every = preferences.refresh();
  all("[data-age]", (element) => {
    if (element.closest("[data-specimens]") !== (specimens || null)) return;
    const at = element.dataset.ageAt;
    const stamp = at ? Number(at) : pick(state, element.dataset.age.split("."));
    if (typeof stamp !== "number") return;
    const seconds = Math.max(0, (now - stamp) / 1000);
    const mark = freshness(
      seconds,
      Math.max(Number(element.dataset.expected), every > 1 && Number.isFinite(every) ? every + 1 : 0),
      linked,
    );
    if (element.dataset.state !== mark) element.dataset.state = mark;
    write(element, mark.toUpperCase() + " " + format(seconds, "age"));
  });
}

/* Times that the server drew, in the zone of display. */
export function moments() {
  all(MOMENTS, (element) => {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at)) return;
    write(element, format(at, element.dataset.moment));
    element.title = format(at, "moment");
  });
}

/** @type {(node: Node) => boolean} */
const bringsOne = (node) => node instanceof Element && (node.matches(MOMENTS) || node.querySelector(MOMENTS));
/** @type {(link: string, downSince: Milliseconds, now: Milliseconds) => void} */
export function banner(link, downSince, now) {
  const box = document.querySelector('[data-banner="box"]');
  if (!box) return;
  const said = BANNER[link];
  if (said) {
    write(box.querySelector('[data-banner="title"]'), said[0]);
    write(box.querySelector('[data-banner="words"]'), said[1]);
    write(box.querySelector('[data-banner="clock"]'), stopwatch((now - downSince) / 1000));
  }
  if (box.hidden === Boolean(said)) box.hidden = !said;
}

/** @type {(link: string) => void} */
export function pill(link) {
  const page = document.documentElement;
  if (page.dataset.link !== link) page.dataset.link = link;
  all("[data-pill]", (element) => write(element, PILL[link]));
}

/** @type {(milliseconds: number) => void} */
export function sampleLatency(milliseconds) {
  samples.push(milliseconds);
  if (samples.length > SAMPLES) samples.shift();
  if (samples.length < FEW) return;
  const sorted = [...samples].sort((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1];
  all("[data-latency]", (element) => write(element, format(Math.round(p95), "milliseconds")));
}

export function start() {
  const drawn = new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some(bringsOne))) moments();
  });
  drawn.observe(document.documentElement, { childList: true, subtree: true });
}
