/// <reference lib="deno.ns" />
/* A page is drawn anew when its own views were refreshed, and not because it learns which refresh it shows. */
import { strictEqual as equal } from "node:assert";
import { newer, versionsOf } from "../../assets/js/rules/stamps.js";

const VIEWS = ["jobs", "speed"];
const [FIRST, SECOND] = [{ jobs: { version: 1 }, links: { version: 4 } }, {
  jobs: { version: 2 },
  links: { version: 4 },
}];

Deno.test("the first that is told draws nothing anew", () => {
  equal(newer(FIRST, VIEWS, null, null), null);
});

Deno.test("a page that is opened later has drawn what was told before", () => {
  equal(newer(FIRST, VIEWS, null, FIRST), null);
  equal(newer(SECOND, VIEWS, null, FIRST), "[2,null]");
});

Deno.test("a refresh of its own views draws a page anew, one of others does not", () => {
  const held = versionsOf(FIRST, VIEWS);
  equal(newer({ ...FIRST, links: { version: 5 } }, VIEWS, held, FIRST), null);
  equal(newer(SECOND, VIEWS, held, FIRST), "[2,null]");
  equal(newer(null, VIEWS, held, FIRST), "[null,null]");
});
