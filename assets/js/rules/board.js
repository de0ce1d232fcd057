/* Where panels may stand, as data/layouts/rules.py has it: rectangles on a grid of 24 columns, no two on one cell.
   Pure: every function takes the items of one screen and gives new ones, or null where there is no room. */

const DEEPEST = 400; // rows of a screen that scrolls
/** @type {Record<string, Size>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @type {(a: Place, b: Place) => boolean} */
const across = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w;
/** @type {(a: Place, b: Place) => boolean} */
const along = (a, b) => a.y < b.y + b.h && b.y < a.y + a.h;
/** @type {(a: Place, b: Place) => boolean} */
export const meet = (a, b) => across(a, b) && along(a, b);
/** @type {(items: Item[]) => Item[]} */
export const shown = (items) => items.filter((item) => !item.hidden);
/** @type {(items: Item[], name: string) => Item} */
export const find = (items, name) => /** @type {Item} */ (items.find((item) => item.panel === name));
/** @type {(items: Item[]) => number} */
const depth = (items) => shown(items).reduce((deep, item) => Math.max(deep, item.y + item.h), 0);
/** @type {(a: Place, b: Place) => number} */
export const byPlace = (a, b) => a.y - b.y || a.x - b.x;
/** @type {(items: Item[], ...changed: Change[]) => Item[]} */
const put = (items, ...changed) =>
  items.map((item) => Object.assign({}, item, changed.find((one) => one.panel === item.panel)));

/** @type {(board: Board, screen: ScreenName) => boolean} */
export const isFixed = (board, screen) => board.fixed.includes(screen);
/** @type {(board: Board, name: string, screen: ScreenName) => Size} */
export const least = (board, name, screen) => (screen === "phone" ? [1, 1] : board.least[name] || [1, 1]);

/** @type {(board: Board, screen: ScreenName, item: Item) => boolean} */
function fits(board, screen, item) {
  const [w, h] = least(board, item.panel, screen);
  const deep = isFixed(board, screen) ? board.rows : DEEPEST;
  return item.w >= w && item.h >= h && item.x >= 0 && item.y >= 0 && item.x + item.w <= board.columns &&
    item.y + item.h <= deep;
}

/** @type {(board: Board, screen: ScreenName, items: Item[]) => boolean} */
export function valid(board, screen, items) {
  const here = shown(items);
  return here.every((a, at) => fits(board, screen, a) && !here.slice(at + 1).some((b) => meet(a, b)));
}

/**
 * On a screen that scrolls, panels fall up until they touch what stands above them; `first` wins where two would meet.
 * @type {(items: Item[], first?: string) => Item[]}
 */
function fallen(items, first) {
  const order = shown(items).sort((a, b) =>
    a.y - b.y || Number(b.panel === first) - Number(a.panel === first) || a.x - b.x
  );
  /** @type {Item[]} */
  const placed = [];
  for (const item of order) {
    const above = placed.filter((other) => across(item, other)).map((other) => other.y + other.h);
    placed.push(Object.assign({}, item, { y: Math.max(0, ...above) }));
  }
  return put(items, ...placed);
}

/** @type {(board: Board, screen: ScreenName, items: Item[], first?: string) => Item[]} */
const settle = (board, screen, items, first) => (isFixed(board, screen) ? items : fallen(items, first));
/** @type {(board: Board, screen: ScreenName, items: Item[] | null) => Item[] | null} */
const checked = (board, screen, items) => (items && valid(board, screen, items) ? items : null);

/**
 * Two panels change places: one below the other keep their heights, side by side their widths, else they exchange.
 * @type {(a: Item, b: Item) => Item[]}
 */
function exchanged(a, b) {
  if (a.x === b.x && a.w === b.w && (a.y + a.h === b.y || b.y + b.h === a.y)) {
    const [upper, lower] = a.y < b.y ? [a, b] : [b, a];
    return [Object.assign({}, lower, { y: upper.y }), Object.assign({}, upper, { y: upper.y + lower.h })];
  }
  if (a.y === b.y && a.h === b.h && (a.x + a.w === b.x || b.x + b.w === a.x)) {
    const [left, right] = a.x < b.x ? [a, b] : [b, a];
    return [Object.assign({}, right, { x: left.x }), Object.assign({}, left, { x: left.x + right.w })];
  }
  /** @type {(item: Place) => Place} */
  const place = ({ x, y, w, h }) => ({ x, y, w, h });
  return [Object.assign({}, a, place(b)), Object.assign({}, b, place(a))];
}

/** @type {(board: Board, screen: ScreenName, items: Item[], one: string, other: string) => Item[] | null} */
export function trade(board, screen, items, one, other) {
  const changed = put(items, ...exchanged(find(items, one), find(items, other)));
  return checked(board, screen, settle(board, screen, changed, one));
}

/**
 * The nearest panel that stands on this side.
 * @type {(items: Item[], name: string, way: Size) => Item | undefined}
 */
function neighbour(items, name, [dx, dy]) {
  const own = find(items, name);
  /** @type {(other: Item) => number} */
  const gap = (other) =>
    dx > 0
      ? other.x - own.x - own.w
      : dx < 0
      ? own.x - other.x - other.w
      : dy > 0
      ? other.y - own.y - own.h
      : own.y - other.y - other.h;
  const beside = shown(items).filter((other) =>
    other !== own && (dx ? along(own, other) : across(own, other)) && gap(other) >= 0
  );
  return beside.sort((a, b) => gap(a) - gap(b) || byPlace(a, b))[0];
}

