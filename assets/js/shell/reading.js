/* A panel that is read for long says so; and where nothing could be read, why. */

const LONG_MS = 3000;
const STILL = "still reading…";
const told = new WeakMap(); // element → what each callback that draws in it has to say

/**
 * Where a callback draws: the panels of its outputs, else the places themselves.
 * @type {(asked: { outputs?: any }) => Set<HTMLElement>}
 */
export function places(asked) {
  const outputs = [asked.outputs || []].flat(Infinity);
  const names = outputs.map((
    { id },
  ) => (id && id.type === "chart-figure" ? JSON.stringify({ chart: id.chart, type: "chart-cover" }) : id));
  const elements = names.filter((name) => typeof name === "string").map((name) => document.getElementById(name));
  return new Set(elements.flatMap((element) => (element ? [element.closest(".panel") || element] : [])));
}

/** @type {(element: HTMLElement, callback: string, words?: string) => void} */
function tell(element, callback, words) {
  const all = told.get(element) || new Map();
  told.set(element, all);
  if (words) all.set(callback, words);
  else all.delete(callback);
  const [first] = all.values();
  if (first) element.dataset.reading = first;
  else delete element.dataset.reading;
}

/* The latest question of each callback counts: the answer to one before it says nothing any more. */
const latest = new Map();

/**
 * A callback was asked; returns what is to be called with the words of a failure, or without any at an answer.
 * @type {(asked: any) => (words?: string) => void}
 */
export function reading(asked) {
  const mine = {};
  latest.set(asked.output, mine);
  /** @type {(words?: string) => void} */
  const say = (words) => {
    if (latest.get(asked.output) === mine) places(asked).forEach((element) => tell(element, asked.output, words));
  };
  const timer = setTimeout(say, LONG_MS, STILL);
  return function (words) {
    clearTimeout(timer);
    say(words);
  };
}
