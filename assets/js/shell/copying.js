/* What a panel shows, copied: its rows for a spreadsheet, its link for others, its chart as a picture. */
import { csvOf, imageOf } from "../dash-internals.js";
import { lines, ofFigure } from "../rules/tsv.js";
import { make } from "./elements.js";
import { toast } from "./toast.js";

const PICTURE_SCALE = 2; // pixels of the file to one of the screen

/** @type {(panel: HTMLElement) => string} */
const title = (panel) => panel.querySelector("h2").textContent;

/** @type {(row: any) => string[]} */
const words = (row) => row.innerText.split(/[\n\t]+/);
/** @type {(table: any) => string[][]} */
const cells = (table) =>
  [...table.rows].map((row) => [...row.cells].map((/** @type {HTMLElement} */ cell) => cell.innerText));

/**
 * In whatever way the panel lists or draws it.
 * @type {(panel: any) => string}
 */
export function dataOf(panel) {
  const body = panel.querySelector(".panel-body");
  const grid = body.querySelector(".grid");
  const chart = body.querySelector(".js-plotly-plot");
  const tables = [...body.querySelectorAll("table.table")];
  const rows = [...body.querySelectorAll("[role=listitem]:not([hidden])")];
  if (grid) return csvOf(grid.id);
  if (tables.length) return tables.map((table) => lines(cells(table))).join("\n\n");
  if (chart) return ofFigure(chart.data);
  return rows.length
    ? lines(rows.map(words))
    : lines(body.innerText.split("\n").map((/** @type {string} */ one) => [one]));
}

/** @type {(text: string, said: string) => Promise<void>} */
async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    byHand(text); // without TLS a browser has no clipboard for scripts
  }
  toast(said, "normal");
}

/** @type {(text: string) => void} */
function byHand(text) {
  const box = make("textarea", { value: text, className: "sr-only" });
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

/** @type {(panel: HTMLElement) => Promise<void>} */
export function rows(panel) {
  const text = dataOf(panel);
  const count = text.split("\n").length;
  return copy(text, title(panel) + " copied: " + count + (count === 1 ? " row." : " rows."));
}

/** @type {(panel: HTMLElement) => Promise<void>} */
export const link = (panel) =>
  copy(location.href.split("#")[0] + "#" + panel.id, "The link to " + title(panel) + " is copied.");

/** @type {(panel: any) => Promise<void>} */
export async function picture(panel) {
  const chart = panel.querySelector(".js-plotly-plot");
  if (!chart) return toast("There is no chart to save yet.", "caution");
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--panel-bottom").trim();
  const heading = { text: title(panel), x: 0.01, xanchor: "left", y: 0.98, yanchor: "top" };
  const margin = Object.assign({}, chart.layout.margin, { t: 70, l: 20, r: 20, b: 20 });
  const layout = Object.assign({}, chart.layout, { paper_bgcolor: colour, title: heading, margin });
  const size = { width: chart.clientWidth, height: chart.clientHeight + 62, scale: PICTURE_SCALE };
  const data = await imageOf({ data: chart.data, layout }, Object.assign({ format: "png" }, size));
  const name = title(panel).toLowerCase().replace(/[^a-z0-9]+/g, "-") + "-" + new Date().toISOString().slice(0, 10);
  return make("a", { href: data, download: name + ".png" }).click();
}
