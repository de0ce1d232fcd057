/* Arranging a page: panels are dragged and resized by mouse, touch and keyboard. gridstack follows the
   pointer (grid.js); where things come to stand otherwise is decided in rules/board.js. */
import * as arrangingBar from "./bar.js";
import * as boards from "./board.js";
import { definition, isCard, known, title } from "./catalogue.js";
import * as grid from "./grid.js";
import * as rules from "../rules/board.js";
import * as address from "../shell/address.js";
import { pressed } from "../shell/elements.js";
import { go } from "../shell/navigation.js";
import { toast } from "../shell/toast.js";

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
/** @type {Record<string, Record<ScreenName, Size>>} */
const SIZES = {
  number: { wall: [3, 4], desk: [3, 4], laptop: [6, 4], phone: [12, 4] },
  chart: { wall: [7, 8], desk: [8, 8], laptop: [12, 8], phone: [24, 8] },
};
const HELP = "Drag a panel, or pull its edge. Keyboard: Tab to a panel, arrows move it, Shift and arrows resize it, " +
  "Delete takes it away, Escape leaves.";
/** @type {Arranging} */
let now = /** @type {any} */ (null); // while nothing is arranged

/** @type {(name: string) => Item} */
const itemOf = (name) => rules.find(now.items, name);

/** @type {(words: string) => void} */
function say(words) {
  const line = now && now.bar.querySelector("[role=status]");
  if (line) line.textContent = words;
}

/** @type {(item: Item) => string} */
function where(item) {
  if (now.screen === "phone") {
    const order = rules.shown(now.items).sort(rules.byPlace);
    return title(item) + ": " + (order.findIndex((one) => one.panel === item.panel) + 1) + " of " + order.length;
  }
  return title(item) + ": column " + (item.x + 1) + ", row " + (item.y + 1) + ", " + item.w + " wide, " + item.h +
    " high";
}

/* The grid as the items say. */
function draw() {
  stopGrid();
  boards.sketch(now.items);
  now.grid = grid.draw(now, where);
  grid.listen(now, {
    begin: () => (now.before = now.items),
    dropped: (name, target) => now && dropped(name, target),
    stretched: (name, place) => now && stretched(name, place),
  });
}

function stopGrid() {
  if (now.grid) now.grid.destroy(false);
  now.grid = null;
}

/** @type {(a: unknown, b: unknown) => boolean} */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @type {(name: string, target: string | null) => void} */
function dropped(name, target) {
  grid.places(now.board).forEach((place) => place.classList.remove("trading"));
  const there = grid.itemsOf(now.grid, now.items);
  const traded = () =>
    target && target !== name ? rules.trade(now.definition, now.screen, now.before, name, target) : null;
  const found = same(there, now.before) || !rules.valid(now.definition, now.screen, there) ? traded() : there;
  settle(found, name, target ? "There is no room for " + title(itemOf(name)) + " there" : where(itemOf(name)));
}

/** @type {(place: Place) => Place} */
const within = (place) => Object.assign({}, place, { h: Math.min(place.h, now.definition.rows - place.y) });

/** @type {(name: string, place: Place | null) => void} */
function stretched(name, place) {
  const fixed = rules.isFixed(now.definition, now.screen);
  const found = fixed && place
    ? rules.taken(now.definition, now.screen, now.before, name, within(place))
    : grid.itemsOf(now.grid, now.items);
  settle(found, name, "A neighbour cannot be smaller");
}

/** @type {(found: Item[] | null, name: string, otherwise: string) => void} */
function settle(found, name, otherwise) {
  if (found) now.items = now.screen === "phone" ? rules.shortened(found, isCard) : found;
  draw();
  say(found ? where(itemOf(name)) : otherwise);
}

/** @type {(event: KeyboardEvent) => void} */
function key(event) {
  if (!now) return;
  if (event.key === "Escape") {
    event.stopImmediatePropagation();
    return leave();
  }
  const mover = pressed(event, "[data-mover]");
  if (!mover) return;
  const name = mover.dataset.mover;
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    takeAway(name);
  }
  if (!ARROWS.includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.shiftKey && now.screen === "phone") return say("On the phone only the order counts");
  const act = event.shiftKey ? rules.resized : rules.moved;
  const found = act(now.definition, now.screen, now.items, name, event.key);
  settle(
    found,
    name,
    event.shiftKey
      ? title(itemOf(name)) + ": no further, a panel would be too small"
      : title(itemOf(name)) + ": no room on that side",
  );
  boards.named(name).querySelector(".mover").focus({ preventScroll: true });
  boards.named(name).scrollIntoView({ block: "nearest" });
}

/** @type {(name: string) => void} */
function takeAway(name) {
  const words = title(itemOf(name)) + " taken away; it stands in the list";
  now.items = rules.removed(now.definition, now.screen, now.items, name);
  draw();
  arrangingBar.offer(now);
  say(words);
  now.bar.querySelector("select").focus();
}

/**
 * A panel that was hidden, or a number or chart for the first free slot.
 * @type {(what: string) => void}
 */
