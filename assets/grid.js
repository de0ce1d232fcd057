/* How the mission board's cells and its theme are drawn. Names here are used in components/missions/board.py. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const h = (...parts) => root.React.createElement(...parts);

  const functions = (root.dashAgGridFunctions = root.dashAgGridFunctions || {});
  functions.wholeNumber = (value) => MC.format(value, "int");
  functions.missionControlTheme = (base) =>
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
      browserColorScheme: "dark",
    });

  const components = (root.dashAgGridComponentFunctions = root.dashAgGridComponentFunctions || {});

  components.MissionLink = ({ value }) =>
    h("a", { href: "?job=" + encodeURIComponent(value), "data-nav": "within", className: "grid-link" }, value);

  components.MissionStatus = ({ data, value }) =>
    h(
      "span",
      { className: "grid-status" },
      h("span", { className: "symbol", "data-status": data.symbol, role: "img", "aria-label": data.symbol }),
      value
    );

  components.MissionProgress = ({ data, value }) =>
    h(
      "span",
      { className: "grid-progress", "data-status": data.symbol, style: { "--p": value } },
      h("i", { "aria-hidden": true }),
      MC.format(value, "percent")
    );
})(globalThis);
