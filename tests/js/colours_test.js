/// <reference lib="deno.ns" />
/* The names of colours in a figure become those of the theme. */
import { deepStrictEqual as equal } from "node:assert";
import { inColours } from "../../assets/js/rules/colours.js";

/** @type {Record<string, string>} */
const DAY = { cyan: "#00607a", "heat-low": "#e8f1fb" };
/** @type {(name: string) => string} */
const day = (name) => DAY[name] || "";

Deno.test("a name becomes the theme's colour, wherever it stands", () => {
  const figure = { marker: { color: ["var(--cyan)", "var(--heat-low)"] }, y: [1, null], name: "cyan" };
  equal(inColours(figure, day), { marker: { color: ["#00607a", "#e8f1fb"] }, y: [1, null], name: "cyan" });
});

Deno.test("a share of a colour lets the ground through", () => {
  equal(inColours({ fillcolor: "var(--cyan, 0.18)" }, day), { fillcolor: "rgba(0, 96, 122, 0.18)" });
});

Deno.test("a name that no theme has stays as it is", () => {
  equal(inColours(["var(--pink)", "var(--pink, 0.5)"], day), ["var(--pink)", "var(--pink, 0.5)"]);
});