function add(what) {
  const hidden = now.items.find((item) => item.hidden && item.panel === what);
  const slot = now.definition.slots.find((name) => !rules.find(now.items, name));
  if (!hidden && !slot) return say("All " + now.definition.slots.length + " places for numbers and charts are taken");
  const kind = known().numbers[what] ? "number" : "chart";
  const usual = hidden ? rules.usual(now.definition, now.screen).find((item) => item.panel === what) : null;
  /** @type {Size} */
  const size = usual ? [usual.w, usual.h] : SIZES[kind][now.screen];
  const item = hidden || { panel: String(slot), shows: what };
  const sizes = rules.sizes(size, rules.least(now.definition, item.panel, now.screen));
  const found = sizes.map((one) => rules.added(now.definition, now.screen, now.items, item, one)).find(Boolean);
  if (!found) return say("No place is free for " + title(item) + ": take a panel away, or make one smaller, first");
  return entered(found, item.panel);
}

/** @type {(found: Item[], name: string) => void} */
function entered(found, name) {
  settle(found, name, "");
  arrangingBar.offer(now);
  say(where(itemOf(name)) + " added");
  const mover = boards.named(name).querySelector(".mover");
  mover.scrollIntoView({ block: "nearest" });
  mover.focus({ preventScroll: true });
}

/* The board of the overview may still be on its way. */
const [SOON_MS, ATTEMPTS] = [100, 80];

/**
 * A chart or number of the catalogue, put onto the overview's board: in a free place, ready to be moved and saved.
 * @type {(what: string, attempts?: number) => Promise<void>}
 */
export async function addToBoard(what, attempts = ATTEMPTS) {
  if (attempts === ATTEMPTS && !boards.element()) go("/");
  if (!boards.isShown()) {
    if (attempts) setTimeout(addToBoard, SOON_MS, what, attempts - 1);
    return;
  }
  await enter();
  if (now) add(what);
}

export function leave() {
  if (!now) return;
  const { board, bar } = now;
  stopGrid();
  grid.places(board).forEach(arrangingBar.undress);
  board.classList.remove("arranging", "grid-stack", "grid-stack-animate");
  board.removeAttribute("style");
  for (const { name } of [...board.attributes]) if (name.startsWith("gs-")) board.removeAttribute(name);
  bar.remove();
  now = /** @type {any} */ (null);
  boards.sketch(null);
  dispatchEvent(new Event("resize"));
}

/* The window is another kind of screen now, which has an arrangement of its own: what was done for the other waits for
   its return, or for Save. */
function crossed() {
  now.drafts[now.screen] = now.items;
  stopGrid();
  grid.places(now.board).forEach(arrangingBar.undress);
  now.board.removeAttribute("style");
  boards.sketch(null);
  now.screen = boards.screen();
  Object.assign(now, grid.measures(now.board, now.definition, now.screen));
  now.items = now.drafts[now.screen] || itemsOf(now.screen);
  draw();
  arrangingBar.offer(now);
  say("Arranging the " + now.screen + " screen; Save keeps the others, too.");
}

/** @type {(screen: ScreenName) => Item[]} */
const itemsOf = (screen) =>
  screen === "phone" ? rules.shortened(boards.items(), isCard) : boards.items().map((item) => Object.assign({}, item));

async function keep() {
  const { [now.screen]: _, ...others } = now.drafts;
  now.bar.toggleAttribute("data-busy", true);
  if (await boards.save({ ...others, [now.screen]: now.items })) {
    leave();
    toast("The arrangement is saved.", "normal");
  } else if (now) now.bar.removeAttribute("data-busy");
}

export async function enter() {
  if (now || !boards.element()) return;
  try {
    await grid.vendor();
  } catch {
    return toast("Arranging could not be fetched from the server. Try again.", "serious");
  }
  const [board, screen] = [boards.element(), boards.screen()];
  now = /** @type {any} */ ({ board, screen, definition: definition(), drafts: {}, grid: null, bar: null });
  for (const fold of board.querySelectorAll("[data-folded] .fold")) fold.click();
  Object.assign(now, grid.measures(board, now.definition, screen));
  now.items = itemsOf(screen);
  board.classList.add("arranging", "grid-stack");
  now.bar = arrangingBar.build({
    add,
    keep,
    leave,
    help: HELP,
    reset: async () => {
      leave();
      await boards.reset();
    },
  });
  draw();
  arrangingBar.offer(now);
  say("Arranging the " + screen + " screen.");
  board.querySelector(".mover").focus({ preventScroll: true });
}

export const active = () => Boolean(now);
export const items = () => now && now.items;

export function start() {
  document.addEventListener("keydown", key, true);

  document.addEventListener("click", (event) => {
    const away = now && pressed(event, "[data-take-away]");
    if (away) takeAway(away.dataset.takeAway);
  });

  address.onChange(() => now && leave());

  globalThis.addEventListener("resize", () => now && now.screen !== boards.screen() && crossed());
}
