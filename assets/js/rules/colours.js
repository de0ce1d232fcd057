/* Figures name their colours as style sheets do, `var(--cyan)`; `var(--cyan, 0.18)` is the same, that much of it. Here
   names become what the theme of the screen has for them. */

/** @type {(colour: string, share?: string) => string} */
function part(colour, share) {
  if (share === undefined || !/^#[0-9a-f]{6}$/i.test(colour)) return colour;
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return "rgba(" + channels.join(", ") + ", " + share + ")";
}

/**
 * The figure with every name in its strings resolved; `tokenOf` is what the theme has under a name.
 * @type {<T>(figure: T, tokenOf: (name: string) => string) => T}
 */
export function inColours(figure, tokenOf) {
  /** @type {Record<string, string>} */
  const known = {};
  /** @type {(words: string) => string} */
  const resolved = (words) =>
    words.replace(/var\(--([a-z0-9-]+)(?:, ([0-9.]+))?\)/g, (all, name, share) => {
      known[name] ??= tokenOf(name);
      return known[name] ? part(known[name], share) : all;
    });
  return JSON.parse(resolved(JSON.stringify(figure)));
}
