/* Figures name their colours (components/kit/theme.py); here they get those of the theme, and the size of type of this
   screen. */
import { inputs, noUpdate, setProps } from "../dash-internals.js";
import { inColours } from "../rules/colours.js";
import { withOpenDay, withRoom } from "../rules/figures.js";
import { newer } from "../rules/stamps.js";
import { rem } from "./elements.js";

const RESIZED_MS = 300;
/** @type {Fields | null} */
let chartTemplate = null;

/** @type {(name: string) => string} */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/* The width that the chart of the running callback has. */
function room() {
  const id = inputs().map((input) => input.id).find((each) => each && (each.type || "").endsWith("-figure"));
  const box = id && document.getElementById(boxOf(id));
  return box ? box.clientWidth : 0;
}

/** @type {(id: Record<string, string>) => string} */
function boxOf(id) {
  const graph = Object.assign({}, id, {
    type: id.type === "chart-figure" ? "chart" : id.type.replace("figure", "chart"),
  });
  return JSON.stringify(Object.fromEntries(Object.entries(graph).sort()));
}

function redraw() {
  if (!chartTemplate || !document.querySelector(".js-plotly-plot")) return;
  setProps("chart-template", { data: chartTemplate });
}

/* Another kind of screen has another size of type, and another room for words. */
const measures = () => rem() + "/" + innerWidth;
let drawnAt = measures();
let settling = 0;
function resized() {
  if (measures() === drawnAt) return;
  drawnAt = measures();
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
    const size = dressed.layout.font.size = Math.max(11, Math.round(rem() * 0.88));
    const { data, layout } = withRoom(withOpenDay(figure, Date.now()), room(), size);
    return [inColours({ data, layout: Object.assign({}, layout, { template: dressed }) }, token), true];
  },
};

export function start() {
  globalThis.addEventListener("mc:theme", redraw);
  globalThis.addEventListener("resize", () => {
    clearTimeout(settling);
    settling = setTimeout(resized, RESIZED_MS);
  });
}
