/* A page's panels where this person put them. The layout comes with the page or is asked for before it is drawn, and a
   style sheet of its own takes the place of the usual one, so that nothing moves once it is drawn. */
import { definition, isCard, known as catalogue } from "./catalogue.js";
import { PAGE_CONTENT, setProps } from "../dash-internals.js";
import { MEDIA, sheetOf } from "../rules/board-sheet.js";
import * as rules from "../rules/board.js";
import * as address from "../shell/address.js";
import { arrived, whenThere } from "../shell/bootstrap.js";
import { send } from "../shell/server.js";
import { toast } from "../shell/toast.js";

/** @type {Record<string, string>} */
const PAGES = { "/": "overview" };
const PATIENCE_MS = 1200; // then the page is shown where it stands by itself
const page = document.documentElement;
const sheet = document.createElement("style");
/** @type {{ page: string | null; view?: string | null; known: Layout | null; draft: Item[] | null }} */
const state = { page: null, view: undefined, known: null, draft: null };

export const element = () => document.querySelector("[data-board]");
/** @type {(name: string) => any} */
export const named = (name) => document.querySelector('[data-panel="' + name + '"]');
const isWall = () => page.hasAttribute("data-wall");
/** @type {() => ScreenName} */
export const screen = () =>
  isWall()
    ? "wall"
    : /** @type {any} */ (Object.keys(MEDIA).find((name) => globalThis.matchMedia(MEDIA[name]).matches) || "laptop");
/* The view that the address names. */
export function asked() {
  const view = address.read().view;
  return /^[a-z0-9]{1,40}$/.test(view || "") ? view : null;
}

/**
 * What stands on this screen now: the draft of who is arranging, else what is saved, else the usual places.
 * @type {(name?: ScreenName) => Item[]}
 */
export function items(name) {
  const saved = state.known && state.known.screens[name || screen()];
  const board = definition();
  return state.draft || saved || (board ? rules.usual(board, name || screen()) : []);
}

function dress() {
  const screens = Object.assign(
    {},
    state.known && state.known.screens,
    state.draft ? { [screen()]: state.draft } : null,
  );
  sheet.textContent = sheetOf(screens, isCard, isWall());
  if (!sheet.isConnected) document.head.append(sheet);
}

/* Slots are filled with what this screen's layout says that they show. */
function fill() {
  const board = definition();
  if (!board) return;
  const wanted = Object.fromEntries(items().map((item) => [item.panel, item.shows || null]));
  for (const slot of board.slots) {
    const place = named(slot);
    const shows = wanted[slot] || null;
    if (!place || (place.dataset.shows || null) === shows) continue;
    if (!setProps({ type: "overview-shows", slot: slot }, { data: shows })) continue;
    if (shows) place.dataset.shows = shows;
    else delete place.dataset.shows;
    place.classList.toggle("place-card", Boolean(shows && catalogue().numbers[shows]));
  }
}

function show() {
  dress();
  delete page.dataset.arrangement;
  fill();
  const act = waiting.pop();
  if (act) act();
}

/**
 * Once, after the next layout is shown.
 * @type {(() => void)[]}
 */
const waiting = [];
/** @type {(act: () => void) => void} */
export function after(act) {
  waiting.splice(0, waiting.length, act);
}

/** @type {(view: string | null) => Promise<Layout | null>} */
async function fetched(view) {
  const came = arrived("layout");
  if (came && came.page === state.page && came.view === view) return came.known;
  const address = "/api/v1/layouts/" + state.page + (view ? "?view=" + view : "");
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (answer.ok) return answer.json();
  if (answer.status === 404 && view) toast("That view is no longer there: this is your own layout.", "serious");
  return view && answer.status !== 401 ? fetched(null) : null;
}

/**
 * Asks for the layout of this page and view, unless it is here.
 * @type {(again?: boolean) => Promise<void>}
 */
export async function load(again) {
  const here = PAGES[location.pathname] || null;
  const view = asked();
  if (!here || (!again && here === state.page && view === state.view)) return fill();
  Object.assign(state, { page: here, view: view, draft: null });
  if (!state.known) page.dataset.arrangement = "waiting";
  setTimeout(() => delete page.dataset.arrangement, PATIENCE_MS);
  const known = await fetched(view).catch(() => null);
  if (state.view !== view) return undefined; // somebody went on meanwhile
  state.known = known || state.known;
  return show();
}

/** @type {(view?: string | null, name?: string) => string} */
export const layoutPath = (view, name) =>
  "/layouts/" + state.page + "/" + (name || screen()) + (view ? "?view=" + view : "");
const own = () =>
  state.known && state.known.view && state.known.view.own && state.known.view.name ? state.known.view.view_id : null;

/**
 * The items of each screen: to the view that is open when it is one's own, else to one's own standing layout, which is
 * then shown.
 * @type {(screens: Partial<Record<ScreenName, Item[]>>) => Promise<boolean>}
 */
export async function save(screens) {
  const view = own();
  for (const [name, panels] of Object.entries(screens)) {
    if (!await send("PUT", layoutPath(null, name), { panels, view })) return false;
  }
  state.draft = null;
  if (asked() && !view) {
    state.view = null;
    address.put({ view: null });
    toast("Saved as your own layout.", "normal");
  }
  await load(true);
  return true;
}

export async function reset() {
  const view = own();
  if (asked() && !view) return address.put({ view: null });
  if (await send("DELETE", layoutPath(view))) await load(true);
  return undefined;
}

/** @type {(list: Item[] | null) => void} */
export function sketch(list) {
  state.draft = list;
  dress();
  fill();
}

/**
 * The page is drawn by somebody else: once it is there its slots are filled.
 * @type {(content: HTMLElement) => unknown}
 */
function watch(content) {
  new MutationObserver(() => load()).observe(content, { childList: true });
  return state.known ? show() : load();
}

export const known = () => state.known;
/* Whether a board is there, in its arrangement. */
export const isShown = () => Boolean(element() && state.page && page.dataset.arrangement !== "waiting");

export function start() {
  address.onChange(() => load());

  for (const media of Object.values(MEDIA)) globalThis.matchMedia(media).addEventListener("change", () => fill());

  globalThis.addEventListener("mc:screen", () => {
    dress();
    fill();
  });

  load();

  whenThere(PAGE_CONTENT, watch);
}
