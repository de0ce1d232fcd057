/* The keys that work on every page. */
import * as kiosk from "./kiosk.js";
import { go } from "./navigation.js";
import * as palette from "./palette.js";

const SEQUENCE_MS = 1000;

/* Keys that mean something only where nobody types. */
const TYPING = "input, textarea, select, [contenteditable=true], .ag-cell-focus";
/** @type {(target: any) => boolean} */
const typing = (target) => target.closest && Boolean(target.closest(TYPING));
/** @type {(event: KeyboardEvent) => boolean} */
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

/** @type {Record<string, () => void>} */
const sequences = {
  "d k": () => kiosk.turn(!kiosk.isOn()),
  "g o": () => go("/"),
  "g m": () => go("/missions"),
  "g s": () => go("/screens"),
};
let first = "";
let pressedAt = 0;

/** @type {(event: KeyboardEvent) => boolean} */
function follow(event) {
  const key = event.key.toLowerCase();
  const words = first && performance.now() - pressedAt < SEQUENCE_MS ? first + " " + key : key;
  first = sequences[words] ? "" : key;
  pressedAt = performance.now();
  if (sequences[words]) sequences[words]();
  return Boolean(sequences[words]);
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return palette.toggle();
    }
    if (typing(event.target) || !plain(event) || document.querySelector("dialog[open]")) return undefined;
    if (event.key === "?") return palette.help();
    if (event.key === "Escape" && kiosk.isOn() && !document.querySelector("[data-close]")) return kiosk.turn(false);
    return follow(event) && event.preventDefault();
  });
}
