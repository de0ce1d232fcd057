/* What Dash asks the server passes here, the one place where `fetch` is wrapped: what a page stands on is asked
   for until it comes; a callback that the server refuses or cannot answer is told to the person, and on its
   panels. */
import { CALLBACKS, FOUNDATIONS, LOADING } from "../dash-internals.js";
import { draws, passes } from "../rules/retries.js";
import { reading } from "./reading.js";
import * as retries from "./retries.js";
import { signIn } from "./server.js";
import { toast } from "./toast.js";

const AGAIN_MS = 3000;

/**
 * Without its layout a page would say for ever that it has none.
 * @type {(ask: Fetching) => Promise<Response>}
 */
async function untilThere(ask) {
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer && answer.status === 401) location.reload(); // to where one signs in
    else if (answer && answer.status < 500 && answer.status !== 429) return answer;
    const box = document.querySelector(LOADING);
    if (box) box.textContent = "Mission Control is temporarily unavailable. This page comes back by itself.";
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

/**
 * Charts that still wait for their first figure say why none came.
 * @type {(body: string, words: string) => void}
 */
function failCharts(body, words) {
  const outputs = [JSON.parse(body).outputs || []].flat();
  for (const { id } of outputs.filter((output) => output.id && output.id.type === "chart-figure")) {
    const cover = document.getElementById(JSON.stringify({ chart: id.chart, type: "chart-cover" }));
    if (!cover || !cover.querySelector(".failed")) continue;
    cover.querySelector(".skeleton").hidden = true;
    cover.querySelector(".failed").hidden = false;
    cover.querySelector("[data-words]").textContent = words;
  }
}

/** @type {(answer: Response, body: string) => Promise<string>} */
async function explain(answer, body) {
  const problem = await answer.json().catch(() => ({}));
  const words = problem.detail || "The server answered " + answer.status + ". Try again in a moment.";
  failCharts(body, words);
  toast(words, "critical");
  return words;
}

/** @type {(ask: Fetching, body: string) => Promise<Response>} */
async function callback(ask, body) {
  const asked = JSON.parse(body);
  const end = reading(asked);
  retries.supersede(asked.output);
  const answer = await ask().catch(() => null);
  if (answer && answer.ok) {
    end();
    retries.forget(asked.output);
  } else if (answer && answer.status === 401) {
    signIn();
    end();
  } else if (draws(asked, retries.view()) && passes(answer ? answer.status : null)) {
    failCharts(body, "Temporarily unavailable. Retrying…");
    retries.later(ask, asked, answer && answer.clone(), end);
  } else {
    retries.forget(asked.output);
    if (answer) explain(answer.clone(), body).then(end);
    else end();
  }
  return answer || Promise.reject(new TypeError("Failed to fetch")); // as fetch says it to Dash
}

export function start() {
  const native = globalThis.fetch;
  globalThis.fetch = function (resource, options) {
    const ask = () => native.call(globalThis, resource, options);
    const { pathname } = new URL(resource instanceof Request ? resource.url : resource, location.href);
    if (FOUNDATIONS.includes(pathname)) return untilThere(ask);
    return pathname === CALLBACKS && options && options.method === "POST" ? callback(ask, String(options.body)) : ask();
  };
}