/**
 * By one cell where there is room, else in exchange with the neighbour.
 * @type {(board: Board, screen: ScreenName, items: Item[], name: string, key: string) => Item[] | null}
 */
export function moved(board, screen, items, name, key) {
  const [dx, dy] = WAYS[key];
  const own = find(items, name);
  if (dx || isFixed(board, screen)) {
    const stepped = checked(board, screen, put(items, Object.assign({}, own, { x: own.x + dx, y: own.y + dy })));
    if (stepped) return stepped;
  }
  const other = neighbour(items, name, [dx, dy]);
  return other ? trade(board, screen, items, name, other.panel) : null;
}

/**
 * What a neighbour keeps when a panel grows over it: it is cut on the side that the panel came from.
 * @type {(other: Item, was: Place, now: Place) => Item}
 */
function cut(other, was, now) {
  if (other.x >= was.x + was.w) {
    return Object.assign({}, other, { x: now.x + now.w, w: other.x + other.w - now.x - now.w });
  }
  if (other.x + other.w <= was.x) return Object.assign({}, other, { w: now.x - other.x });
  if (other.y >= was.y + was.h) {
    return Object.assign({}, other, { y: now.y + now.h, h: other.y + other.h - now.y - now.h });
  }
  return Object.assign({}, other, { h: now.y - other.y });
}

/**
 * A panel takes a rectangle. On a screen that is full its neighbours give way, elsewhere they go down.
 * @type {(board: Board, screen: ScreenName, items: Item[], name: string, place: Place) => Item[] | null}
 */
export function taken(board, screen, items, name, place) {
  const was = find(items, name);
  const now = Object.assign({}, was, place);
  const others = shown(items).filter((other) => other !== was && meet(other, now));
  const changed = isFixed(board, screen)
    ? put(items, now, ...others.map((other) => cut(other, was, now)))
    : put(items, now);
  return checked(board, screen, settle(board, screen, changed, name));
}

/**
 * Wider, narrower, taller, lower by one cell; at the edge it grows the other way.
 * @type {(board: Board, screen: ScreenName, items: Item[], name: string, key: string) => Item[] | null}
 */
export function resized(board, screen, items, name, key) {
  const [dw, dh] = WAYS[key];
  const { x, y, w, h } = find(items, name);
  const grown = { x: x, y: y, w: w + dw, h: h + dh };
  if (grown.x + grown.w > board.columns) grown.x -= 1;
  if (isFixed(board, screen) && grown.y + grown.h > board.rows) grown.y -= 1;
  return taken(board, screen, items, name, grown);
}

/**
 * The topmost, leftmost free place of this size.
 * @type {(board: Board, screen: ScreenName, items: Item[], size: Size) => Place | null}
 */
export function free(board, screen, items, [w, h]) {
  const last = isFixed(board, screen) ? board.rows - h : Math.min(depth(items), DEEPEST - h);
  for (let y = 0; y <= last; y += 1) {
    for (let x = 0; x + w <= board.columns; x += 1) {
      if (!shown(items).some((item) => meet(item, { x, y, w, h }))) return { x, y, w, h };
    }
  }
  return null;
}

/**
 * From the usual size down to the least: what a panel that comes in may have.
 * @type {(usual: Size, least: Size) => Size[]}
 */
export function sizes([w, h], [leastW, leastH]) {
  const steps = Math.max(w - leastW, h - leastH, 0);
  return Array.from({ length: steps + 1 }, (_, step) => [Math.max(leastW, w - step), Math.max(leastH, h - step)]);
}

/**
 * A panel comes in where a place is free; nothing else gives way.
 * @type {(board: Board, screen: ScreenName, items: Item[], item: Change, size: Size) => Item[] | null}
 */
export function added(board, screen, items, item, size) {
  const rest = items.filter((other) => other.panel !== item.panel);
  const place = free(board, screen, rest, size);
  return place && checked(board, screen, [...rest, Object.assign({}, item, place, { hidden: false })]);
}

/** @type {(board: Board, screen: ScreenName, items: Item[], name: string) => Item[]} */
export function removed(board, screen, items, name) {
  const isSlot = board.slots.includes(name);
  const left = isSlot ? items.filter((item) => item.panel !== name) : put(items, { panel: name, hidden: true });
  return settle(board, screen, left);
}

/** @type {(board: Board, screen: ScreenName) => Item[]} */
export const usual = (board, screen) =>
  Object.entries(board.panels).map(([panel, places]) => {
    const [x, y, w, h] = places[screen];
    return { panel, x, y, w, h };
  });

/**
 * On the phone only the order counts: everything is a short bar, one below the other.
 * @type {(items: Item[], isCard: (item: Item) => boolean) => Item[]}
 */
export function shortened(items, isCard) {
  const order = shown(items).sort(byPlace).sort((a, b) => Number(isCard(b)) - Number(isCard(a)));
  let y = 0;
  let left = true;
  const placed = order.map((item) => {
    const card = isCard(item);
    if (!card && !left) {
      left = true;
      y += 3;
    }
    const bar = Object.assign({}, item, card ? { x: left ? 0 : 12, y: y, w: 12, h: 3 } : { x: 0, y: y, w: 24, h: 3 });
    if (!card || !left) y += 3;
    if (card) left = !left;
    return bar;
  });
  return [...placed, ...items.filter((item) => item.hidden)];
}
