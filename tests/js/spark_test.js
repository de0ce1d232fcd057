/// <reference lib="deno.ns" />
/* The scale of small curves. */
import { deepStrictEqual as equal } from "node:assert";
import { heights } from "../../assets/js/rules/spark.js";

Deno.test("a curve stands on zero: a small change is a small step", () => {
  const { height } = heights([45, 44]);
  equal([height(0), height(45)], ["96.0", "8.0"]);
  equal(Number(height(44)) - Number(height(45)) < 2.5, true);
});

Deno.test("nothing at all lies on the ground", () => {
  equal(heights([0, 0]).height(0), "96.0");
});

Deno.test("what falls below zero has its ground above it", () => {
  const { height } = heights([-10, 10]);
  equal([height(-10), height(0), height(10)], ["96.0", "52.0", "8.0"]);
});

Deno.test("a threshold far above would press the curve flat, and is not drawn", () => {
  equal([heights([1, 2], 100).near, heights([40, 60], 100).near, heights([900], 100).near], [false, true, true]);
});
