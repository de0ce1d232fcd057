/* The style sheet that puts a page's panels where a layout says. Pure: layouts → CSS. */
import { byPlace, shown } from "./board.js";

/** @type {Record<string, string>} */
export const MEDIA = {
  wall: "(min-width: 3000px) and (min-height: 1600px)",
  desk: "(min-width: 2300px) and (max-width: 2999px), (min-width: 3000px) and (max-height: 1599px)",
  laptop: "(min-width: 700px) and (max-width: 2299px)",
  phone: "(max-width: 699px)",
};

/**
 * One rule a panel. On a screen that scrolls, columns are given and rows follow the order: a folded one leaves no
 * hole.
 * @type {(name: string) => (item: Item) => string}
 */
const fixed = (name) => (item) =>
  `--${name}: ${item.y + 1} / ${item.x + 1} / span ${item.h} / span ${item.w} !important`;
/** @type {(item: Item, at: number) => string} */
const laptop = (item, at) =>
  `order: ${at}; --laptop: span ${item.h} / ${item.x + 1} / auto / span ${item.w} !important`;

/** @type {(item: Item, words: string) => string} */
const rule = (item, words) => '[data-panel="' + item.panel + '"] { display: grid !important; ' + words + " }";

/**
 * Cards two by two, then one row of the others that is swiped.
 * @type {(order: Item[], isCard: (item: Item) => boolean) => string[]}
 */
function phoneRules(order, isCard) {
  const cards = order.filter(isCard);
  const others = order.filter((item) => !isCard(item));
  const rows = Math.ceil(cards.length / 2);
  /** @type {(at: number) => string} */
  const left = (at) => (at % 2 ? "calc(50vw - var(--pad) + var(--gap) / 2)" : "0");
  /** @type {(at: number) => string} */
  const width = (
    at,
  ) => (at % 2 === 0 && at === cards.length - 1
    ? "calc(100vw - 2 * var(--pad))"
    : "calc(50vw - var(--pad) - var(--gap) / 2)");
  /** @type {(item: Item, at: number) => string} */
  const card = (item, at) =>
    rule(
      item,
      "width: " + width(at) + " !important; grid-row: " + (Math.floor(at / 2) + 1) + " !important; left: " + left(at) +
        " !important; grid-column: 1 / span " + Math.max(1, others.length) + " !important",
    );
  /** @type {(item: Item, at: number) => string} */
  const other = (item, at) => rule(item, "order: " + at + "; grid-row: " + (rows + 1) + " !important");
  return [...cards.map(card), ...others.map(other)];
}

/** @type {(name: string, list: Item[], isCard: (item: Item) => boolean) => string[]} */
function screenRules(name, list, isCard) {
  const order = shown(list).sort(byPlace);
  const away = list.filter((item) => item.hidden).map((item) =>
    '[data-panel="' + item.panel + '"] { display: none !important; }'
  );
  if (name === "phone") return [...phoneRules(order, isCard), ...away];
  const said = name === "laptop" ? laptop : fixed(name);
  return [
    name === "laptop" ? ".board { grid-auto-flow: row dense; }" : "",
    ...order.map((item, at) => rule(item, said(item, at))),
    ...away,
  ];
}

/**
 * `screens` are lists of items by screen; `isCard` says of an item whether it is a card; `isWall`: this screen is one,
 * whatever its size says.
 * @type {(screens: Record<string, Item[]>, isCard: (item: Item) => boolean, isWall?: boolean) => string}
 */
export function sheetOf(screens, isCard, isWall = false) {
  const here = Object.entries(screens).filter(([name]) => !isWall || name === "wall");
  const parts = here.map(([name, list]) =>
    "@media " + (isWall ? "all" : MEDIA[name]) + " {\n" + screenRules(name, list, isCard).join("\n") + "\n}"
  );
  return parts.join("\n");
}
