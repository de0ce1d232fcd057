/* The Backlinks page: what is clicked or zoomed becomes a part of the address, and all panels follow the address. */
import { noUpdate } from "../dash-internals.js";
import { day, when, zoomed } from "../rules/days.js";
import * as address from "../shell/address.js";
import { pressed } from "../shell/elements.js";

/** @type {(changes: Changes) => unknown} */
const put = (changes) => (address.put(changes), noUpdate());
/** @type {(name: string) => string | string[] | undefined} */
const chosen = (name) => address.read()["var-" + name];

/**
 * A second click on the same takes the filter out again.
 * @type {(name: string, value: string) => unknown}
 */
const toggle = (name, value) => put({ ["var-" + name]: chosen(name) === value ? null : value });
/** @type {(clicked: CellClick | null, rows: Fields[] | null, key: string) => Fields | undefined} */
const row = (clicked, rows, key) =>
  clicked ? (rows || []).find((one) => String(one[key]) === String(clicked.rowId)) : undefined;
/** @type {(clicked: CellClick | null) => boolean} */
const byLink = (clicked) => document.activeElement && document.activeElement.closest("a[data-nav]") && clicked;

/** @type {Changes | null} */
let before = null; // the range as it was before the first zoom
function remember() {
  const { from, to } = address.read();
  before = before || { from: from || null, to: to || null };
}

export const callbacks = {
  /** @type {(layout: Fields | null) => unknown} */
  zoom(layout) {
    if (!layout) return noUpdate();
    if (layout["xaxis.autorange"]) {
      const back = before || { from: null, to: null };
      before = null;
      return put(back);
    }
    const days = zoomed(layout, Date.now());
    if (days) remember();
    return days ? put(days) : noUpdate();
  },
  /** @type {(clicked: PointClick | null) => unknown} */
  day(clicked) {
    const point = clicked && clicked.points[0];
    if (!point) return noUpdate();
    const words = day(Math.min(when(point.x), Date.now()));
    remember();
    return put({ from: words, to: words });
  },
  /** @type {(clicked: PointClick | null) => unknown} */
  cell(clicked) {
    const point = clicked && clicked.points[0];
    return point ? put({ "var-target": point.y, "var-da": point.x.replace("–", "-") }) : noUpdate();
  },
  /** @type {(clicked: PointClick | null) => unknown} */
  blip(clicked) {
    const point = clicked && clicked.points[0];
    return point ? toggle("source", point.customdata[0]) : noUpdate();
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  board(clicked, rows) {
    const found = row(clicked, rows, "domain");
    return found && !byLink(clicked) ? put({ "var-target": found.domain }) : noUpdate();
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  lost(clicked, rows) {
    const found = row(clicked, rows, "id");
    if (!clicked || !found || byLink(clicked)) return noUpdate();
    return clicked.colId === "reason" ? toggle("reason", found.reason) : toggle("source", found.source);
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  intersect(clicked, rows) {
    const found = row(clicked, rows, "source");
    return found && !byLink(clicked) ? toggle("source", found.source) : noUpdate();
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  anchors(clicked, rows) {
    const found = rows && clicked && rows.find((one) => one.anchor === clicked.rowId);
    return found && !byLink(clicked) ? toggle("anchor", found.anchor || " ") : noUpdate();
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  signals(clicked, rows) {
    const found = row(clicked, rows, "id");
    if (!found) return noUpdate();
    remember();
    return put({ from: found.day, to: found.day, ...(found.target === "*" ? {} : { "var-target": found.target }) });
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  markers(clicked, rows) {
    const found = row(clicked, rows, "marker");
    return found && found.example && !byLink(clicked) ? toggle("source", found.example) : noUpdate();
  },
  /** @type {(clicks?: number, from?: string, to?: string) => unknown} */
  span(clicks, from, to) {
    if (!clicks) return noUpdate();
    const box = document.querySelector(".filter-span");
    if (box) box.open = false;
    return put({ from: (from || "").trim() || null, to: (to || "").trim() || null });
  },
};

export function start() {
  /* A line of "What changed?" leads to its panel. */
  document.addEventListener("click", (event) => {
    const line = pressed(event, "[data-goto]");
    const panel = line && document.getElementById(line.dataset.goto);
    if (panel) {
      panel.scrollIntoView({
        block: "center",
        behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
      });
    }
  });

  /* The range's box closes when one clicks beside it, or chose in it. */
  document.addEventListener("click", (event) => {
    const box = document.querySelector(".filter-span[open]");
    if (box && !(pressed(event, ".filter-span") === box && !pressed(event, "a"))) box.open = false;
  });
}
