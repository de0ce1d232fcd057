/// <reference lib="deno.ns" />
/* What is said of the link, when it is polled, when it is tried again, and how fresh a tile is. */
import { deepStrictEqual as equal, ok } from "node:assert";
import { delay } from "../../assets/js/rules/backoff.js";
import { freshness } from "../../assets/js/rules/freshness.js";
import { linkState, silence, wantsPolling } from "../../assets/js/rules/link.js";

const NOW = 1_000_000;
const USUAL = { sockets: true, refused: false, cutAt: 0, polling: false, pollEvery: 1000, answeredAt: 0, pingAt: 0 };
const HEARD = { ...USUAL, heardAt: NOW, lastFrame: NOW };
const OPEN = { isOpen: true, hasState: true };
const CUT = { isOpen: false, hasState: true };

Deno.test("an age has four words", () => {
  /** @type {[number, boolean][]} */
  const ages = [[1, true], [2, true], [3, true], [6, true], [7, true], [1, false]];
  equal(ages.map(([age, linked]) => freshness(age, 2, linked)), ["live", "live", "late", "late", "stale", "lost"]);
});

Deno.test("the ladder of attempts climbs with jitter", () => {
  [1, 5, 5, 10, 10, 30, 30, 30].forEach((seconds, attempt) => {
    const [least, most] = [delay(attempt, 0), delay(attempt, 1)];
    ok(least < seconds * 1000 && seconds * 1000 < most);
    equal(most - least, seconds * 200);
  });
});

Deno.test("before the first state it waits, and is lost when none comes", () => {
  const nothing = { ...USUAL, heardAt: 0, lastFrame: 0 };
  equal(linkState(nothing, NOW, { isOpen: false, hasState: false }), "waiting");
  equal(linkState({ ...nothing, cutAt: NOW - 2600 }, NOW, { isOpen: false, hasState: false }), "lost");
  equal(linkState({ ...nothing, cutAt: NOW - 2400 }, NOW, CUT), "waiting"); // figures that came with the page are no link
});

Deno.test("frames make it live; a short cut is no loss; a publisher that says nothing is silent", () => {
  equal(linkState(HEARD, NOW + 2500, OPEN), "live");
  equal(linkState({ ...HEARD, cutAt: NOW }, NOW + 1400, CUT), "live");
  equal(linkState({ ...HEARD, cutAt: NOW }, NOW + 1600, CUT), "lost");
  equal(linkState(HEARD, NOW + 2600, OPEN), "silent");
  equal(linkState({ ...HEARD, cutAt: NOW }, NOW + 2600, CUT), "lost");
});

Deno.test("a poll that is answered is polling, one that is refused is lost", () => {
  const polled = { ...HEARD, polling: true, pollEvery: 4000, answeredAt: NOW, cutAt: NOW - 60_000 };
  equal(linkState(polled, NOW + 4000, CUT), "polling");
  equal(linkState({ ...polled, lastFrame: NOW - 60_000 }, NOW, CUT), "silent");
  equal(linkState({ ...polled, lastFrame: NOW - 60_000, refused: true }, NOW, CUT), "lost");
  equal(linkState({ ...polled, lastFrame: NOW - 1900, refused: true }, NOW, CUT), "polling");
  equal(linkState({ ...polled, lastFrame: NOW - 2100, refused: true }, NOW, CUT), "lost");
});

Deno.test("it is polled where there are no sockets, and four seconds after a cut", () => {
  equal(wantsPolling(HEARD, NOW, true), false);
  equal(wantsPolling({ ...HEARD, sockets: false }, NOW, false), true);
  equal(wantsPolling({ ...HEARD, cutAt: NOW - 3900 }, NOW, false), false);
  equal(wantsPolling({ ...HEARD, cutAt: NOW - 4100 }, NOW, false), true);
});

Deno.test("a socket that says nothing is pinged, then dropped", () => {
  const after = (/** @type {number} */ ms, pingAt = 0) => silence({ ...HEARD, pingAt }, NOW + ms);
  equal([after(5900), after(6100), after(6100, NOW + 6000), after(12_100)], ["wait", "ping", "wait", "drop"]);
});
