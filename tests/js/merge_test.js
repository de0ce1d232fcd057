/// <reference lib="deno.ns" />
/* Frames change the state as RFC 7396 writes, in their order. */
import { deepStrictEqual as equal } from "node:assert";
import { merge, pick, verdict } from "../../assets/js/rules/merge.js";

/** @type {[any, any, any][]} */
const PATCHES = [ // RFC 7396, appendix A
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [["a", "b"], ["c", "d"], ["c", "d"]],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

Deno.test("patches apply as the RFC says", () => {
  for (const [target, patch, result] of PATCHES) equal(merge(target, patch), result);
});

Deno.test("a patch reaches no prototype", () => {
  merge({}, JSON.parse('{"__proto__": {"stolen": 1}}'));
  equal(/** @type {any} */ ({}).stolen, undefined);
});

Deno.test("a path that ends early leads to nothing", () => {
  equal(pick({ a: { b: 0 } }, ["a", "b"]), 0);
  for (const state of [undefined, null, {}, { a: null }]) equal(pick(state, ["a", "b"]), undefined);
});

Deno.test("a delta is applied, was seen already, or tells that some are missing", () => {
  equal([8, 9, 10, 11, 90].map((seq) => verdict(9, seq)), ["ignore", "ignore", "apply", "resume", "resume"]);
});
