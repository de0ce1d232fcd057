/* When what is painted: the link and the ages at once, figures as often as the person wants to see them change,
   and never more than twice a second. A page that was entered is painted before it is seen. */
import { PAGE_CONTENT } from "../dash-internals.js";
import * as channel from "./channel.js";
import { serverNow } from "./clock.js";
import { ages, banner, clocks, moments, pill, sampleLatency } from "./freshness.js";
import { paintSpecimens } from "./gallery.js";
import { paintTree } from "./paint.js";
import { feed, forgetFed } from "./store-bridge.js";
import { linkState } from "../rules/link.js";
import { viewOf } from "../rules/view.js";
import { whenThere } from "../shell/bootstrap.js";
import { markDestination } from "../shell/navigation.js";
import * as preferences from "../shell/preferences.js";

const PAINT_MS = 500;
const IDLE_PAINT_MS = 1100;
const PAINT_SLACK_MS = 300;
const SETTLE_MS = 4000;
const BEAT_MS = 500;

let dirty = false;
let lastPaint = 0;
let painted = { at: -Infinity, state: {} };
let [tick, enteredAt] = [0, 0];

/* A page that is being put together is no measure of how fast news reach the glass. */
const settled = () => !document.hidden && performance.now() - enteredAt > SETTLE_MS;

/**
 * From the acceptance of the newest event to its pixel. What came while this screen did not look is no measure.
 * @type {(state: LiveState, fair: boolean) => void}
 */
function noteArrival(state, fair) {
  const newest = state.newest_event || 0;
  const isNew = newest > channel.link.shownEvent && channel.link.shownEvent > 0;
  channel.link.shownEvent = newest;
  if (isNew && fair) requestAnimationFrame(() => sampleLatency(serverNow() - newest));
}

function paint() {
  tick = 0;
  lastPaint = performance.now();
  const { link } = channel;
  const [state, now] = [channel.state(), serverNow()];
  const shown = linkState(link, Date.now(), { isOpen: channel.isOpen(), hasState: Boolean(state) });
  pill(shown);
  banner(shown, link.lastFrame || link.cutAt || Date.now(), Date.now());
  paintSpecimens();
  if (!state) return;
  const every = preferences.refresh();
  const isDue = lastPaint - painted.at >= every * 1000 - PAINT_SLACK_MS || every === 1;
  if (isDue) paintFigures(state, now);
  ages(painted.state, now, shown !== "lost");
  if (!isDue || !dirty) return;
  dirty = false;
  noteArrival(state, shown === "live" && settled());
}

/**
 * What was painted keeps its own stamps: an age is that of what one sees.
 * @type {(state: LiveState, now: Milliseconds) => void}
 */
function paintFigures(state, now) {
  state.view = viewOf(state, now, preferences.limits());
  const stamps = structuredClone(state.stamps || {});
  painted = { at: performance.now(), state: Object.assign({}, state, { stamps }) };
  preferences.listen(state.view);
  paintTree(document.body, state, now);
  setTimeout(feed, 0, state); // what is fed must have been drawn by then
}

export function repaint() {
  painted.at = -Infinity;
  schedule();
}

function schedule() {
  if (tick) return;
  const wait = Math.max(0, PAINT_MS - (performance.now() - lastPaint));
  tick = setTimeout(() => requestAnimationFrame(paint), wait);
}

function beat() {
  channel.beat();
  if (performance.now() - lastPaint > IDLE_PAINT_MS) schedule();
}

/* The clock turns with the second, whenever the frames come. */
function turnClock() {
  const now = serverNow();
  clocks(now);
  moments();
  setTimeout(turnClock, 1000 - (now % 1000) + 5);
}

function entered() {
  markDestination();
  forgetFed();
  enteredAt = performance.now();
  painted.at = -Infinity;
  clearTimeout(tick);
  clocks(serverNow());
  paint();
}

/** @type {(content: HTMLElement) => void} */
function watchPages(content) {
  new MutationObserver(entered).observe(content, { childList: true });
  entered();
}

export function start() {
  channel.onFrame(() => {
    dirty = true;
    schedule();
  });
  channel.start();
  turnClock();
  setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", schedule);
  addEventListener("mc:preferences", () => {
    moments();
    repaint();
  });
  whenThere(PAGE_CONTENT, watchPages);
}
