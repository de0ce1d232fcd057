/// <reference lib="deno.ns" />
/* Which rows of a list a wall shows. */
import { deepStrictEqual as equal } from "node:assert";
import { turned } from "../../assets/js/rules/rotation.js";

const turns = (/** @type {number} */ all, /** @type {number} */ fits) =>
  Array.from({ length: 8 }, (_, turn) => turned(all, fits, turn * 12000 + 1));

Deno.test("every row has its turn, and every second turn is that of the worst", () => {
  equal(turns(20, 6), [0, 6, 0, 12, 0, 18, 0, 6]);
});

Deno.test("a list that fits, or whose room is not known, stands still", () => {
  equal([turns(6, 6), turns(3, 6), turns(9, 0)], [Array(8).fill(0), Array(8).fill(0), Array(8).fill(0)]);
});
