/* Panels that are folded away: by a press on their mark, and on a phone all but the first of a page, so that one sees at
   once what there is. */
import { PAGE_CONTENT } from "../dash-internals.js";
import { whenThere } from "./bootstrap.js";
import { pressed } from "./elements.js";

const PHONE = "(max-width: 699px)";
const OPEN = 2; // panels of a page that a phone shows unfolded
const FOLDABLE = ".page:not(.overview) .panel[id]:has(> .panel-head > [data-fold])";

/** @type {(panel: any, wanted: boolean) => void} */
function fold(panel, wanted) {
  panel.toggleAttribute("data-folded", wanted);
  panel.querySelector("[data-fold]").setAttribute("aria-expanded", String(!wanted));
  if (!wanted) globalThis.dispatchEvent(new Event("resize")); // charts measure their box again
}

function shorten() {
  if (!globalThis.matchMedia(PHONE).matches) return;
  const asked = location.hash.slice(1);
  [...document.querySelectorAll(FOLDABLE)].forEach((panel, at) => fold(panel, at >= OPEN && panel.id !== asked));
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = pressed(event, "[data-fold]");
    if (button) fold(button.closest(".panel"), !button.closest(".panel").hasAttribute("data-folded"));
  });

  whenThere(PAGE_CONTENT, (content) => {
    new MutationObserver(shorten).observe(content, { childList: true });
    shorten();
  });
}
