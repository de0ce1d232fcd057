/// <reference lib="deno.ns" />
/* The address is read and written as components/kit/address.py says. */
import { deepStrictEqual as equal } from "node:assert";
import { carried, changed, parse, serialize } from "../../assets/js/rules/address.js";

Deno.test("what is read is written the same", () => {
  for (const search of ["", "?from=now-6h&kiosk", "?var-target=a&var-target=b%26c&to=now", "?kiosk&theme=day"]) {
    equal(serialize(parse(search)), search);
  }
});

Deno.test("a variable that stands there more than once is a list, anything else what stands there last", () => {
  equal(parse("?var-target=a&var-target=b&from=1&from=2&kiosk"), { "var-target": ["a", "b"], from: "2", kiosk: "" });
});

Deno.test("what is empty is taken out, but for kiosk", () => {
  const here = { from: "now-6h", "var-target": ["a"], kiosk: "" };
  equal(changed(here, { from: null, "var-target": [], to: "" }), { kiosk: "" });
  equal(changed(here, { kiosk: null }), { from: "now-6h", "var-target": ["a"] });
  equal(changed({}, { kiosk: "yes" }), { kiosk: "" });
  equal(here, { from: "now-6h", "var-target": ["a"], kiosk: "" });
});

Deno.test("a link takes along what follows a person, unless it says otherwise", () => {
  const here = { refresh: "5s", kiosk: "", theme: "day", from: "now-6h", "var-target": ["a", "b"] };
  const base = "https://mc.example/backlinks?from=now-6h";
  equal(carried("/missions?job=LP-1", base, here), "/missions?job=LP-1&refresh=5s&kiosk&theme=day");
  equal(carried("/?theme=night", base, here), "/?theme=night&refresh=5s&kiosk");
  equal(carried("?from=now-1h", base, {}), "/backlinks?from=now-1h");
});

Deno.test("letters that join and signs that part stand as they were", () => {
  const parts = { "var-anchor": "می\u200cخواهم &=+#?" };
  equal(parse(serialize(parts)), parts);
});
