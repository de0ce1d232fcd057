/* The address is the state of a page (components/kit/address.py says what its parts mean). This is the one place that
   reads and writes it in the browser. */
import { inputs, NAVIGATED, noUpdate, setProps } from "../dash-internals.js";
import { carried as carry, changed, isNothing, parse, serialize } from "../rules/address.js";

/** @type {(search?: string) => Parts} */
export const read = (search) => parse(search === undefined ? location.search : search);

/**
 * This address with these parts changed.
 * @type {(changes: Changes) => string}
 */
export const joined = (changes) => location.pathname + serialize(changed(read(), changes));

/* A page that keeps its selection in a store takes a new address without being drawn anew. */
export const viewStore = () => document.querySelector("[data-view-store]");

export function tell() {
  const store = viewStore();
  if (store) setProps(store.dataset.viewStore, { data: read() });
  showInControls();
  globalThis.dispatchEvent(new CustomEvent("mc:address", { detail: read() }));
}

/**
 * `zoomed` is what a zoomed range came from (shell/time-control.js); another range forgets it.
 * @type {(changes: Changes, options?: { replace?: boolean; zoomed?: unknown }) => void}
 */
export function put(changes, options = {}) {
  const next = joined(changes);
  if (next === location.pathname + location.search) return;
  const moves = "from" in changes || "to" in changes;
  const state = moves ? Object.assign({}, history.state, { zoomed: options.zoomed || null }) : history.state;
  history[options.replace ? "replaceState" : "pushState"](state, "", next);
  tell();
}

/**
 * What a link to another page says with what follows a person.
 * @type {(href: string) => string}
 */
export const carried = (href) => carry(href, location.href, read());

/**
 * Controls that carry {"var": name} in their id.
 * @type {(id: DashId) => string | null}
 */
const variable = (id) => (id && typeof id === "object" && id.var ? "var-" + id.var : null);
/** @type {(value: unknown) => string[]} */
const asList = (value) => (isNothing(value) ? [] : [value].flat().map(String));
/** @type {(a: unknown, b: unknown) => boolean} */
const same = (a, b) => JSON.stringify(asList(a)) === JSON.stringify(asList(b));
const controls = new Map();

function showInControls() {
  const here = read();
  for (const [words, control] of controls) {
    if (!document.getElementById(words)) continue;
    const value = here[variable(control.id) || ""];
    if (same(value, control.value)) continue;
    control.value = Array.isArray(control.value) ? asList(value) : isNothing(value) ? null : value;
    setProps(control.id, { value: control.value });
  }
}

/**
 * After every way in which the address may become another.
 * @type {(act: () => void) => void}
 */
export function onChange(act) {
  for (const name of ["mc:address", "popstate", NAVIGATED]) globalThis.addEventListener(name, () => act());
}

/** @type {(id: Record<string, unknown>) => string} */
const sorted = (id) => JSON.stringify(id, Object.keys(id).sort());

export const callbacks = {
  /* Any controls whose ids say {"var": name}: what they hold now stands in the address. */
  put() {
    /** @type {Changes} */
    const changes = {};
    for (const one of inputs()) {
      const name = variable(one.id);
      if (!name) continue;
      controls.set(sorted(one.id), { id: one.id, value: one.value });
      if (!same(one.value, read()[name])) changes[name] = asList(one.value);
    }
    if (Object.keys(changes).length) put(changes);
    return noUpdate();
  },
};

export function start() {
  globalThis.addEventListener("popstate", tell);
}
