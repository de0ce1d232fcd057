/* The cells of the tables on the Backlinks page. Names here are used in components/backlinks/tables.py. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const h = (...parts) => root.React.createElement(...parts);
  const functions = (root.dashAgGridFunctions = root.dashAgGridFunctions || {});
  const cells = (root.dashAgGridComponentFunctions = root.dashAgGridComponentFunctions || {});

  functions.MissionControlNumber = (value, form) => MC.format(value, form);
  functions.MissionControlPath = (value) => {
    const found = /^https?:\/\/[^/]+(\/.*)?$/.exec(value || "");
    return found ? "→ " + (found[1] || "/") : value;
  };

  /* A link that narrows the page; the same by keyboard as by a click on its row. */
  const narrow = (name, value, words) =>
    h("a", { href: "?var-" + name + "=" + encodeURIComponent(value), "data-nav": "within", className: "grid-link" }, words || value);

  const symbol = (status) => h("span", { className: "symbol", "data-status": status, role: "img", "aria-label": status });
  const SEVERITIES = { info: "standby", warning: "serious", critical: "critical" };
  cells.BacklinksSeverity = ({ value }) => h("span", { className: "grid-status" }, symbol(SEVERITIES[value]), value);
  cells.BacklinksDomain = ({ data, value }) =>
    h("span", { className: "grid-status" }, symbol(data.status), narrow("target", value), data.own && h("span", { className: "badge badge-own" }, "you"));
  cells.BacklinksSource = ({ value }) => (value ? narrow("source", value) : "");
  cells.BacklinksAnchor = ({ value }) => narrow("anchor", value || " ", value || "no text");
  cells.BacklinksReason = ({ data, value }) => h("span", { className: "grid-reason", "data-reason": value || data.state }, data.words);
  cells.BacklinksLostSource = ({ data, value }) =>
    narrow("source", data.source, String(value || "").replace(/^https?:\/\/(www\.)?/, ""));
  cells.BacklinksDelta = ({ value }) =>
    h("span", { className: "grid-delta", "data-sign": Math.sign(value) }, (value > 0 ? "+" : value < 0 ? "−" : "") + MC.format(Math.abs(value), "int"));

  cells.BacklinksSpark = ({ value }) => {
    const values = value || [];
    const top = Math.max(...values, 1);
    const step = 100 / Math.max(values.length - 1, 1);
    const points = values.map((one, at) => (at * step).toFixed(1) + "," + (22 - (20 * one) / top).toFixed(1)).join(" ");
    const line = { points: points, className: "spark-line", fill: "none" };
    const drawn = [h("polygon", { key: "a", points: "0,24 " + points + " 100,24", className: "spark-area" }), h("polyline", { key: "l", ...line })];
    return h("span", { className: "spark grid-spark" }, h("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": true }, drawn));
  };
})(globalThis);
