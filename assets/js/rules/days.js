/* Days of a chart as parts of an address. Pure. */
const DAY_MS = 86400000;

/** @type {(ms: Milliseconds) => string} */
export const day = (ms) => new Date(ms).toISOString().slice(0, 10);

/**
 * What Plotly says of a place on the axis: a day, or a moment that is UTC unless it says otherwise.
 * @type {(place: string | number) => Milliseconds}
 */
export function when(place) {
  const words = String(place);
  const zone = words.length > 10 && !/[zZ]|T.*[+-]/.test(words) ? "Z" : "";
  return Date.parse(words.replace(" ", "T") + zone);
}

/**
 * The whole days of a zoomed axis; nothing where the zoom was about something else.
 * @type {(layout: Fields, now: Milliseconds) => { from: string; to: string } | null}
 */
export function zoomed(layout, now) {
  const [left, right] = layout["xaxis.range"] || [layout["xaxis.range[0]"], layout["xaxis.range[1]"]];
  if (!left) return null;
  const first = Math.ceil((when(left) - DAY_MS / 2) / DAY_MS) * DAY_MS;
  const last = Math.min(Math.floor((when(right) + DAY_MS / 2) / DAY_MS) * DAY_MS, now);
  return { from: day(Math.min(first, last)), to: day(Math.max(first, last)) };
}
