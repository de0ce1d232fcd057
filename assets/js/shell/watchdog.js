/* Each open page tells the server how it is: name, frames a second, heap, age of its data. The server shows the
   list on /screens; a page that says nothing any more has frozen. One that has run for a day with a full heap
   loads itself anew. */
import { state } from "../live/channel.js";
import { serverNow } from "../live/clock.js";
import { changing, token } from "./server.js";

const FIRST_MS = 4000;
const REPORT_MS = 15000;
const FRAMES_MS = 1000;
const LEAVE_MS = 1500;
const DAY_MS = 86400000;
const KEY = "mc-screen";
const NAME = "mc-screen-name";

const session = token(); // of whoever opened this page
export const watchdog = {
  id: own(),
  openedAt: Date.now(),
  heapLimit: 400e6,
  gone: false, // this page is closed, or about to be
  left: false, // its person has signed out
  report,
  leave,
};

/* Kept over a reload, yet not copied when a person duplicates the tab: it lies in the store only between two pages.
   Whoever signs in next in this tab is another screen: one that is somebody else's would be refused. */
function own() {
  const [kept, theirs] = (sessionStorage.getItem(KEY) || "").split(" ");
  sessionStorage.removeItem(KEY);
  return kept && theirs === session ? kept : another();
}

function another() {
  const letters = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(letters, (n) => n.toString(16).padStart(2, "0")).join("");
}

/* "?screen=NOC-1" names this machine's screens from then on. */
function name() {
  const given = new URLSearchParams(location.search).get("screen");
  if (given) localStorage.setItem(NAME, given.slice(0, 100));
  return localStorage.getItem(NAME) || undefined;
}

/**
 * Frames of one second; null where the browser draws none, as in the background.
 * @type {() => Promise<number | null>}
 */
function frames() {
  if (document.hidden) return Promise.resolve(null);
  return new Promise((done) => {
    const begun = performance.now();
    let count = 0;
    const give = setTimeout(() => done(0), 3 * FRAMES_MS);
    /** @type {(now: number) => unknown} */
    const next = (now) => {
      count += 1;
      if (now - begun < FRAMES_MS) return requestAnimationFrame(next);
      clearTimeout(give);
      return done(Math.round((count * 10000) / (now - begun)) / 10);
    };
    requestAnimationFrame(next);
  });
}

function dataAge() {
  const current = state();
  if (!current || typeof current.as_of !== "number") return null;
  return Math.max(0, Math.round((serverNow() - current.as_of) / 100) / 10);
}

/** @type {(fps: number | null, closed: boolean) => Fields} */
function health(fps, closed) {
  const memory = performance.memory || { usedJSHeapSize: 0, jsHeapSizeLimit: 0 };
  return {
    screen_id: watchdog.id,
    name: name(),
    address: (location.pathname + location.search).slice(0, 500),
    kiosk: document.documentElement.hasAttribute("data-kiosk"),
    visible: !document.hidden,
    closed: closed,
    link: document.documentElement.dataset.link || "waiting",
    width: globalThis.innerWidth,
    height: globalThis.innerHeight,
    fps: fps,
    heap_bytes: memory.usedJSHeapSize || null,
    heap_limit_bytes: memory.jsHeapSizeLimit || null,
    data_age_s: dataAge(),
    open_s: Math.max(0, (Date.now() - watchdog.openedAt) / 1000),
  };
}

/** @type {(said: Fields, last: boolean, patience?: AbortSignal) => Promise<Response>} */
function send(said, last, patience) {
  return fetch("/api/v1/screens", {
    method: "POST",
    credentials: "same-origin",
    keepalive: last,
    signal: patience,
    headers: changing(),
    body: JSON.stringify(said),
  });
}

/**
 * Whether a page is to load itself anew: after a day, and only when its heap has grown past the limit.
 * @type {(openMs: number, heap: number, limit: number) => boolean}
 */
export const outworn = (openMs, heap, limit) => openMs > DAY_MS && heap > limit;

/* Nobody is interrupted: not while a dialog or a drawer is open, nor while a person types. */
function idle() {
  const typing = document.activeElement && document.activeElement.matches("input, textarea, select");
  return !typing && !document.querySelector("dialog[open], [data-close]");
}

async function report() {
  const said = health(await frames(), false);
  if (watchdog.gone) return; // it would come after "closed", and open the screen again
  try {
    const answer = await send(said, false);
    if (answer.status === 409) watchdog.id = another();
    if (!answer.ok) return;
    const told = await answer.json();
    const due = told.reload || outworn(said.open_s * 1000, said.heap_bytes, watchdog.heapLimit);
    if (due && idle()) location.reload();
  } catch {
    /* the server is away, and the banner says it */
  }
}

/**
 * Who signs out closes this screen while the server still knows whose it is; nobody waits long for that. It is open
 * again where `act` did not sign out.
 * @type {(act: () => Promise<boolean>) => Promise<boolean>}
 */
async function leave(act) {
  watchdog.gone = watchdog.left = true;
  await send(health(null, true), false, AbortSignal.timeout(LEAVE_MS)).catch(() => undefined);
  if (await act()) return true;
  watchdog.gone = watchdog.left = false;
  report();
  return false;
}

export function start() {
  /* A tab that a person closes has not frozen. A page kept for the way back speaks again when it is shown. */
  addEventListener("pagehide", () => {
    if (watchdog.left) return;
    watchdog.gone = true;
    sessionStorage.setItem(KEY, watchdog.id + " " + session);
    send(health(null, true), true).catch(() => undefined);
  });

  addEventListener("pageshow", (event) => {
    sessionStorage.removeItem(KEY);
    if (watchdog.left) return;
    watchdog.gone = false;
    if (event.persisted) report();
  });

  document.addEventListener("visibilitychange", () => report());

  setTimeout(report, FIRST_MS);

  setInterval(report, REPORT_MS);
}
