/* A panel's menu: one is open at a time, Escape and a click elsewhere close it; a zoomed panel fills the screen. */
import { pressed } from "./elements.js";

const opened = () => document.querySelector("details[data-menu][open]");
const zoomed = () => document.querySelector(".panel[data-zoomed]");

/** @type {(menu: HTMLDetailsElement) => void} */
function close(menu) {
  menu.open = false;
  menu.querySelector("summary").focus({ preventScroll: true });
}

/** @type {(panel: HTMLElement, wanted: boolean) => void} */
function zoom(panel, wanted) {
  panel.toggleAttribute("data-zoomed", wanted);
  const button = panel.querySelector("[data-zoom]");
  button.setAttribute("aria-pressed", String(wanted));
  button.textContent = wanted ? "Back" : "Zoom";
  globalThis.dispatchEvent(new Event("resize")); // charts measure their box again
}

export function start() {
  document.addEventListener("click", (event) => {
    const menu = opened();
    const button = pressed(event, "[data-zoom]");
    if (menu && (button || !menu.contains(event.target))) menu.open = false;
    if (button) zoom(button.closest(".panel"), !button.closest(".panel").hasAttribute("data-zoomed"));
  });

  /* Before the page's other keys: Escape ends one thing at a time. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(opened() || zoomed())) return;
    event.stopImmediatePropagation();
    if (opened()) close(opened());
    else zoom(zoomed(), false);
  }, true);
}
