/* The Backlinks page: what is clicked or zoomed becomes a part of the address, and all panels follow the address. */
import { noUpdate } from "../dash-internals.js";
import { day, when, zoomed } from "../rules/days.js";
import * as address from "../shell/address.js";
import { pressed } from "../shell/elements.js";
import { zoomBack, zoomIn } from "../shell/time-control.js";

/** @type {(changes: Changes) => unknown} */
const put = (changes) => (address.put(changes), noUpdate());
/** @type {(days: { from: string; to: string }, more?: Changes) => unknown} */
const zoom = (days, more) => (zoomIn(days, more), noUpdate());
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

export const callbacks = {
  /** @type {(layout: Fields | null) => unknown} */
  zoom(layout) {
    if (!layout) return noUpdate();
    if (layout["xaxis.autorange"]) return zoomBack(), noUpdate();
    const days = zoomed(layout, Date.now());
    return days ? zoom(days) : noUpdate();
  },
  /** @type {(clicked: PointClick | null) => unknown} */
  day(clicked) {
    const point = clicked && clicked.points[0];
    if (!point) return noUpdate();
    const words = day(Math.min(when(point.x), Date.now()));
    return zoom({ from: words, to: words });
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
    return zoom({ from: found.day, to: found.day }, found.target === "*" ? {} : { "var-target": found.target });
  },
  /** @type {(clicked: CellClick | null, rows: Fields[] | null) => unknown} */
  markers(clicked, rows) {
    const found = row(clicked, rows, "marker");
    return found && found.example && !byLink(clicked) ? toggle("source", found.example) : noUpdate();
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
}
