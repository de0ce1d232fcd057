/* The live channel: one socket per tab, kept while pages change. Frames change the state. While no socket is open, a
   dcc.Interval polls the newest snapshot into the same state. */
import { setProps } from "../dash-internals.js";
import { learnClock } from "./clock.js";
import { delay } from "../rules/backoff.js";
import { silence, wantsPolling } from "../rules/link.js";
import { merge, verdict } from "../rules/merge.js";
import { arrived, known } from "../shell/bootstrap.js";
import * as preferences from "../shell/preferences.js";
import { signIn } from "../shell/server.js";

const RESUME_EVERY_MS = 10000;
const PATIENCE_MS = 5000;
const POLL_ID = "live-poll";
const SOCKET_PATH = "/ws/mission-control";

/** @type {Channel} */
export const link = {
  socket: null,
  url: null,
  sockets: true,
  attempt: 0,
  timer: 0,
  seq: -1,
  lastFrame: 0,
  heardAt: 0,
  answeredAt: 0,
  refused: false,
  cutAt: 0,
  resumedAt: 0,
  polling: false,
  pollEvery: 1000,
  pingAt: 0,
  shownEvent: 0, // the newest event that was drawn since the socket opened
};
/** @type {LiveState | null} */
let current = null;
let tellFrame = () => {};

export const state = () => current;
export const isOpen = () => link.socket !== null && link.socket.readyState === WebSocket.OPEN;

/**
 * Calls `act` after each frame that changed the state.
 * @type {(act: () => void) => void}
 */
export function onFrame(act) {
  tellFrame = act;
}

/** @type {(frame: Frame) => void} */
export function apply(frame) {
  if (frame.type === "pong") return learnClock(frame.ts + (Date.now() - link.pingAt) / 2, true);
  if (frame.type !== "snapshot" && frame.type !== "delta") return undefined;
  if (frame.type === "delta") {
    const next = current ? verdict(link.seq, frame.seq) : "resume";
    if (next === "resume") return resume();
    if (next === "ignore") return undefined;
  }
  current = frame.type === "snapshot" ? frame.payload : merge(current, frame.payload);
  if (frame.seq !== link.seq) link.lastFrame = Date.now(); // the same state told again is no news
  link.seq = frame.seq;
  link.cutAt = 0;
  learnClock(frame.ts, false);
  return tellFrame();
}

/* Frames are missing: come again with ?since=, at once the first time, by the ladder when it happens again. */
function resume() {
  const socket = link.socket;
  if (!socket) return;
  link.socket = null;
  socket.close(4000, "gap");
  const again = Date.now() - link.resumedAt < RESUME_EVERY_MS;
  link.resumedAt = Date.now();
  if (again) later();
  else connect();
}

async function discover() {
  const about = await known("about", "/api/v1/");
  if (!about) return; // pages may be away while sockets are not: the address that was known may still be right
  link.sockets = Boolean(about.sockets_url);
  link.url = about.sockets_url;
}

function socketAddress() {
  const url = new URL(link.url || SOCKET_PATH, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (!url.pathname.endsWith(SOCKET_PATH)) url.pathname = SOCKET_PATH;
  if (link.seq >= 0) url.searchParams.set("since", String(link.seq));
  return url.href;
}

async function connect() {
  link.timer = 0;
  if (link.socket) return;
  await discover();
  if (link.socket) return; // somebody was in a hurry meanwhile
  if (link.sockets && link.url) open();
  else later();
}

function open() {
  const socket = new WebSocket(socketAddress());
  link.shownEvent = 0;
  link.socket = socket;
  socket.onmessage = (event) => {
    link.attempt = 0;
    link.heardAt = Date.now();
    apply(JSON.parse(event.data));
  };
  socket.onopen = () => {
    link.heardAt = Date.now();
    ping();
  };
  socket.onclose = () => {
    if (link.socket !== socket) return;
    link.socket = null;
    later();
  };
}

function later() {
  if (!link.cutAt && link.sockets) link.cutAt = Date.now();
  if (link.timer) return;
  link.timer = setTimeout(connect, delay(link.attempt, Math.random()));
  link.attempt += 1;
}

function ping() {
  if (!link.socket || !isOpen()) return;
  link.pingAt = Date.now();
  const id = crypto.randomUUID ? crypto.randomUUID() : String(link.pingAt);
  link.socket.send(JSON.stringify({ v: 1, id, type: "ping", ts: link.pingAt, seq: 0, payload: {} }));
}

export function hurry() {
  if (link.socket || document.hidden) return;
  clearTimeout(link.timer);
  link.timer = 0;
  link.attempt = 0;
  connect();
}

/** @type {(now: Milliseconds) => void} */
function dropDeadSocket(now) {
  const due = isOpen() ? silence(link, now) : "wait";
  if (due === "ping") ping();
  if (due !== "drop") return;
  const socket = link.socket;
  link.socket = null;
  if (socket) socket.close();
  later();
}

/** @type {(wanted: boolean) => void} */
function setPolling(wanted) {
  const every = preferences.pollEvery();
  if (wanted === link.polling && every === link.pollEvery) return;
  if (!setProps(POLL_ID, { disabled: !wanted, interval: every })) return;
  if (wanted && !link.polling) poll(); // the first tick comes only when the interval is over
  Object.assign(link, { polling: wanted, pollEvery: every });
}

let asking = false;
export async function poll() {
  if (isOpen() || asking) return;
  asking = true;
  try {
    const answer = await fetch("/api/v1/live", {
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 401) signIn();
    link.refused = !answer.ok;
    if (answer.ok) {
      link.answeredAt = Date.now();
      keepCut(await answer.json());
    }
  } catch {
    link.refused = true; // the banner says it; the next tick asks again
  } finally {
    asking = false;
  }
}

/**
 * A polled frame refreshes the state but not the link: the reason to poll is still there.
 * @type {(frame: Frame) => void}
 */
function keepCut(frame) {
  const cut = link.cutAt;
  if (current && frame.seq === link.seq) return;
  apply(frame);
  link.cutAt = cut;
}

/* Looks after the link; called twice a second. */
export function beat() {
  const now = Date.now();
  dropDeadSocket(now);
  setPolling(wantsPolling(link, now, isOpen()));
}

export function start() {
  const came = arrived("live");
  if (came) apply(came);
  connect();
  setInterval(ping, 60000);
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
}
