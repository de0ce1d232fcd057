/// <reference lib="deno.ns" />
/* What a figure gets where it is drawn. */
import { deepStrictEqual as equal, ok } from "node:assert";
import { withOpenDay, withRoom } from "../../assets/js/rules/figures.js";

const NOW = Date.UTC(2026, 10, 27, 9);
const bars = (/** @type {string} */ first, /** @type {number} */ days) => ({
  data: [{ type: "bar", marker: { color: "var(--cyan)" } }, { type: "scatter", line: {} }],
  layout: { meta: { first, days }, annotations: [{ text: "a mark" }] },
});

Deno.test("the day that is not over is hatched and says so", () => {
  const { data, layout } = withOpenDay(bars("2026-11-25", 3), NOW);
  equal(data[0].marker.pattern.shape, ["", "", "/"]);
  equal([data[0].marker.color, data[1].marker], ["var(--cyan)", undefined]);
  equal([layout.annotations.length, layout.annotations[1].x], [2, "2026-11-27"]);
});

Deno.test("a range that is over has no open day", () => {
  for (const figure of [bars("2026-11-20", 7), bars("2026-11-28", 3), { data: [], layout: {} }]) {
    equal(withOpenDay(figure, NOW), figure);
  }
});

const heat = (/** @type {string} */ name, /** @type {string} */ number) => ({
  data: [{ type: "heatmap", x: ["0–9", "10–19"], y: [name], text: [[number, "1"]], texttemplate: "%{text}" }],
  layout: { xaxis: { tickvals: ["0–9", "10–19"], ticktext: ["0+", "10+"] } },
});

Deno.test("digits stand in cells that they fit into, in the size of all words, or not at all", () => {
  const [wide, narrow] = [withRoom(heat("acme.io", "1,234"), 400, 12), withRoom(heat("acme.io", "1,234"), 90, 12)];
  equal([wide.data[0].textfont.size, wide.data[0].texttemplate], [12, "%{text}"]);
  ok(!("texttemplate" in narrow.data[0]));
  equal([wide.layout.xaxis.ticktext, narrow.layout.xaxis.ticktext], [["0+", "10+"], ["0+"]]);
});

Deno.test("a chart that is no heat map, or of unknown width, stays as it is", () => {
  const chart = bars("2026-11-25", 3);
  equal([withRoom(chart, 100, 12), withRoom(heat("a", "1"), 0, 12)], [chart, heat("a", "1")]);
});
