/// <reference lib="deno.ns" />
/* What a panel shows, as text for a spreadsheet. */
import { deepStrictEqual as equal } from "node:assert";
import { lines, ofFigure } from "../../assets/js/rules/tsv.js";

Deno.test("a cell is one cell, whatever stands in it", () => {
  equal(lines([["a\tb", " c\nd "], [null, 0]]), "a b\tc d\n\t0");
});

Deno.test("a chart by day has a row a day and a column a trace", () => {
  const axis = { x0: "2026-10-01", dx: 86400000 };
  const lost = { name: "lost", y: [-3, -4], customdata: [3, 4], ...axis };
  const ahead = { name: "forecast", y: new Float32Array([7]), x0: "2026-10-02", dx: 86400000 };
  equal(
    ofFigure([{ name: "new", y: [1, NaN], ...axis }, lost, ahead]),
    "\tnew\tlost\tforecast\n2026-10-01\t1\t3\t\n2026-10-02\t\t4\t7",
  );
});

Deno.test("a heat map is its table, a radar the rows behind its points", () => {
  equal(
    ofFigure([{ type: "heatmap", x: ["0–9"], y: ["acme.io"], text: [["1,234"]] }]),
    "\t0–9\nacme.io\t1,234",
  );
  equal(
    ofFigure([{
      type: "scatterpolar",
      r: [30],
      theta: [1],
      customdata: [["a.example", "acme.io", 70]],
      meta: ["source", "target", "DA"],
    }]),
    "source\ttarget\tDA\na.example\tacme.io\t70",
  );
  equal(ofFigure([]), "");
});
