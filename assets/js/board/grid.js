/* gridstack over a board that is being arranged: it follows the pointer, lets panels fall and make way, and says
   where it has put them. It is fetched when somebody arranges. */
import * as arrangingBar from "./bar.js";
import * as boards from "./board.js";
import * as rules from "../rules/board.js";
import { rem } from "../shell/elements.js";

const VENDOR = "/assets/vendor/gridstack/gridstack";
const PHONE_CELL_REM = 1.25;
/** @type {Promise<unknown> | null} */
let loading = null;

/** @type {() => Promise<unknown>} */
export function vendor() {
  if (globalThis.GridStack) return Promise.resolve();
  loading = loading || new Promise((done, failed) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: VENDOR + ".css" });
    const script = Object.assign(document.createElement("script"), { src: VENDOR + ".js" });
    Object.assign(script, {
      onload: done,
      onerror: () => {
        loading = null;
        failed(new Error("gridstack"));
      },
    });
    document.head.append(style, script);
  });
  return loading;
}

/**
 * Pixels of a row with its gap, and of the gap.
 * @type {(board: HTMLElement, definition: Board, screen: ScreenName) => { gap: number; cell: number }}
 */
export function measures(board, definition, screen) {
  const gap = parseFloat(getComputedStyle(board).rowGap) || rem() * 0.75;
  if (screen === "phone") return { gap, cell: PHONE_CELL_REM * rem() };
  if (rules.isFixed(definition, screen) && globalThis.innerHeight >= 1200) {
    return { gap, cell: (board.clientHeight + gap) / definition.rows };
  }
  return { gap, cell: 2.9 * rem() + gap };
}

/** @type {(board: HTMLElement) => HTMLElement[]} */
export const places = (board) => [...board.querySelectorAll("[data-panel]")];
/** @type {(element: HTMLElement) => string} */
const nameOf = (element) => element.dataset.panel || "";

/** @type {(item: Item, least: Size, label: string) => void} */
function dressPlace(item, least, label) {
  const place = boards.named(item.panel);
  const given = {
    "gs-x": item.x,
    "gs-y": item.y,
    "gs-w": item.w,
    "gs-h": item.h,
    "gs-min-w": least[0],
    "gs-min-h": least[1],
  };
  for (const [name, value] of Object.entries(given)) place.setAttribute(name, String(value));
  place.classList.add("grid-stack-item");
  for (const child of place.children) {
    if (child.matches(".panel, .widget")) child.classList.add("grid-stack-item-content");
  }
  if (!place.querySelector(".mover")) place.append(...arrangingBar.handle(item));
  place.querySelector(".mover").setAttribute("aria-label", label);
}

/**
 * A grid over these items, in which every panel has a handle; the element that has the focus keeps it. `now` says what
 * is being arranged, `where` says in words where an item stands.
 * @type {(now: Arranging, where: (item: Item) => string) => any}
 */
export function draw(now, where) {
  const { board, definition, screen } = now;
  const here = rules.shown(now.items);
  for (const place of places(board)) {
    if (!here.some((item) => item.panel === nameOf(place))) arrangingBar.undress(place);
  }
  for (const item of here) dressPlace(item, rules.least(definition, item.panel, screen), where(item));
  const fixed = rules.isFixed(definition, screen);
  return globalThis.GridStack.init({
    column: definition.columns,
    cellHeight: now.cell + "px",
    margin: now.gap / 2 + "px",
    float: fixed,
    maxRow: fixed ? definition.rows : 0,
    animate: !globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches,
    alwaysShowResizeHandle: true,
    disableResize: screen === "phone",
    resizable: { handles: screen === "phone" ? "" : "n, e, s, w, se, sw" },
    draggable: { handle: ".mover", cancel: ".take-away", scroll: true },
  }, board);
}

/**
 * Where gridstack has put everything.
 * @type {(grid: any, items: Item[]) => Item[]}
 */
export function itemsOf(grid, items) {
  const nodes = new Map(grid.engine.nodes.map((/** @type {any} */ node) => [nameOf(node.el), node]));
  /** @type {(place: Place) => Place} */
  const moved = ({ x, y, w, h }) => ({ x, y, w, h });
  return items.map((item) => Object.assign({}, item, nodes.has(item.panel) ? moved(nodes.get(item.panel)) : {}));
}

/**
 * gridstack tells of a step only where it finds room; where there is none the pointer is followed here. This listens
 * after gridstack, because it begins after it.
 * @type {((event: MouseEvent) => void) | null}
 */
let following = null;

/** @type {(act: (event: MouseEvent) => void) => void} */
function follow(act) {
  unfollow();
  following = act;
  document.addEventListener("mousemove", following, true);
}

export function unfollow() {
  if (following) document.removeEventListener("mousemove", following, true);
  following = null;
}

/**
 * Calls `begin` when a panel is picked up, `dropped(name, target)` and `stretched(name, place)` when it is let go: the
 * panel under the pointer, and the rectangle that was pulled, in cells.
 * @type {(now: Arranging, acts: Handlers) => void}
 */
export function listen(now, { begin, dropped, stretched }) {
  /** @type {Place | null} */
  let wanted = null;
  /** @type {string | null} */
  let target = null;
  /** @type {(act: (event: MouseEvent) => void) => void} */
  const pick = (act) => {
    [wanted, target] = [null, null];
    begin();
    follow(act);
  };
  /** @type {(act: () => void) => void} */
  const end = (act) => {
    unfollow();
    setTimeout(act, 0); // gridstack finishes its own work first
  };
  /** @type {(name: string, act: (element: HTMLElement) => void) => void} */
  const on = (name, act) =>
    now.grid.on(name, (/** @type {Event} */ _, /** @type {HTMLElement} */ element) => act(element));
  on("dragstart", (element) => pick((event) => (target = mark(now.board, element, event))));
  on("resizestart", (element) => pick(() => (wanted = measured(now, element))));
  on("dragstop", (element) => end(() => dropped(nameOf(element), target)));
  on("resizestop", (element) => end(() => stretched(nameOf(element), wanted)));
}

/** @type {(box: DOMRect, at: MouseEvent) => boolean} */
const holds = (box, at) =>
  at.clientX >= box.left && at.clientX <= box.right && at.clientY >= box.top && at.clientY <= box.bottom;

/**
 * The name of the panel that the pointer is over, which is marked.
 * @type {(board: HTMLElement, element: HTMLElement, event: MouseEvent) => string | null}
 */
function mark(board, element, event) {
  const others = places(board).filter((place) => place !== element && place.classList.contains("grid-stack-item"));
  const target = others.find((place) => holds(place.getBoundingClientRect(), event));
  for (const place of places(board)) place.classList.toggle("trading", place === target);
  return target ? nameOf(target) : null;
}

/** @type {(now: Arranging, element: HTMLElement) => Place} */
function measured(now, element) {
  const [box, board] = [element.getBoundingClientRect(), now.board.getBoundingClientRect()];
  const { columns } = now.definition;
  /** @type {(at: number) => number} */
  const across = (at) => Math.round((at - board.left) / (board.width / columns));
  /** @type {(at: number) => number} */
  const down = (at) => Math.max(0, Math.round((at - board.top) / now.cell));
  const [left, right] = [Math.max(0, across(box.left)), Math.min(columns, across(box.right))];
  return {
    x: left,
    y: down(box.top),
    w: Math.max(1, right - left),
    h: Math.max(1, down(box.bottom) - down(box.top)),
  };
}
