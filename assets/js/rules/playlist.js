/* What takes a wall away from the page that it shows. Pure. */

/**
 * What presses now: {key: address}. Only what is critical takes a wall away from its page.
 * @type {(state: LiveState) => Record<string, string>}
 */
export function pressing(state) {
  /** @type {Record<string, string>} */
  const found = {};
  /** @type {(kind: string, rows: [string, Fields][], href: (id: string) => string) => void} */
  const add = (kind, rows, href) => {
    for (const [id, row] of rows) if ((row.severity || row.status) === "critical") found[kind + ":" + id] = href(id);
  };
  /** @type {(rows?: Fields) => [string, Fields][]} */
  const listed = (rows) => (Array.isArray(rows) ? rows.map((row) => [row.id, row]) : Object.entries(rows || {}));
  const firing = Object.entries(state.alerts || {}).filter(([, row]) => row && row.status === "firing" && !row.ack);
  for (const [key, row] of firing) {
    // A group that is over and comes again presses anew; one that grows does not.
    if (row.severity === "critical") found["alert:" + key + ":" + row.since] = "/alerts?var-alert=" + row.id;
  }
  add("failure", listed(state.errors), (id) => "/missions?job=" + encodeURIComponent(id));
  add("signal", listed(state.signals), () => "/backlinks");
  add("quota", listed(state.api_quotas), () => "/quotas");
  return found;
}

/**
 * The first that was not pressing before; null when there is none. What presses when the wall is switched on is old.
 * @type {(found: Record<string, string>, known: Set<string> | null) => string | null}
 */
export function fresh(found, known) {
  if (known === null) return null;
  return Object.keys(found).find((key) => !known.has(key)) || null;
}
