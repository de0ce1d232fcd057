/* What a person prefers, between the fields of the CONFIG drawer, the address and the server. Pure. */

/**
 * Seconds that the address says between two paintings, "5s" or "2m", without end for "off"; nothing where it says none.
 * @type {(words?: string) => number | null}
 */
export function seconds(words) {
  if (words === "off") return Infinity;
  const [, amount, unit] = /^([1-9]\d?)([sm])$/.exec(words || "") || [];
  return amount ? Math.min(Number(amount), 60) * (unit === "m" ? 60 : 1) : null;
}

/**
 * A field's name is that of a preference, or like "caution:queue_depth".
 * @type {(name: string, chosen: any) => unknown}
 */
export function valueOf(name, chosen) {
  const [part, number] = name.split(":");
  if (!number) return chosen[part];
  const limit = (chosen.thresholds[number] || {})[part];
  return limit === null || limit === undefined ? "" : limit;
}

/** @type {(value: unknown) => number | null} */
const amount = (value) => (value === "" || value === null || value === undefined ? null : Number(value));

/**
 * A field that is not filled keeps what it was; thresholds are there or not.
 * @type {(names: string[], values: any[], before: Preferences) => Preferences}
 */
export function chosen(names, values, before) {
  /** @type {any} */
  const next = Object.assign({}, before, { thresholds: {} });
  names.forEach((name, at) => {
    const [part, number] = name.split(":");
    const value = values[at];
    if (number) {
      const limits = next.thresholds[number] || {};
      if (amount(value) !== null) {
        next.thresholds[number] = Object.assign({ caution: null, critical: null }, limits, { [part]: amount(value) });
      }
    } else if (part === "sound") next.sound = Boolean(value);
    else if (part === "refresh_s") next.refresh_s = amount(value) || before.refresh_s;
    else if (value) next[part] = String(value).trim();
  });
  return next;
}

/** @type {(value: any) => any} */
function sorted(value) {
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/**
 * Whether two say the same, in whatever order.
 * @type {(a: unknown, b: unknown) => boolean}
 */
export const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
