/* How this person wants to see every page: colours, time zone, how often it paints, thresholds, a tone. The server keeps
   it; the last known is at hand at once, so that a page does not change its colours while it loads. The address may say
   `theme=` and `refresh=` for itself. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const KEPT = "mission-control-preferences";
  const USUAL = { refresh_s: 1, theme: "night", time_zone: "UTC", sound: false, thresholds: {} };
  const THEMES = ["night", "day", "contrast"];
  const RANK = ["off", "standby", "normal", "caution", "serious", "critical"];
  const page = document.documentElement;
  let chosen = Object.assign({}, USUAL, kept());
  let zone = null;

  function kept() {
    try {
      return JSON.parse(root.localStorage.getItem(KEPT)) || {};
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      root.localStorage.setItem(KEPT, JSON.stringify(chosen));
    } catch {
      /* a browser that keeps nothing asks the server at every load */
    }
  }

  const fromAddress = () => MC.address.read();

  function theme() {
    const said = fromAddress().theme;
    return THEMES.includes(said) ? said : chosen.theme;
  }

  /* Seconds between two paintings of what is new; components/kit/address.py says the words. */
  function refresh() {
    const words = /^([1-9]\d?)([sm])$/.exec(fromAddress().refresh || "");
    return words ? Math.min(Number(words[1]), 60) * (words[2] === "m" ? 60 : 1) : chosen.refresh_s;
  }

  /* Milliseconds between two questions while no socket is open: never more often than the server makes states. */
  function pollEvery() {
    const wires = document.querySelector("[data-poll-ms]");
    return Math.max(wires ? Number(wires.dataset.pollMs) : 0, refresh() * 1000);
  }

  function zoned() {
    if (chosen.time_zone === "UTC") return null;
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" };
    try {
      return new Intl.DateTimeFormat("en-GB", Object.assign(parts, { timeZone: chosen.time_zone }));
    } catch {
      return null; // this browser does not know the zone
    }
  }

  /* {date: "2026-11-20", time: "23:41:08", name: "Z"} of a moment in the zone of display. */
  function moment(ms) {
    const iso = new Date(ms).toISOString();
    if (!zone) return { date: iso.slice(0, 10), time: iso.slice(11, 19), name: "Z" };
    const part = Object.fromEntries(zone.formatToParts(ms).map(({ type, value }) => [type, value]));
    return { date: [part.year, part.month, part.day].join("-"), time: [part.hour, part.minute, part.second].join(":"), name: part.timeZoneName };
  }

  function apply() {
    zone = zoned();
    if (page.dataset.theme !== theme()) {
      page.dataset.theme = theme();
      root.dispatchEvent(new CustomEvent("mc:theme"));
    }
    if (MC.moments) MC.moments();
    if (MC.live) MC.live.repaint();
  }

  /* Where a number stands against its thresholds: undefined while nobody set any. */
  function level(value, limits, worse) {
    const beyond = (limit) => limit !== null && limit !== undefined && (worse === "below" ? value <= limit : value >= limit);
    if (typeof value !== "number") return undefined;
    if (beyond(limits.critical)) return "critical";
    return beyond(limits.caution) ? "caution" : undefined;
  }

  /* The limit that a trend is seen against: the next one it would cross, or the last that it crossed. */
  function nearest(tone, limits) {
    const known = [limits.caution, limits.critical].filter((limit) => typeof limit === "number");
    return tone ? known[known.length - 1] : known[0];
  }

  /* Of every number of the catalogue its tone, its status and the limit of its trend; a crossed threshold raises the status of its area. */
  function levels(state, status) {
    const found = {};
    for (const [name, one] of Object.entries(MC.catalogue().numbers)) {
      const limits = chosen.thresholds[name] || {};
      const tone = level(MC.pick(state, one.path.split(".")), limits, one.worse);
      if (tone && RANK.indexOf(tone) > RANK.indexOf(status[one.status])) status[one.status] = tone;
      found[name] = { tone: tone, status: tone || status[one.status] || "off", limit: nearest(tone, limits) };
    }
    return found;
  }

  async function load() {
    const known = await MC.known("preferences", "/api/v1/preferences");
    if (!known) return;
    chosen = Object.assign({}, USUAL, known);
    keep();
    apply();
  }

  /* Words to show: what was saved, or what the server holds against it. */
  async function choose(wanted) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": MC.token() };
    const options = { method: "PUT", credentials: "same-origin", headers: headers, body: JSON.stringify(wanted) };
    const answer = await fetch("/api/v1/preferences", options).catch(() => null);
    if (!answer) return "The server cannot be reached: nothing was saved.";
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) return said.errors && said.errors[0] ? said.errors[0].msg.replace("Value error, ", "") : said.detail || "Not saved.";
    chosen = Object.assign({}, USUAL, said);
    keep();
    apply();
    return "Saved.";
  }

  /* Two short tones when something becomes critical that was not. */
  let sounding = null;
  let wasCritical = null;

  function tone(context, at, pitch) {
    const [swing, volume] = [context.createOscillator(), context.createGain()];
    swing.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, context.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + 0.3);
    swing.connect(volume).connect(context.destination);
    swing.start(context.currentTime + at);
    swing.stop(context.currentTime + at + 0.3);
  }

  function sound() {
    sounding = sounding || new root.AudioContext();
    sounding.resume();
    tone(sounding, 0, 880);
    tone(sounding, 0.35, 660);
    root.dispatchEvent(new CustomEvent("mc:sound"));
  }

  /* Counts what is critical now; the first sight of a page is no news. */
  function listen(view) {
    const critical = view.alarms.waiting.filter((row) => row.symbol === "critical").length + Object.values(view.levels).filter((one) => one.tone === "critical").length;
    if (chosen.sound && wasCritical !== null && critical > wasCritical) sound();
    wasCritical = critical;
  }

  root.addEventListener("mc:address", apply);
  root.addEventListener("popstate", apply);
  root.addEventListener("_dashprivate_pushstate", apply);
  MC.preferences = { chosen: () => chosen, choose, refresh, pollEvery, theme, moment, levels, listen, sound };
  apply();
  load();
})(globalThis);
