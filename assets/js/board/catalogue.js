/**
 * The numbers and charts that a board may show, the scale of status and the area of each section of the live state, as
 * the page brought them; and what panels are called.
 * @type {Catalogue | null}
 */
let catalogue = null;

/** @type {() => Catalogue} */
export function known() {
  const source = document.querySelector("[data-catalogue]");
  if (!catalogue && source) catalogue = JSON.parse(source.dataset.catalogue);
  return catalogue || { numbers: {}, charts: {}, scale: [], areas: {} };
}

/**
 * The grid of the page that is open, and its panels; null where there is none.
 * @type {() => Board | null}
 */
export function definition() {
  const board = document.querySelector("[data-board]");
  return board ? JSON.parse(board.dataset.board) : null;
}

/** @type {(item: Change) => string} */
export function title(item) {
  const { numbers, charts } = known();
  const shows = item.shows && (numbers[item.shows] || charts[item.shows]);
  const board = definition();
  return shows ? shows.title : (board && board.titles && board.titles[item.panel]) || item.panel;
}

/** @type {(item: Change) => boolean} */
export const isCard = (item) => item.panel.startsWith("card-") || Boolean(item.shows && known().numbers[item.shows]);
