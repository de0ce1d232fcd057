/* The wall without its frame. `?kiosk` in the address is the only truth of it. */
import * as address from "./address.js";
import { toast } from "./toast.js";

const POINTER_MS = 3000;
const page = document.documentElement;

export const isOn = () => "kiosk" in address.read();

function sync() {
  page.toggleAttribute("data-kiosk", isOn());
}

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
  sync();
}
