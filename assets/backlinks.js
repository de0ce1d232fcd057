/* The Backlinks page: what is clicked or zoomed becomes a part of the address, and all panels follow the address. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const DAY_MS = 86400000;
  const nothing = () => root.dash_clientside.no_update;
  const put = (changes) => (MC.address.put(changes), nothing());
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  const when = (words) => Date.parse(String(words).replace(" ", "T") + (/[zZ]|T.*[+-]/.test(words) ? "" : String(words).length > 10 ? "Z" : ""));
  const chosen = (name) => MC.address.read()["var-" + name];

  /* A second click on the same takes the filter out again. */
  const toggle = (name, value) => put({ ["var-" + name]: chosen(name) === value ? null : value });
  const row = (clicked, rows, key) => clicked && (rows || []).find((one) => String(one[key]) === String(clicked.rowId));
  const byLink = (clicked) => document.activeElement && document.activeElement.closest("a[data-nav]") && clicked;

  let before = null; // the range as it was before the first zoom
  root.dash_clientside = root.dash_clientside || {};
  root.dash_clientside.backlinks = {
    zoom: function (layout) {
      if (!layout) return nothing();
      if (layout["xaxis.autorange"]) {
        const back = before || { from: null, to: null };
        before = null;
        return put(back);
      }
      const edges = layout["xaxis.range"] || [layout["xaxis.range[0]"], layout["xaxis.range[1]"]];
      if (!edges[0]) return nothing();
      const here = MC.address.read();
      before = before || { from: here.from || null, to: here.to || null };
      const first = Math.ceil((when(edges[0]) - DAY_MS / 2) / DAY_MS) * DAY_MS;
      const last = Math.min(Math.floor((when(edges[1]) + DAY_MS / 2) / DAY_MS) * DAY_MS, Date.now());
      return put({ from: day(Math.min(first, last)), to: day(Math.max(first, last)) });
    },
    day: function (clicked) {
      const point = clicked && clicked.points[0];
      if (!point) return nothing();
      const words = day(Math.min(when(point.x), Date.now()));
      const here = MC.address.read();
      before = before || { from: here.from || null, to: here.to || null };
      return put({ from: words, to: words });
    },
    cell: function (clicked) {
      const point = clicked && clicked.points[0];
      return point ? put({ "var-target": point.y, "var-da": point.x.replace("–", "-") }) : nothing();
    },
    blip: function (clicked) {
      const point = clicked && clicked.points[0];
      return point ? toggle("source", point.customdata[0]) : nothing();
    },
    board: function (clicked, rows) {
      const found = row(clicked, rows, "domain");
      return found && !byLink(clicked) ? put({ "var-target": found.domain }) : nothing();
    },
    lost: function (clicked, rows) {
      const found = row(clicked, rows, "id");
      if (!found || byLink(clicked)) return nothing();
      return clicked.colId === "reason" ? toggle("reason", found.reason) : toggle("source", found.source);
    },
    intersect: function (clicked, rows) {
      const found = row(clicked, rows, "source");
      return found && !byLink(clicked) ? toggle("source", found.source) : nothing();
    },
    anchors: function (clicked, rows) {
      const found = rows && clicked && rows.find((one) => one.anchor === clicked.rowId);
      return found && !byLink(clicked) ? toggle("anchor", found.anchor || " ") : nothing();
    },
    signals: function (clicked, rows) {
      const found = row(clicked, rows, "id");
      if (!found) return nothing();
      const here = MC.address.read();
      before = before || { from: here.from || null, to: here.to || null };
      return put({ from: found.day, to: found.day, ...(found.target === "*" ? {} : { "var-target": found.target }) });
    },
    markers: function (clicked, rows) {
      const found = row(clicked, rows, "marker");
      return found && found.example && !byLink(clicked) ? toggle("source", found.example) : nothing();
    },
    span: function (clicks, from, to) {
      if (!clicks) return nothing();
      const box = document.querySelector(".filter-span");
      if (box) box.open = false;
      return put({ from: (from || "").trim() || null, to: (to || "").trim() || null });
    },
  };

  /* A line of "What changed?" leads to its panel. */
  document.addEventListener("click", (event) => {
    const line = event.target.closest && event.target.closest("[data-goto]");
    const panel = line && document.getElementById(line.dataset.goto);
    if (panel) panel.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });

  /* The range's box closes when one clicks beside it, or chose in it. */
  document.addEventListener("click", (event) => {
    const box = document.querySelector(".filter-span[open]");
    if (box && (!box.contains(event.target) || event.target.closest("a"))) box.open = false;
  });
})(globalThis);
