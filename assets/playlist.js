/* A wall that shows pages in turn: `?kiosk&playlist=<id>`. A critical alert takes it to its page, and lets go after. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const LOOK_MS = 500;
  const AGAIN_MS = 10000;

  const now = { id: null, items: [], hold: 60, at: -1, until: 0, held: null, known: null };

  /* What presses now: {key: address}. Only what is critical takes a wall away from its page. */
  function pressing(state) {
    const found = {};
    const add = (kind, rows, href) => {
      for (const [id, row] of rows) if ((row.severity || row.status) === "critical") found[kind + ":" + id] = href(id);
    };
    const listed = (rows) => (Array.isArray(rows) ? rows.map((row) => [row.id, row]) : Object.entries(rows || {}));
    add("alert", listed(state.alerts).filter(([, row]) => !row.state || row.state === "firing"), () => "/");
    add("failure", listed(state.errors), (id) => "/missions?job=" + encodeURIComponent(id));
    add("signal", listed(state.signals), () => "/backlinks");
    add("quota", listed(state.api_quotas), () => "/quotas");
    return found;
  }

  /* The first that was not pressing before; null when there is none. What presses when the wall is switched on is old. */
  function fresh(found, known) {
    if (known === null) return null;
    return Object.keys(found).find((key) => !known.has(key)) || null;
  }

  const show = (href) => MC.go(href, { replace: true });

  function turn(clock) {
    now.at = (now.at + 1) % now.items.length;
    const item = now.items[now.at];
    now.until = clock + item.dwell_seconds * 1000;
    show(item.address);
  }

  /* The page that was left comes back with its whole time. */
  function release(clock) {
    now.held = null;
    now.at -= 1;
    turn(clock);
  }

  function preempt(clock) {
    const state = MC.live.state();
    if (!state) return false;
    const found = pressing(state);
    const key = fresh(found, now.known);
    if (now.known === null) now.known = new Set();
    Object.keys(found).forEach((one) => now.known.add(one));
    if (!key) return false;
    now.held = key;
    now.until = clock + now.hold * 1000;
    document.documentElement.dataset.held = key;
    show(found[key]);
    MC.toast("Critical: " + key.replace(":", " ") + ". The playlist goes on in " + now.hold + " s.", "critical");
    return true;
  }

  function look() {
    const clock = performance.now();
    if (!now.items.length || preempt(clock) || clock < now.until) return;
    delete document.documentElement.dataset.held;
    if (now.held) release(clock);
    else if (now.items.length > 1 || now.at < 0) turn(clock);
  }

  async function load(id) {
    const answer = await fetch("/api/v1/playlists/" + encodeURIComponent(id), { credentials: "same-origin" }).catch(() => null);
    if (now.id !== id) return;
    if (answer && answer.status === 404) return MC.toast("There is no such playlist.", "caution");
    if (!answer || !answer.ok) return setTimeout(load, AGAIN_MS, id);
    const list = await answer.json();
    Object.assign(now, { items: list.items, hold: list.hold_seconds, at: -1, until: 0, held: null });
    return undefined;
  }

  function follow() {
    const id = MC.address.read().playlist || null;
    if (id === now.id) return;
    Object.assign(now, { id: id, items: [], at: -1, until: 0, held: null, known: null });
    delete document.documentElement.dataset.held;
    if (id) load(id);
  }

  for (const name of ["mc:address", "popstate", "_dashprivate_pushstate"]) addEventListener(name, follow);
  addEventListener("load", follow);
  setInterval(look, LOOK_MS);
  MC.playlist = { now, pressing, fresh };
})(globalThis);
