/* Parts of the live state that server callbacks and grids listen to, put into their stores when they change. */
import { setProps } from "../dash-internals.js";
import { pick } from "../rules/merge.js";

const fed = new Map();

/**
 * Stores that server callbacks and grids listen to: <div data-live-feed="path" data-feed-to="store id">.
 * @type {(state: LiveState) => void}
 */
export function feed(state) {
  document.querySelectorAll("[data-live-feed]").forEach((element) => {
    const value = pick(state, element.dataset.liveFeed.split("."));
    const words = JSON.stringify(value === undefined ? null : value);
    const id = element.dataset.feedTo;
    if (fed.get(id) === words) return;
    if (setProps(id, { [element.dataset.feedProp || "data"]: JSON.parse(words) })) fed.set(id, words);
  });
}

export const forgetFed = () => fed.clear();
