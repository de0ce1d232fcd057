/* What the palette finds among what is at hand. Pure. */

/**
 * Every word must stand somewhere; what begins with what was typed comes first.
 * @type {(items: Finding[], words: string) => Finding[]}
 */
export function matching(items, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  /** @type {(item: Finding) => string} */
  const said = (item) => (item.title + " " + item.kind).toLowerCase();
  /** @type {(item: Finding) => number} */
  const rank = (item) => (item.title.toLowerCase().startsWith(words.toLowerCase()) ? 0 : 1);
  return items.filter((item) => wanted.every((word) => said(item).includes(word))).sort((a, b) => rank(a) - rank(b));
}
