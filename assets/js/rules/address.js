/* The grammar of an address as the browser reads and writes it; components/kit/address.py says what its parts
   mean. Pure. */
const FOLLOWS = ["refresh", "kiosk", "theme", "playlist"]; // these go with a person from page to page

/** @type {(value: unknown) => boolean} */
export const isNothing = (value) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

/**
 * A part that says all by being there is written without a value.
 * @type {(search: string) => string}
 */
const bare = (search) => search.replace(/kiosk=(?=&|$)/, "kiosk");

/**
 * {from: "now-6h", "var-target": ["a", "b"]}: a part that stands there more than once is a list.
 * @type {(search: string) => Parts}
 */
export function parse(search) {
  const all = new URLSearchParams(search);
  /** @type {Parts} */
  const parts = {};
  for (const key of new Set(all.keys())) {
    const values = all.getAll(key);
    parts[key] = values.length > 1 && key.startsWith("var-") ? values : values[values.length - 1];
  }
  return parts;
}

/**
 * "?from=now-6h&kiosk", or nothing.
 * @type {(parts: Parts) => string}
 */
export function serialize(parts) {
  const all = new URLSearchParams();
  for (const [key, value] of Object.entries(parts)) [value].flat().forEach((one) => all.append(key, one));
  const search = bare(all.toString());
  return search ? "?" + search : "";
}

/**
 * The parts with these changed; what is empty is taken out, but for kiosk, which says all by being there.
 * @type {(parts: Parts, changes: Changes) => Parts}
 */
export function changed(parts, changes) {
  /** @type {any} */
  const next = Object.assign({}, parts);
  for (const [key, value] of Object.entries(changes)) {
    if (key === "kiosk" ? value === null || value === false : isNothing(value)) delete next[key];
    else next[key] = key === "kiosk" ? "" : value;
  }
  return next;
}

/**
 * A link to another page takes along what follows a person, unless it says otherwise itself.
 * @type {(href: string, base: string, parts: Parts) => string}
 */
export function carried(href, base, parts) {
  const url = new URL(href, base);
  for (const key of FOLLOWS) if (key in parts && !url.searchParams.has(key)) url.searchParams.set(key, parts[key]);
  return url.pathname + bare(url.search);
}
