/* What is chosen in a panel's menu (components/kit/menu.py), which Bootstrap's drop-down opens, walks through and closes;
   a panel on the full screen stands below the header, so that one still sees whether the data is live. */
import { addToBoard } from "../board/arrange.js";
import * as copying from "./copying.js";
import { whenThere } from "./bootstrap.js";
import { pressed } from "./elements.js";
import { carry } from "./exports.js";

const IN_FRONT = ".status, .pill, .toasts, .banner, dialog, .offcanvas";

const zoomed = () => document.querySelector(".panel[data-zoomed]");

/** @type {(menu: any) => void} */
function close(menu) {
  const mark = menu.querySelector(".menu-mark");
  if (mark.getAttribute("aria-expanded") === "true") mark.click();
  mark.focus({ preventScroll: true });
}

/** @type {(panel: HTMLElement, wanted: boolean) => void} */
function zoom(panel, wanted) {
  panel.toggleAttribute("data-zoomed", wanted);
  const button = panel.querySelector("[data-zoom]");
  button.setAttribute("aria-pressed", String(wanted));
  button.textContent = wanted ? "Leave full screen" : "Full screen";
  const above = [".status", ".pill", "[data-banner=box]"].map((part) => document.querySelector(part));
  const bottoms = above.filter(Boolean).map((part) => part.getBoundingClientRect().bottom);
  panel.style.setProperty("--zoom-top", Math.max(0, ...bottoms) + "px");
  globalThis.dispatchEvent(new Event("resize")); // charts measure their box again
}

/** @type {Record<string, (panel: any, entry: any) => unknown>} */
const acts = {
  zoom: (panel) => zoom(panel, !panel.hasAttribute("data-zoomed")),
  copy: copying.rows,
  copyLink: copying.link,
  picture: copying.picture,
  boardAdd: (_, entry) => addToBoard(entry.dataset.boardAdd),
};

/**
 * What an entry says of this moment is written before it can be read: links carry the address, the age is told.
 * @type {(menu: any) => void}
 */
function prepare(menu) {
  menu.querySelectorAll("a[data-export]").forEach(carry);
  const age = menu.closest(".panel").querySelector(".panel-head > .freshness");
  menu.querySelector(".menu-age").textContent = age && age.textContent ? " · " + age.textContent : "";
}

const SETTLED_MS = 1200; // then what stands above a panel has its height

/* A link to a panel leads to it. */
function reveal() {
  const name = location.hash.slice(1);
  if (!name.startsWith("panel-")) return;
  whenThere(name, () =>
    setTimeout(() => {
      const panel = document.getElementById(name);
      if (panel) panel.scrollIntoView({ block: "center" });
      if (panel) panel.setAttribute("data-found", "");
      setTimeout(() => panel && panel.removeAttribute("data-found"), 2500);
    }, SETTLED_MS));
}

export function start() {
  reveal();

  for (const kind of ["focusin", "pointerdown", "click"]) {
    document.addEventListener(kind, (event) => {
      const mark = pressed(event, ".menu-mark");
      if (mark) prepare(mark.closest(".menu"));
    }, true);
  }

  document.addEventListener("click", (event) => {
    const entry = pressed(event, ".menu .dropdown-item");
    if (!entry) return;
    close(entry.closest(".menu"));
    const act = Object.keys(acts).find((name) => name in entry.dataset);
    if (act) acts[act](entry.closest(".panel"), entry);
  });

  /* What stands behind a panel on the full screen is not to be seen: the keyboard stays in front of it. */
  document.addEventListener("focusin", (event) => {
    const panel = zoomed();
    if (panel && !panel.contains(event.target) && !pressed(event, IN_FRONT)) panel.querySelector(".menu-mark").focus();
  });

  /* Before the page's other keys: Escape ends one thing at a time. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector(".menu-mark[aria-expanded=true]");
    if (!open && !zoomed()) return;
    event.stopImmediatePropagation();
    if (!open) return zoom(zoomed(), false);
    open.click();
    return open.focus({ preventScroll: true });
  }, true);
}
