/* Which refresh of its views a page has drawn, and whether another one has been told since. */

/** @typedef {Record<string, { version?: number }> | null | undefined} Stamps */

/**
 * The versions of some views, as one word.
 * @type {(stamps: Stamps, views: string[]) => string}
 */
export function versionsOf(stamps, views) {
  return JSON.stringify(views.map((view) => ((stamps || {})[view] || {}).version ?? null));
}

/**
 * The versions to draw anew for; null where nothing is. `held` are those that were drawn for; a page that has just been
 * opened holds none, and has drawn what was told `before`, or now where this is the first that is told at all.
 * @type {(stamps: Stamps, views: string[], held: string | null, before: Stamps) => string | null}
 */
export function newer(stamps, views, held, before) {
  const told = versionsOf(stamps, views);
  const drawn = held ?? versionsOf(before ?? stamps, views);
  return told === drawn ? null : told;
}
