/* Figures are made by the server in the colours of the night; here they get the colours and the size of type of
   this screen. */
import { noUpdate, setProps } from "../dash-internals.js";
import { newer } from "../rules/stamps.js";
import { rem } from "./elements.js";
import * as preferences from "./preferences.js";

const RESIZED_MS = 300;
const TOKENS = [
  "ground",
  "panel-bottom",
  "line",
  "grid",
  "line-strong",
  "text",
  "text-second",
  "text-third",
  "blue",
  "cyan",
  "amber",
  "off",
  "standby",
  "normal",
  "caution",
  "serious",
  "critical",
];

/** @type {Fields | null} */
let chartTemplate = null;

/* The colours of the night, and what this theme has for each of them. */
function palette() {
  const night = document.createElement("i");
  night.dataset.theme = "night";
  document.body.append(night);
  const [from, to] = [getComputedStyle(night), getComputedStyle(document.documentElement)];
  /** @type {(style: CSSStyleDeclaration, name: string) => string} */
  const colour = (style, name) => style.getPropertyValue("--" + name).trim();
  const found = Object.fromEntries(TOKENS.map((name) => [colour(from, name), colour(to, name)]));
  night.remove();
  return found;
}

/** @type {(figure: Fields) => Fields} */
function inColours(figure) {
  if (preferences.theme() === "night") return figure;
  const other = palette();
  return JSON.parse(JSON.stringify(figure).replace(/#[0-9a-f]{6}/g, (colour) => other[colour] || colour));
}

function redraw() {
  if (!chartTemplate || !document.querySelector(".js-plotly-plot")) return;
  setProps("chart-template", { data: chartTemplate });
}

/* Another kind of screen has another size of type. */
let drawnAt = rem();
let settling = 0;
function resized() {
  if (rem() === drawnAt) return;
  drawnAt = rem();
  redraw();
}

/** @type {import("../rules/stamps.js").Stamps} */
let told = null;

export const callbacks = {
  /**
   * The versions of the views that a page shows, when one of them is another.
   * @type {(stamps: Fields | null, held: { views: string[]; versions: string | null }) => unknown}
   */
  stamp(stamps, held) {
    const versions = newer(stamps, held.views, held.versions, told);
    told = stamps;
    return versions === null ? noUpdate() : { views: held.views, versions };
  },
  /**
   * What is told, when it is another than what is shown.
   * @type {(told: unknown, shown: unknown) => unknown}
   */
  changed(told, shown) {
    return told === shown ? noUpdate() : told;
  },
  /**
   * A figure gets the template and a type size that fits this screen.
   * @type {(figure: Fields | null, template: Fields) => unknown[]}
   */
  draw(figure, template) {
    if (!figure) return [noUpdate(), noUpdate()];
    const dressed = structuredClone(template);
    chartTemplate = structuredClone(template);
    dressed.layout.font.size = Math.max(11, Math.round(rem() * 0.88));
    return [inColours({ data: figure.data, layout: Object.assign({}, figure.layout, { template: dressed }) }), true];
  },
};

export function start() {
  globalThis.addEventListener("mc:theme", redraw);
  globalThis.addEventListener("resize", () => {
    clearTimeout(settling);
    settling = setTimeout(resized, RESIZED_MS);
  });
}
