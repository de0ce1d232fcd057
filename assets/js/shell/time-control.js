/* The control of time (components/kit/time_control.py): what is chosen in it stands in the address. What its words
   mean, and how a range moves, is in rules/time-range.js. */
import { noUpdate, PAGE_CONTENT, setProps } from "../dash-internals.js";
import { serverNow } from "../live/clock.js";
import * as rules from "../rules/time-range.js";
import { zoneName } from "../rules/timezone.js";
import * as address from "./address.js";
import { whenThere } from "./bootstrap.js";
import { pressed } from "./elements.js";

const [FROM, TO, DAYS, FAULT, REFRESH] = ["time-from", "time-to", "time-days", "time-fault", "time-refresh"];
const CLOCKS = ["time-from-clock", "time-to-clock"];
const BODY = "time-body";
const AS_IN_CONFIG = "config"; // no part of the address
const PORTALS = "[data-radix-popper-content-wrapper]"; // Dash draws its calendar beside the page

/** @type {() => any} */
const control = () => document.querySelector("[data-time]");
/** @type {() => any} */
const opener = () => document.querySelector("[data-time-open]");
/** @type {() => any} */
const body = () => document.getElementById(BODY);
const isOpen = () => Boolean(body() && !body().hidden);
/** @type {() => string} */
const usual = () => control().dataset.usual;
/** @type {() => { from?: string; to?: string }} */
const here = () => address.read();
/** @type {(id: string) => any} */
const field = (id) => document.getElementById(id);

/** @type {(anchor: any) => { from: string; to: string; name: string }} */
function named(anchor) {
  const parts = address.read(anchor.search);
  return { from: parts.from, to: parts.to, name: anchor.textContent };
}

