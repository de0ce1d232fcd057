/* Messages at the edge of the screen: one that goes by itself, and a notice that stays as long as it is so. The same
   words again are the same message, counted. */
import { make } from "./elements.js";

const TOAST_MS = 8000;

/** @type {() => any} */
const box = () => document.querySelector("[data-toasts]");

/** @type {(words: string, status: string) => any} */
function message(words, status) {
  const symbol = make("span", { className: "symbol", "data-status": status });
  const close = make("button", { className: "button button-quiet", textContent: "Close" });
  const element = make("div", { className: "toast" }, symbol, make("span", { textContent: words }), close);
  close.addEventListener("click", () => element.remove());
  element.dataset.words = words;
  return element;
}

/** @type {(words: string, status?: string) => void} */
export function toast(words, status) {
  if (!box() || !words) return;
  const shown = [...box().children].find((one) => one.dataset.words === words);
  const element = shown || message(words, status || "normal");
  const times = Number(element.dataset.times || 0) + 1;
  element.dataset.times = String(times);
  if (times > 1) element.querySelector(".symbol + span").textContent = `${words} (${times} times)`;
  if (!shown) box().append(element);
  clearTimeout(element.dataset.timer);
  element.dataset.timer = String(setTimeout(() => element.remove(), TOAST_MS));
}

/**
 * What is so about `subject` until it is said otherwise; without words it is over. Who closed it is not told again
 * until it was over.
 * @type {(subject: string, words: string, status: string) => void}
 */
export function note(subject, words, status) {
  if (!box()) return;
  const shown = box().querySelector(`[data-subject="${subject}"]`);
  if (!words) {
    if (shown) shown.remove();
    closed.delete(subject);
  } else if (shown) shown.querySelector(".symbol + span").textContent = words;
  else if (!closed.has(subject)) {
    const element = message(words, status);
    element.dataset.subject = subject;
    element.querySelector("button").addEventListener("click", () => closed.add(subject));
    box().append(element);
  }
}

/** @type {Set<string>} */
const closed = new Set();
