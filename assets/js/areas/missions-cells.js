/* How the mission board's cells and its theme are drawn. Names here are used in components/missions/board.py. */
import { createElement as h } from "../dash-internals.js";
import { format } from "../rules/formats.js";

/** @type {Record<string, (...given: any[]) => unknown>} */
export const functions = {
  wholeNumber: (value) => format(value, "int"),
  missionControlTheme: (base) =>
    base.withParams({
      accentColor: "var(--cyan)",
      backgroundColor: "transparent",
      foregroundColor: "var(--text)",
      chromeBackgroundColor: "transparent",
      headerBackgroundColor: "transparent",
      headerTextColor: "var(--text-second)",
      headerFontWeight: 400,
      borderColor: "var(--line)",
      rowHoverColor: "var(--panel-raised)",
      oddRowBackgroundColor: "transparent",
      menuBackgroundColor: "var(--panel-raised)",
      inputBackgroundColor: "var(--ground)",
      fontFamily: "var(--font-data)",
      headerFontFamily: "var(--font-label)",
      fontSize: "1rem",
      rowHeight: "2.3rem",
      headerHeight: "2.3rem",
      cellHorizontalPadding: "0.7rem",
      wrapperBorder: false,
      wrapperBorderRadius: 0,
      browserColorScheme: "inherit",
    }),
};

/** @type {Record<string, (cell: Cell) => unknown>} */
export const cells = {
  MissionLink: ({ value }) =>
    h("a", { href: "?job=" + encodeURIComponent(value), "data-nav": "within", className: "grid-link" }, value),
  MissionStatus: ({ data, value }) =>
    h(
      "span",
      { className: "grid-status" },
      h("span", { className: "symbol", "data-status": data.symbol, role: "img", "aria-label": data.symbol }),
      value,
    ),
  MissionProgress: ({ data, value }) =>
    h(
      "span",
      { className: "grid-progress", "data-status": data.symbol, style: { "--p": value } },
      h("i", { "aria-hidden": true }),
      format(value, "percent"),
    ),
};
