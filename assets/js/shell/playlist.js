/* A wall that shows pages in turn: `?kiosk&playlist=<id>`. A critical alert takes it to its page, and lets go after. */
import { state as live } from "../live/channel.js";
import { fresh, pressing } from "../rules/playlist.js";
import * as address from "./address.js";
import { go } from "./navigation.js";
import { toast } from "./toast.js";

const LOOK_MS = 500;
const AGAIN_MS = 10000;

/** @type {PlaylistTurn} */
export const now = { id: null, items: [], hold: 60, at: -1, until: 0, held: null, known: null };

/** @type {(href: string) => void} */
const show = (href) => go(href, { replace: true });

/** @type {(clock: number) => void} */
function turn(clock) {
  now.at = (now.at + 1) % now.items.length;
  const item = now.items[now.at];
  now.until = clock + item.dwell_seconds * 1000;
  show(item.address);
}

/**
 * The page that was left comes back with its whole time.
 * @type {(clock: number) => void}
 */
function release(clock) {
  now.held = null;
  now.at -= 1;
  turn(clock);
}

/** @type {(clock: number) => boolean} */
function preempt(clock) {
  const state = live();
  if (!state) return false;
  const found = pressing(state);
  const key = fresh(found, now.known);
  now.known = new Set([...(now.known || []), ...Object.keys(found)]);
  if (!key) return false;
  now.held = key;
  now.until = clock + now.hold * 1000;
  document.documentElement.dataset.held = key;
  show(found[key]);
  const [kind, name] = key.split(":");
  toast("Critical: " + kind + " " + name + ". The playlist goes on in " + now.hold + " s.", "critical");
  return true;
}

function look() {
  const clock = performance.now();
  if (!now.items.length || preempt(clock) || clock < now.until) return;
  delete document.documentElement.dataset.held;
  if (now.held) release(clock);
  else if (now.items.length > 1 || now.at < 0) turn(clock);
}

/** @type {(id: string) => Promise<unknown>} */
async function load(id) {
  const answer = await fetch("/api/v1/playlists/" + encodeURIComponent(id), { credentials: "same-origin" }).catch(() =>
    null
  );
  if (now.id !== id) return;
  if (answer && answer.status === 404) return toast("There is no such playlist.", "caution");
  if (!answer || !answer.ok) return setTimeout(load, AGAIN_MS, id);
  const list = await answer.json();
  Object.assign(now, { items: list.items, hold: list.hold_seconds, at: -1, until: 0, held: null });
  return undefined;
}

function follow() {
  const id = address.read().playlist || null;
  if (id === now.id) return;
  Object.assign(now, { id: id, items: [], at: -1, until: 0, held: null, known: null });
  delete document.documentElement.dataset.held;
  if (id) load(id);
}

export function start() {
  address.onChange(follow);

  addEventListener("load", follow);

  setInterval(look, LOOK_MS);
}
