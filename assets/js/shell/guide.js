/* The guide of the first visit (components/shell/guide.py): offered once to each person in this browser, step by step
   on the elements themselves. */
import { setProps } from "../dash-internals.js";
import { whenThere } from "./bootstrap.js";
import { button, make, pressed } from "./elements.js";
import * as kiosk from "./kiosk.js";

const KEPT = "mission-control-guide";
const DRAWN_MS = 50;
/** @type {number | null} */
let at = null; // the step that is shown

/** @type {() => any} */
const guide = () => document.querySelector("[data-guide]");
/** @type {(step: number) => string} */
const name = (step) => "guide-step-" + step;

/** @type {() => string[]} those who were offered it */
function offered() {
  try {
    const kept = JSON.parse(globalThis.localStorage.getItem(KEPT) || "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    const all = [...new Set([...offered(), guide().dataset.guide])];
    globalThis.localStorage.setItem(KEPT, JSON.stringify(all));
  } catch {
    /* a browser that keeps nothing offers it again */
  }
}

/**
 * The keyboard goes to the step as soon as it is drawn.
 * @type {(attempts: number) => unknown}
 */
function focus(attempts) {
  const next = document.querySelector(".guide-step [data-guide-act='next']");
  if (next) return next.focus();
  return attempts && setTimeout(focus, DRAWN_MS, attempts - 1);
}

/**
 * Shows a step in place of the one before; none ends the guide.
 * @type {(step: number | null) => void}
 */
function show(step) {
  if (at !== null) setProps(name(at), { is_open: false });
  at = step !== null && setProps(name(step), { is_open: true }) ? step : null;
  if (at !== null) setTimeout(focus, DRAWN_MS, 20);
}

/** The first step, from whatever page. */
function begin() {
  keep();
  setProps("shell-config", { is_open: false });
  show(0);
}

function offer() {
  const box = document.querySelector("[data-toasts]");
  if (!box || !guide() || kiosk.isOn() || offered().includes(guide().dataset.guide)) return;
  const invitation = make("div", { className: "toast", "data-guide-offer": "" });
  const later = button("Not now", () => (keep(), invitation.remove()), "button-quiet");
  const start = button("Show me", () => (invitation.remove(), begin()), "button-main");
  invitation.append(make("span", { textContent: "New here? See what matters in five steps." }), start, later);
  box.append(invitation);
}

export function start() {
  document.addEventListener("click", (event) => {
    if (pressed(event, "[data-guide-start]")) return begin();
    const act = pressed(event, "[data-guide-act]");
    if (!act || at === null) return undefined;
    const verb = act.dataset.guideAct;
    return show(verb === "skip" ? null : at + (verb === "next" ? 1 : -1));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || at === null) return;
    event.stopImmediatePropagation();
    show(null);
  }, true);
  whenThere("shell", () => setTimeout(offer, 0));
}
