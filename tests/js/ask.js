/// <reference lib="deno.ns" />
/* Answers what Python asks of a rule: {"module": "formats", "name": "format", "calls": [[…arguments], …]} on standard input. */
const { module, name, calls } = await new Response(Deno.stdin.readable).json();
const rules = await import(`../../assets/js/rules/${module}.js`);
console.log(JSON.stringify(calls.map((/** @type {unknown[]} */ given) => rules[name](...given) ?? null)));
