/* Moving between pages and within them without loading anew, and marking where one is. */
import { NAVIGATED } from "../dash-internals.js";
import * as address from "./address.js";
import { isWhole } from "./bootstrap.js";
import { pressed } from "./elements.js";

/** @type {(event: MouseEvent) => boolean} */
const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/**
 * Dash's own router listens to this event; the page is exchanged, the socket stays.
 * @type {(href: string, options?: { replace?: boolean }) => void}
 */
export function go(href, options) {
  if (!isWhole()) return location.assign(address.carried(href));
  history[options && options.replace ? "replaceState" : "pushState"]({}, "", address.carried(href));
  globalThis.dispatchEvent(new CustomEvent(NAVIGATED));
  markDestination();
  return globalThis.scrollTo(0, 0);
}

/** @type {(anchor: any) => unknown} */
function follow(anchor) {
  const url = new URL(anchor.getAttribute("href"), location.href);
  if (url.pathname !== location.pathname || !address.viewStore()) return go(url.pathname + url.search);
  const within = anchor.dataset.nav === "within" || url.searchParams.has("job");
  opener = url.searchParams.get("job") ? anchor : opener;
  history.pushState(
    {},
    "",
    within ? address.joined(address.read(url.search)) : address.carried(url.pathname + url.search),
  );
  address.tell();
  return takeFocus(new URLSearchParams(location.search).has("job"), 40);
}

/**
 * The keyboard goes where the eyes go: into what opened, and back to the link when it is closed.
 * @type {HTMLElement | null}
 */
let opener = null;
/** @type {(opened: boolean, attempts: number) => unknown} */
function takeFocus(opened, attempts) {
  const close = document.querySelector("[data-close]");
  if (!opened) return opener && opener.isConnected && opener.focus({ preventScroll: true });
  if (close && close.offsetParent) return close.focus({ preventScroll: true });
  return attempts && setTimeout(takeFocus, 50, opened, attempts - 1);
}

/* The destination one is at is marked for eyes and for screen readers. */
export function markDestination() {
  /** @type {(anchor: HTMLElement, here: boolean) => void} */
  const mark = (
    anchor,
    here,
  ) => (here ? anchor.setAttribute("aria-current", "page") : anchor.removeAttribute("aria-current"));
  document.querySelectorAll(".destination").forEach((anchor) => mark(anchor, anchor.pathname === location.pathname));
}

export function start() {
  globalThis.addEventListener("mc:address", markDestination);

  /* Enter in a field presses its form's button. */
  document.addEventListener("keydown", (event) => {
    const field = event.key === "Enter" && event.target instanceof HTMLInputElement ? event.target : null;
    const form = field && field.closest("[data-enter]");
    const button = form && document.getElementById(form.dataset.enter);
    if (!field || !button) return;
    event.preventDefault(); // else it presses also what the button gives the focus to
    field.blur();
    button.click();
    field.focus();
  });

  document.addEventListener("keydown", (event) => {
    const close = event.key === "Escape" && document.querySelector("[data-close]");
    if (close) follow(close);
  });

  document.addEventListener("click", (event) => {
    const anchor = pressed(event, "a[data-nav]");
    if (!anchor || !plain(event) || anchor.target) return;
    event.preventDefault();
    follow(anchor);
  });
}
