/* The kit's specimens: the same painting as everywhere, from a state of their own whose clock stands still. */
import { ages } from "./freshness.js";
import { paintTree } from "./paint.js";
import { viewOf } from "../rules/view.js";
import { pressed } from "../shell/elements.js";
import * as preferences from "../shell/preferences.js";
import { toast } from "../shell/toast.js";

const states = new WeakMap();

/** @type {(element: HTMLElement) => LiveState & { link: string }} */
function stateOf(element) {
  if (!states.has(element)) states.set(element, JSON.parse(element.dataset.specimens || "{}"));
  return states.get(element);
}

export function paintSpecimens() {
  document.querySelectorAll("[data-specimens]").forEach((element) => {
    const state = stateOf(element);
    if (state.link === "waiting") return;
    state.view = viewOf(state, state.as_of, preferences.limits());
    ages(state, state.as_of, state.link === "live", element);
    paintTree(element, state, state.as_of);
  });
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = pressed(event, "[data-toast]");
    if (button) toast("A message of status " + button.dataset.toast, button.dataset.toast);
  });
}
