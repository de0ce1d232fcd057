/* The cells of the tables on the Backlinks page. Names here are used in components/backlinks/tables.py. */
import { createElement as h } from "../dash-internals.js";
import { format } from "../rules/formats.js";

/** @type {Record<string, Status>} */
const SEVERITIES = { info: "standby", warning: "serious", critical: "critical" };

/**
 * A link that narrows the page; the same by keyboard as by a click on its row.
 * @type {(name: string, value: string, words?: string) => unknown}
 */
const narrow = (name, value, words) =>
  h(
    "a",
    { href: "?var-" + name + "=" + encodeURIComponent(value), "data-nav": "within", className: "grid-link" },
    words || value,
  );

/** @type {(status: string) => unknown} */
const symbol = (status) => h("span", { className: "symbol", "data-status": status, role: "img", "aria-label": status });

/** @type {(value: number) => string} */
const sign = (value) => (value > 0 ? "+" : value < 0 ? "−" : "");

/** @type {(values: number[]) => unknown} */
function spark(values) {
  const top = Math.max(...values, 1);
  const step = 100 / Math.max(values.length - 1, 1);
  const points = values.map((one, at) => (at * step).toFixed(1) + "," + (22 - (20 * one) / top).toFixed(1)).join(" ");
  const drawn = [
    h("polygon", { key: "a", points: "0,24 " + points + " 100,24", className: "spark-area" }),
    h("polyline", { key: "l", points, className: "spark-line", fill: "none" }),
  ];
  const box = { viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": true };
  return h("span", { className: "spark grid-spark" }, h("svg", box, drawn));
}

/** @type {Record<string, (...given: any[]) => unknown>} */
export const functions = {
  MissionControlNumber: (value, form) => format(value, form),
  MissionControlPath(value) {
    const found = /^https?:\/\/[^/]+(\/.*)?$/.exec(value || "");
    return found ? "→ " + (found[1] || "/") : value;
  },
};

/** @type {Record<string, (cell: Cell) => unknown>} */
export const cells = {
  BacklinksSeverity: ({ value }) => h("span", { className: "grid-status" }, symbol(SEVERITIES[value]), value),
  BacklinksDomain: ({ data, value }) =>
    h(
      "span",
      { className: "grid-status" },
      symbol(data.status),
      narrow("target", value),
      data.own && h("span", { className: "badge badge-own" }, "you"),
    ),
  BacklinksSource: ({ value }) => (value ? narrow("source", value) : ""),
  BacklinksAnchor: ({ value }) => narrow("anchor", value || " ", value || "no text"),
  BacklinksReason: ({ data, value }) =>
    h("span", { className: "grid-reason", "data-reason": value || data.state }, data.words),
  BacklinksLostSource: ({ data, value }) =>
    narrow("source", data.source, String(value || "").replace(/^https?:\/\/(www\.)?/, "")),
  BacklinksDelta: ({ value }) =>
    h(
      "span",
      { className: "grid-delta", "data-sign": Math.sign(value) },
      sign(value) + format(Math.abs(value), "int"),
    ),
  BacklinksSpark: ({ value }) => spark(value || []),
};
