/* A panel that could not be read says so, keeps what it showed, asks again by itself, and at once when it is pressed.
   One notice counts all that wait. Dash itself is not made to wait: it asks few callbacks at a time. */
import { NAVIGATED, setProps } from "../dash-internals.js";
import { changes, notice, passes, wait } from "../rules/retries.js";
import { viewStore } from "./address.js";
import { button, make } from "./elements.js";
import { places } from "./reading.js";
import { note } from "./toast.js";

const NOTICE = "unavailable";
const LEFT_MS = 1000;
/**
 * The question of a callback that was not answered; `end` says on its panels why, or that it was answered.
 * @typedef {{
 *   ask: Fetching; asked: any; view: string; attempt: number; timer: number; words: string; isOver: boolean;
 *   end: (words?: string) => void;
 * }} Waiting
 */
/** @type {Map<string, Waiting>} */
const waiting = new Map(); // by the output of the callback
/** @type {Map<HTMLElement, HTMLElement>} */
const boxes = new Map(); // what says so on a panel

/**
 * The store of the address that the page draws.
 * @type {() => string}
 */
export const view = () => (viewStore() || { dataset: {} }).dataset.viewStore || "";

/** @type {(asked: any) => HTMLElement[]} */
const panels = (asked) => [...places(asked)].filter((place) => place.matches(".panel, .cards"));

/** @type {(panel: HTMLElement, all: Waiting[]) => HTMLElement} */
function box(panel, all) {
  const made = make("div", { className: "retry" }, make("span", { textContent: all[0].words }));
  made.append(button("Retry now", () => all.forEach((one) => (clearTimeout(one.timer), attempt(one)))));
  panel.append(made);
  return made;
}

/* Every panel that waits says so, no other does, and the notice counts them. */
function show() {
  boxes.forEach((one) => one.remove());
  boxes.clear();
  /** @type {Map<HTMLElement, Waiting[]>} */
  const found = new Map();
  for (const one of waiting.values()) {
    for (const panel of panels(one.asked)) found.set(panel, [...(found.get(panel) || []), one]);
  }
  found.forEach((all, panel) => boxes.set(panel, box(panel, all)));
  note(NOTICE, waiting.size ? notice(found.size) : "", "caution");
}

/**
 * The callback was answered, or its page was left.
 * @type {(...outputs: string[]) => void}
 */
export function forget(...outputs) {
  const known = outputs.filter((output) => waiting.has(output));
  for (const output of known) {
    clearTimeout((waiting.get(output) || { timer: 0 }).timer);
    waiting.delete(output);
  }
  if (known.length) show();
}

/**
 * The callback is asked anew: its last question is asked no more, though the panel stays marked until the answer.
 * @type {(output: string) => void}
 */
export function supersede(output) {
  const one = waiting.get(output);
  if (!one) return;
  clearTimeout(one.timer);
  one.isOver = true;
}

/** @type {(one: Waiting) => Promise<void>} */
async function attempt(one) {
  if (one.view !== view()) return forget(one.asked.output);
  const answer = await one.ask().catch(() => null);
  if (one.isOver || waiting.get(one.asked.output) !== one) return undefined; // asked anew meanwhile
  if (!answer || !answer.ok) return again(one, answer);
  const { response } = answer.status === 204 ? { response: {} } : await answer.json();
  one.end();
  forget(one.asked.output);
  for (const [id, props] of changes(response || {})) setProps(id, props);
  return undefined;
}

/** @type {(one: Waiting, answer: Response | null) => Promise<void>} */
async function again(one, answer) {
  const problem = answer ? await answer.json().catch(() => ({})) : {};
  one.end(problem.detail || "The server cannot be reached.");
  if (answer && !passes(answer.status)) {
    one.words = problem.detail || "This cannot be shown.";
  } else {
    const seconds = wait(one.attempt, problem.retry_after);
    one.attempt += 1;
    one.words = `${slow(problem) || "Temporarily unavailable."} Retrying in ${seconds} s.`;
    one.timer = setTimeout(attempt, seconds * 1000, one);
  }
  show();
}

/** @type {(problem: Fields) => string} */
const slow = (problem) => (problem.title === "Took too long" ? problem.detail + "." : "");

/**
 * A callback that only draws was not answered.
 * @type {(ask: Fetching, asked: any, answer: Response | null, end: (words?: string) => void) => void}
 */
export function later(ask, asked, answer, end) {
  supersede(asked.output);
  const one = { ask, asked, view: view(), attempt: 0, timer: 0, words: "", isOver: false, end };
  waiting.set(asked.output, one);
  again(one, answer);
}

/* What another page asked waits for nothing. */
function leave() {
  forget(...[...waiting.values()].filter((one) => one.view !== view()).map((one) => one.asked.output));
}

export function start() {
  globalThis.addEventListener(NAVIGATED, () => setTimeout(leave, LEFT_MS));
}
