/* The wall without its frame, and the keys that work on every page. `?kiosk` in the address is the only truth of it. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const SEQUENCE_MS = 1000;
  const POINTER_MS = 3000;
  const page = document.documentElement;

  const isOn = () => "kiosk" in MC.address.read();

  function sync() {
    page.toggleAttribute("data-kiosk", isOn());
  }

  function turn(on) {
    MC.address.put({ kiosk: on ? "" : null, playlist: on ? MC.address.read().playlist : null }, { replace: true });
    sync();
    if (on) MC.toast("Kiosk: Esc brings the menu back.", "standby");
  }

  /* Keys that mean something only where nobody types. */
  const typing = (target) => target.closest && Boolean(target.closest("input, textarea, select, [contenteditable=true], .ag-cell-focus"));
  const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

  const sequences = {
    "d k": () => turn(!isOn()),
    "g o": () => MC.go("/"),
    "g m": () => MC.go("/missions"),
    "g s": () => MC.go("/screens"),
  };
  let first = "";
  let pressedAt = 0;

  function follow(event) {
    const key = event.key.toLowerCase();
    const words = first && performance.now() - pressedAt < SEQUENCE_MS ? first + " " + key : key;
    first = sequences[words] ? "" : key;
    pressedAt = performance.now();
    if (sequences[words]) sequences[words]();
    return Boolean(sequences[words]);
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return MC.palette.toggle();
    }
    if (typing(event.target) || !plain(event) || document.querySelector("dialog[open]")) return undefined;
    if (event.key === "?") return MC.palette.help();
    if (event.key === "Escape" && isOn() && !document.querySelector("[data-close]")) return turn(false);
    return follow(event) && event.preventDefault();
  });

  /* A pointer that rests is no part of the picture. */
  let resting = 0;
  addEventListener("pointermove", () => {
    page.removeAttribute("data-still");
    clearTimeout(resting);
    resting = setTimeout(() => page.toggleAttribute("data-still", isOn()), POINTER_MS);
  });

  for (const name of ["mc:address", "popstate", "_dashprivate_pushstate"]) addEventListener(name, sync);
  sync();
  MC.kiosk = { isOn, turn };
})(globalThis);
