/* The wall without its frame. `?kiosk` in the address is the only truth of it. */
import * as address from "./address.js";
import { toast } from "./toast.js";

const POINTER_MS = 3000;
const page = document.documentElement;

export const isOn = () => "kiosk" in address.read();

/* Of a television's shape, and of a size that words can be read at: one screen without scrolling, however many pixels
   it says it has. */
const WIDE = "(min-width: 1100px) and (min-aspect-ratio: 3/2) and (max-aspect-ratio: 21/10)";

function sync() {
  page.toggleAttribute("data-kiosk", isOn());
  const wall = isOn() && globalThis.matchMedia(WIDE).matches;
  if (page.toggleAttribute("data-wall", wall) !== wasWall) globalThis.dispatchEvent(new Event("mc:screen"));
  wasWall = wall;
}
let wasWall = false;

/** @type {(on: boolean) => void} */
export function turn(on) {
  address.put({ kiosk: on ? "" : null, playlist: on ? address.read().playlist : null }, { replace: true });
  sync();
  if (on) toast("Kiosk: Esc brings the menu back.", "standby");
}

/* A pointer that rests is no part of the picture. */
let resting = 0;

export function start() {
  addEventListener("pointermove", () => {
    page.removeAttribute("data-still");
    clearTimeout(resting);
    resting = setTimeout(() => page.toggleAttribute("data-still", isOn()), POINTER_MS);
  });
  address.onChange(sync);
  globalThis.matchMedia(WIDE).addEventListener("change", sync);
  sync();
}
