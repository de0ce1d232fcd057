/// <reference lib="deno.ns" />
/* What could not be read is asked again, later each time; what changes something never is. */
import { deepStrictEqual as equal } from "node:assert";
import { changes, draws, notice, passes, wait } from "../../assets/js/rules/retries.js";

Deno.test("what is busy, away or not reached passes; a refusal and a defect do not", () => {
  equal([null, 429, 502, 503, 504].map(passes), [true, true, true, true, true]);
  equal([400, 401, 403, 404, 422, 500].map(passes), [false, false, false, false, false, false]);
});

Deno.test("it waits as long as the server asks, longer each time, and never more than a minute", () => {
  equal([0, 1, 2, 3].map((attempt) => wait(attempt, 3)), [3, 6, 12, 24]);
  equal([wait(0, undefined), wait(9, 2), wait(1000, 2)], [2, 60, 60]);
});

Deno.test("only what listens to the address of the page draws", () => {
  const view = { id: "missions-view", property: "data", value: {} };
  const press = { id: { type: "missions-action", verb: "cancel" }, property: "n_clicks", value: 1 };
  equal(draws({ inputs: [press, view] }, "missions-view"), true);
  equal(draws({ inputs: [[press]] }, "missions-view"), false);
  equal([draws({ inputs: [view] }, undefined), draws({}, "missions-view")], [false, false]);
});

Deno.test("the notice counts the panels", () => {
  equal(notice(1), "Data is temporarily unavailable. Retrying…");
  equal(notice(15), "Data is temporarily unavailable. Retrying… (15 panels)");
});

Deno.test("an answer says what each component becomes, those of patterns too", () => {
  equal(changes({ "a-b": { children: "x" }, '{"chart":"a","type":"chart-figure"}': { data: null } }), [
    ["a-b", { children: "x" }],
    [{ chart: "a", type: "chart-figure" }, { data: null }],
  ]);
});
