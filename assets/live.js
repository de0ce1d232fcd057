/* The live channel: one socket per tab, kept while pages change. Frames change the state; the state is painted at most
   twice a second. While no socket is open, a dcc.Interval polls the newest snapshot into the same state. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const PAINT_MS = 500;
  const IDLE_PAINT_MS = 1100;
  const PAINT_SLACK_MS = 300;
  const SILENT_MS = 2500;
  const SETTLE_MS = 4000;
  const GRACE_MS = 1500;
  const RESUME_EVERY_MS = 10000;
  const DEAD_SOCKET_MS = 12000;
  const POLL_AFTER_MS = 4000;
  const POLL_SLACK_MS = 500;
  const POLL_ID = "live-poll";

  const link = {
    socket: null, url: null, sockets: true, attempt: 0, timer: 0, seq: -1,
    lastFrame: 0, heardAt: 0, answeredAt: 0, refused: false, cutAt: 0, resumedAt: 0, polling: false, pollEvery: 1000, offset: 0, offsetKnown: false, pingAt: 0,
  };
  let state = null;
  let dirty = false;
  let lastPaint = 0;
  let painted = { at: -Infinity, state: {} };
  let [tick, enteredAt] = [0, 0];
  let shownEvent = 0;

  const serverNow = () => Date.now() + link.offset;
  const isOpen = () => link.socket !== null && link.socket.readyState === WebSocket.OPEN;

  /* The server's clock against ours. The smallest difference seen is the one with the least delay in it; a pong is exact. */
  function learnClock(stamp, exact) {
    const difference = stamp - Date.now();
    if (exact || !link.offsetKnown || difference > link.offset) link.offset = difference;
    link.offsetKnown = true;
  }

  function apply(frame) {
    if (frame.type === "pong") return learnClock(frame.ts + (Date.now() - link.pingAt) / 2, true);
    if (frame.type !== "snapshot" && frame.type !== "delta") return undefined;
    if (frame.type === "delta") {
      const verdict = state ? MC.verdict(link.seq, frame.seq) : "resume";
      if (verdict === "resume") return resume();
      if (verdict === "ignore") return undefined;
    }
    state = frame.type === "snapshot" ? frame.payload : MC.merge(state, frame.payload);
    if (frame.seq !== link.seq) link.lastFrame = Date.now(); // the same state told again is no news
    link.seq = frame.seq;
    link.cutAt = 0;
    learnClock(frame.ts, false);
    dirty = true;
    schedule();
    return undefined;
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
    const about = await MC.known("about", "/api/v1/");
    if (!about) return; // pages may be away while sockets are not: the address that was known may still be right
    link.sockets = Boolean(about.sockets_url);
    link.url = about.sockets_url;
  }

  function signIn() {
    location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  }

  function address() {
    const url = new URL(link.url, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    if (!url.pathname.endsWith("/ws/mission-control")) url.pathname = "/ws/mission-control";
    if (link.seq >= 0) url.searchParams.set("since", link.seq);
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
    const socket = new WebSocket(address());
    shownEvent = 0;
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
    link.timer = setTimeout(connect, MC.delay(link.attempt, Math.random()));
    link.attempt += 1;
  }

  function ping() {
    if (!isOpen()) return;
    link.pingAt = Date.now();
    const id = crypto.randomUUID ? crypto.randomUUID() : String(link.pingAt);
    link.socket.send(JSON.stringify({ v: 1, id: id, type: "ping", ts: link.pingAt, seq: 0, payload: {} }));
  }

  function hurry() {
    if (link.socket || document.hidden) return;
    clearTimeout(link.timer);
    link.timer = 0;
    link.attempt = 0;
    connect();
  }

  /* A socket that says nothing at all is dead although nobody closed it: cables are pulled without a farewell. One that
     answers a ping lives: then it is the publisher that is silent. */
  function dropDeadSocket(now) {
    if (!isOpen() || now - link.heardAt < DEAD_SOCKET_MS / 2) return;
    if (now - link.pingAt > DEAD_SOCKET_MS / 2) ping();
    if (now - link.heardAt > DEAD_SOCKET_MS) {
      const socket = link.socket;
      link.socket = null;
      socket.close();
      later();
    }
  }

  function linkState(now) {
    if (!state || !(link.heardAt || link.answeredAt)) return link.cutAt && now - link.cutAt > SILENT_MS ? "lost" : "waiting";
    const patience = link.pollEvery + POLL_SLACK_MS;
    const slack = link.polling && !link.refused ? patience : 0;
    const recent = now - link.lastFrame <= SILENT_MS + slack;
    const reached = isOpen() || (!link.refused && now - link.answeredAt < SILENT_MS + patience);
    if (!recent) return reached ? "silent" : "lost";
    if (link.polling) return "polling";
    return isOpen() || now - link.cutAt < GRACE_MS ? "live" : "lost";
  }

  function wantPolling(now) {
    if (isOpen()) return false;
    return !link.sockets || (link.cutAt > 0 && now - link.cutAt > POLL_AFTER_MS);
  }

  function setPolling(wanted) {
    const every = MC.preferences.pollEvery();
    if (wanted === link.polling && every === link.pollEvery) return;
    if (!MC.setProps(POLL_ID, { disabled: !wanted, interval: every })) return;
    if (wanted && !link.polling) poll(); // the first tick comes only when the interval is over
    Object.assign(link, { polling: wanted, pollEvery: every });
  }

  let asking = false;
  async function poll() {
    if (isOpen() || asking) return;
    asking = true;
    try {
      const answer = await fetch("/api/v1/live", { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(5000) });
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

  /* A polled frame refreshes the state but not the link: the reason to poll is still there. */
  function keepCut(frame) {
    const cut = link.cutAt;
    if (state && frame.seq === link.seq) return;
    apply(frame);
    link.cutAt = cut;
  }

  /* A page that is being put together is no measure of how fast news reach the glass. */
  const settled = () => !document.hidden && performance.now() - enteredAt > SETTLE_MS;

  /* From the acceptance of the newest event to its pixel. What came while this screen did not look is no measure. */
  function noteArrival(fair) {
    const newest = state.newest_event;
    const isNew = newest > shownEvent && shownEvent > 0;
    shownEvent = newest || 0;
    if (isNew && fair) requestAnimationFrame(() => MC.sampleLatency(serverNow() - newest));
  }

  /* The link and the ages are told at once; figures as often as the person wants to see them change. */
  function paint() {
    tick = 0;
    lastPaint = performance.now();
    const now = serverNow();
    const shown = linkState(Date.now());
    const downSince = link.lastFrame || link.cutAt || Date.now();
    MC.pill(shown);
    MC.banner(shown, downSince, Date.now());
    MC.paintSpecimens();
    if (!state) return;
    const isDue = lastPaint - painted.at >= MC.preferences.refresh() * 1000 - PAINT_SLACK_MS || MC.preferences.refresh() === 1;
    if (isDue) paintFigures(now);
    MC.ages(painted.state, now, shown !== "lost");
    if (!isDue || !dirty) return;
    dirty = false;
    noteArrival(shown === "live" && settled());
  }

  /* What was painted keeps its own stamps: an age is that of what one sees. */
  function paintFigures(now) {
    state.view = MC.viewOf(state, now);
    painted = { at: performance.now(), state: Object.assign({}, state, { stamps: structuredClone(state.stamps || {}) }) };
    MC.preferences.listen(state.view);
    MC.paintTree(document.body, state, now);
    setTimeout(MC.feed, 0, state); // what is fed must have been drawn by then
  }

  function repaint() {
    painted.at = -Infinity;
    schedule();
  }

  function schedule() {
    if (tick) return;
    const wait = Math.max(0, PAINT_MS - (performance.now() - lastPaint));
    tick = setTimeout(() => requestAnimationFrame(paint), wait);
  }

  function beat() {
    const now = Date.now();
    dropDeadSocket(now);
    setPolling(wantPolling(now));
    if (performance.now() - lastPaint > IDLE_PAINT_MS) schedule();
  }

  /* The clock turns with the second, whenever the frames come. */
  function turnClock() {
    const now = serverNow();
    MC.clocks(now);
    MC.moments();
    setTimeout(turnClock, 1000 - (now % 1000) + 5);
  }

  /* A page that was entered is painted before it is seen, not at the next tick. */
  function entered() {
    MC.markDestination();
    MC.forgetFed();
    enteredAt = performance.now();
    painted.at = -Infinity;
    clearTimeout(tick);
    MC.clocks(serverNow());
    paint();
  }

  function watchPages(content) {
    new MutationObserver(entered).observe(content, { childList: true });
    entered();
  }

  const came = MC.arrived("live");
  if (came) apply(came);

  MC.live = { apply, poll, hurry, state: () => state, link: link, serverNow: serverNow, repaint: repaint };

  connect();
  turnClock();
  setInterval(beat, 500);
  setInterval(ping, 60000);
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", () => {
    hurry();
    schedule();
  });
  MC.whenThere("_pages_content", watchPages);
})(globalThis);
