/* A message that goes by itself. */
import { make } from "./elements.js";

const TOAST_MS = 8000;

/** @type {(words: string, status?: string) => void} */
export function toast(words, status) {
  const box = document.querySelector("[data-toasts]");
  if (!box || !words) return;
  const symbol = make("span", { className: "symbol", "data-status": status || "normal" });
  const close = make("button", { className: "button button-quiet", textContent: "Close" });
  const element = make("div", { className: "toast" }, symbol, make("span", { textContent: words }), close);
  close.addEventListener("click", () => element.remove());
  box.append(element);
  setTimeout(() => element.remove(), TOAST_MS);
}
