/// <reference lib="deno.ns" />
/* Where panels come to stand; tests/unit/layouts/test_parity.py holds the rules against the server's. */
import { deepStrictEqual as equal, ok } from "node:assert";
import { sheetOf } from "../../assets/js/rules/board-sheet.js";
import {
  added,
  find,
  moved,
  removed,
  resized,
  shortened,
  shown,
  sizes,
  trade,
  usual,
  valid,
} from "../../assets/js/rules/board.js";

/** @type {Board} */
const BOARD = {
  columns: 12,
  rows: 6,
  fixed: ["wall"],
  panels: { a: at(0, 0, 6, 3), b: at(6, 0, 6, 3), c: at(0, 3, 12, 3) },
  least: { a: [2, 2], b: [2, 2], c: [4, 2] },
  slots: ["slot"],
};

/** @type {(x: number, y: number, w: number, h: number) => Record<string, [number, number, number, number]>} */
function at(x, y, w, h) {
  return { wall: [x, y, w, h], desk: [x, y, w, h], laptop: [x, y, w, h], phone: [0, y, 12, h] };
}

const WALL = usual(BOARD, "wall");
/** @type {(items: Item[] | null, name: string) => number[] | null} */
const place = (items, name) => {
  const item = items && find(items, name);
  return item ? [item.x, item.y, item.w, item.h] : null;
};

Deno.test("the usual places are a layout without fault", () => {
  for (const screen of /** @type {ScreenName[]} */ (["wall", "desk", "laptop", "phone"])) {
    ok(screen === "phone" || valid(BOARD, screen, usual(BOARD, screen)));
  }
});

Deno.test("two panels side by side change places and keep their widths; else they exchange them", () => {
  const traded = trade(BOARD, "wall", WALL, "a", "b");
  equal([place(traded, "a"), place(traded, "b")], [[6, 0, 6, 3], [0, 0, 6, 3]]);
  const other = trade(BOARD, "wall", WALL, "a", "c");
  equal([place(other, "a"), place(other, "c")], [[0, 3, 12, 3], [0, 0, 6, 3]]);
});

Deno.test("a panel steps where there is room, else it trades with its neighbour, and stays at the edge", () => {
  const free = removed(BOARD, "wall", WALL, "b");
  equal(place(moved(BOARD, "wall", free, "a", "ArrowRight"), "a"), [1, 0, 6, 3]);
  equal(place(moved(BOARD, "wall", WALL, "a", "ArrowRight"), "a"), [6, 0, 6, 3]);
  equal(moved(BOARD, "wall", WALL, "a", "ArrowLeft"), null);
});

Deno.test("a full screen's neighbours give way until they are too small", () => {
  /** @type {Item[] | null} */
  let items = WALL;
  for (let step = 0; step < 4; step += 1) items = items && resized(BOARD, "wall", items, "a", "ArrowRight");
  equal([place(items, "a"), place(items, "b")], [[0, 0, 10, 3], [10, 0, 2, 3]]);
  equal(items && resized(BOARD, "wall", items, "a", "ArrowRight"), null);
});

Deno.test("on a screen that scrolls they go down, and fall up when there is room again", () => {
  const grown = resized(BOARD, "desk", usual(BOARD, "desk"), "a", "ArrowRight") || [];
  equal([place(grown, "a"), place(grown, "b"), place(grown, "c")], [[0, 0, 7, 3], [6, 3, 6, 3], [0, 6, 12, 3]]);
  equal(place(removed(BOARD, "desk", grown, "b"), "c"), [0, 3, 12, 3]);
});

Deno.test("what is taken away is hidden, a slot is empty again, and both find a place", () => {
  const hidden = removed(BOARD, "wall", WALL, "b");
  equal([shown(hidden).length, find(hidden, "b").hidden], [2, true]);
  const back = added(BOARD, "wall", hidden, find(hidden, "b"), [6, 3]) || [];
  equal([place(back, "b"), find(back, "b").hidden], [[6, 0, 6, 3], false]);
  const slot = added(BOARD, "wall", hidden, { panel: "slot", shows: "queue_depth" }, [2, 2]) || [];
  ok(valid(BOARD, "wall", slot) && find(slot, "slot").shows === "queue_depth");
  equal(find(removed(BOARD, "wall", slot, "slot"), "slot"), undefined);
});

Deno.test("who comes in shrinks nobody: a full screen has no place, one that scrolls has one at its end", () => {
  const item = { panel: "slot", shows: "queue_depth" };
  equal(added(BOARD, "wall", WALL, item, [2, 2]), null);
  equal(place(added(BOARD, "laptop", usual(BOARD, "laptop"), item, [2, 2]), "slot"), [0, 6, 2, 2]);
  equal(sizes([7, 8], [3, 3]), [[7, 8], [6, 7], [5, 6], [4, 5], [3, 4], [3, 3]]);
});

Deno.test("no way of moving leaves a layout with a fault", () => {
  for (const screen of /** @type {ScreenName[]} */ (["wall", "desk"])) {
    let items = usual(BOARD, screen);
    let seed = 7;
    for (let step = 0; step < 2000; step += 1) {
      seed = (seed * 48271) % 2147483647;
      const [act, name, key] = [
        seed % 2,
        "abc"[seed % 3],
        ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"][seed % 4],
      ];
      items = (act ? moved : resized)(BOARD, screen, items, name, key) || items;
      ok(valid(BOARD, screen, items), `${screen}, step ${step}`);
    }
  }
});

Deno.test("on the phone cards stand two by two, before one bar for each of the others", () => {
  const cards = shortened(usual(BOARD, "phone"), (item) => item.panel !== "b");
  equal([place(cards, "a"), place(cards, "c"), place(cards, "b")], [[0, 0, 12, 3], [12, 0, 12, 3], [0, 3, 24, 3]]);
});

Deno.test("a screen that is a wall by its shape takes the wall's places, whatever its size", () => {
  const screens = { wall: WALL, laptop: usual(BOARD, "laptop") };
  const sheet = sheetOf(screens, () => false, true);
  ok(sheet.startsWith("@media all {") && sheet.includes("--wall: 1 / 1") && !sheet.includes("--laptop"));
});

Deno.test("a layout becomes one rule a panel for its screen alone", () => {
  const sheet = sheetOf({ wall: removed(BOARD, "wall", WALL, "b") }, () => false);
  ok(sheet.startsWith("@media (min-width: 3000px) and (min-height: 1600px) {"));
  ok(sheet.includes('[data-panel="a"] { display: grid !important; --wall: 1 / 1 / span 3 / span 6 !important }'));
  ok(sheet.includes('[data-panel="b"] { display: none !important; }'));
});