/** @type {(at: Milliseconds) => string} */
const minute = (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** @type {(selector: string, able: boolean) => void} */
function enable(selector, able) {
  const button = document.querySelector(selector);
  if (button) button.setAttribute("aria-disabled", String(!able));
}

/** @type {(anchor: Element, isHere: boolean) => void} */
const mark = (anchor, isHere) =>
  isHere ? anchor.setAttribute("aria-current", "true") : anchor.removeAttribute("aria-current");

/* What the address says stands on the control. */
function show() {
  if (!control()) return;
  const now = serverNow();
  const given = { from: here().from || usual(), to: here().to || rules.USUAL_TO };
  const choices = [...body().querySelectorAll(".time-usual a")];
  const found = rules.span(given, now, usual());
  opener().textContent = rules.said(given, usual(), choices.map(named));
  opener().title = found ? `${minute(found.start)} – ${minute(found.end)} UTC` : "This range cannot be read";
  for (const anchor of choices) mark(anchor, named(anchor).from === given.from && named(anchor).to === given.to);
  enable("[data-time-shift='-1']", Boolean(rules.shifted(given, -1, now, usual())));
  enable("[data-time-shift='1']", Boolean(rules.shifted(given, 1, now, usual())));
  enable("[data-time-out]", Boolean(zoomed() || rules.widened(given, now, usual())));
  const every = address.read().refresh || AS_IN_CONFIG;
  if (field(REFRESH).value !== every) setProps(REFRESH, { value: every });
  control().toggleAttribute("data-still", every === "off");
  document.querySelectorAll("[data-tick]").forEach((tick) =>
    setProps(tick.dataset.tick, { disabled: every === "off" })
  );
  zone();
}

/* The zone of ranges, and that of times in lists where it is another. */
function zone() {
  const lists = zoneName(serverNow());
  const said = lists === "UTC" ? "UTC" : `UTC · lists in ${lists}`;
  document.querySelectorAll("[data-time-zone]").forEach((element) => (element.textContent = said));
  document.querySelectorAll("[data-lists-zone]").forEach((element) => (element.textContent = `lists in ${lists}`));
}

/* What stood there before the last zoom goes with the entry of the history, so that Back and a reload know it too. */
/** @type {() => { from: string | null; to: string | null; before: any } | null} */
const zoomed = () => (history.state && history.state.zoomed) || null;

/**
 * A zoom on a chart: "zoom out" and a double click come back from it.
 * @type {(days: { from: string; to: string }, more?: Changes) => void}
 */
export function zoomIn(days, more) {
  const { from, to } = here();
  address.put({ ...days, ...more }, { zoomed: { from: from || null, to: to || null, before: zoomed() } });
}

/**
 * Whether there was a zoom to come back from.
 * @type {() => boolean}
 */
export function zoomBack() {
  const back = zoomed();
  if (back) address.put({ from: back.from, to: back.to }, { zoomed: back.before });
  return Boolean(back);
}

function zoomOut() {
  if (zoomBack()) return;
  const wider = rules.widened(here(), serverNow(), usual());
  if (wider) address.put(wider);
}

/** @type {(by: -1 | 1) => void} */
function shift(by) {
  const moved = rules.shifted(here(), by, serverNow(), usual());
  if (moved) address.put(moved);
}

/** What was put into the calendar by us is no choice of a person's. */
let filled = "";

function fill() {
  const { from, to } = here();
  const days = rules.onCalendarAndClock(here(), serverNow(), usual());
  filled = days ? JSON.stringify([days.start, days.end, days.startClock, days.endClock]) : "";
  setProps(FROM, { value: from || usual() });
  setProps(TO, { value: to || rules.USUAL_TO });
  if (days) {
    setProps(DAYS, { start_date: days.start, end_date: days.end, initial_visible_month: days.start });
    CLOCKS.forEach((id, at) => setProps(id, { value: at ? days.endClock : days.startClock }));
  }
  complain(null);
}

/** @type {(wrong: { field: string; msg: string } | null) => void} */
function complain(wrong) {
  field(FAULT).textContent = wrong ? `${wrong.field === "from" ? "From" : "To"}: ${wrong.msg}.` : "";
  for (const [id, name] of [[FROM, "from"], [TO, "to"]]) {
    field(id).setAttribute("aria-invalid", String(Boolean(wrong && wrong.field === name)));
    field(id).setAttribute("aria-describedby", FAULT);
  }
  if (wrong) field(wrong.field === "from" ? FROM : TO).focus();
}

function open() {
  fill();
  body().hidden = false;
  opener().setAttribute("aria-expanded", "true");
  (body().querySelector("a[aria-current]") || body().querySelector(".time-usual a")).focus();
}

/** @type {(back: boolean) => void} `back`: the keyboard goes back to where it came from */
function close(back) {
  if (!isOpen()) return;
  body().hidden = true;
  opener().setAttribute("aria-expanded", "false");
  if (back) opener().focus();
}

function apply() {
  const given = { from: field(FROM).value.trim(), to: field(TO).value.trim() };
  const wrong = rules.fault(given, serverNow(), usual());
  complain(wrong);
  if (wrong) return;
  address.put({ from: given.from || null, to: given.to || null });
  close(true);
}

/* The panels ask again, and figures are painted now, also where nothing is taken by itself. */
function refreshNow() {
  address.tell();
  globalThis.dispatchEvent(new CustomEvent("mc:preferences"));
}

export const callbacks = {
  /**
   * What is picked on calendar and clock, as words in the two fields.
   * @type {(...picked: (string | null)[]) => unknown}
   */
  pick(start, end, startClock, endClock) {
    const picked = [start, end].map((one) => one && one.slice(0, 10)).concat([startClock || "", endClock || ""]);
    if (!start || !end || JSON.stringify(picked) === filled) return [noUpdate(), noUpdate()];
    filled = "";
    return [rules.picked(start, startClock), rules.picked(end, endClock)];
  },
};

/** @type {[string, (element: any) => void][]} */
const PRESSED = [
  ["[data-time-open]", () => (isOpen() ? close(true) : open())],
  ["[data-time-shift]", (button) => shift(button.dataset.timeShift === "1" ? 1 : -1)],
  ["[data-time-out]", zoomOut],
  ["[data-time-refresh]", refreshNow],
  ["#time-apply", apply],
];

/** @type {(event: MouseEvent) => void} */
function onClick(event) {
  for (const [selector, act] of PRESSED) {
    const button = pressed(event, selector);
    if (button && button.getAttribute("aria-disabled") !== "true") act(button);
  }
  const gone = event.target instanceof Node && !event.target.isConnected; // redrawn by its own click: a month turned
  const inside = pressed(event, `#${BODY}, [data-time-open], ${PORTALS}`) || gone;
  if (!inside || pressed(event, `#${BODY} .time-usual a`)) close(Boolean(inside));
}

export function start() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", (event) => {
    const select = pressed(event, `#${REFRESH}`);
    if (select) address.put({ refresh: select.value === AS_IN_CONFIG ? null : select.value }, { replace: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen() || document.querySelector(PORTALS)) return;
    event.stopImmediatePropagation(); // this closes, and nothing behind it
    close(true);
  }, true);
  address.onChange(show);
  globalThis.addEventListener("mc:preferences", zone);
  whenThere(PAGE_CONTENT, (content) => {
    new MutationObserver(show).observe(content, { childList: true });
    show();
  });
}
