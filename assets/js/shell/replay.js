/* Replay: the range from its first day on, some days more at a time, until it is whole again. All panels follow the
   address as ever; what the address said before stands there again at the end. */
import { inputs, noUpdate, setProps } from "../dash-internals.js";
import * as address from "./address.js";

const DAY_MS = 86400000;
const DWELL_MS = 1500;
const STEPS = 30;
/** @type {(ms: Milliseconds) => string} */
const day = (ms) => new Date(ms).toISOString().slice(0, 10);
/** @type {any} */
let playing = null;

/** @type {(button: DashId, words: string) => unknown} */
const say = (button, words) => setProps(button, { children: words });

function stop() {
  const { button, timer, from, to } = playing;
  clearInterval(timer);
  playing = null;
  if (!document.getElementById(button)) return; // another page
  say(button, "Replay");
  address.put({ from: from, to: to }, { replace: true });
}

function step() {
  if (playing.at >= playing.last || !document.getElementById(playing.button)) return stop();
  playing.at = Math.min(playing.at + playing.stride, playing.last);
  say(playing.button, "Stop at " + day(playing.at));
  address.put({ from: day(playing.first), to: day(playing.at) }, { replace: true });
}

export const callbacks = {
  /**
   * `days`: {first, last}, both included. The second click stops.
   * @type {(clicks: number | null, days: { first: string; last: string } | null) => unknown}
   */
  toggle(clicks, days) {
    if (clicks && playing) stop();
    else if (clicks && days) {
      const [first, last] = [Date.parse(days.first), Date.parse(days.last)];
      const { from, to } = address.read();
      const [{ id: button }] = inputs();
      const stride = Math.max(1, Math.round((last - first) / DAY_MS / STEPS)) * DAY_MS;
      playing = { button, first, last, stride, at: first - DAY_MS, from: from || null, to: to || null };
      playing.timer = setInterval(step, DWELL_MS);
      step();
    }
    return noUpdate();
  },
};
