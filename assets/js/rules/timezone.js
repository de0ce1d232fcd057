/**
 * Times in the zone of display.
 * @type {Intl.DateTimeFormatOptions}
 */
const PARTS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
};
/** @type {Intl.DateTimeFormat | null} */
let zone = null;

/**
 * From now on times are shown in this zone; in UTC where this browser does not know it.
 * @type {(name: string) => void}
 */
export function setZone(name) {
  try {
    zone = name === "UTC" ? null : new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: name }, PARTS));
  } catch {
    zone = null;
  }
}

/**
 * What people call the zone of display at a moment: "UTC", "CEST".
 * @type {(ms: Milliseconds) => string}
 */
export const zoneName = (ms) => (zone ? moment(ms).name : "UTC");

/**
 * {date: "2026-11-20", time: "23:41:08", name: "Z"} of a moment in the zone of display.
 * @type {(ms: Milliseconds) => { date: string; time: string; name: string }}
 */
export function moment(ms) {
  const iso = new Date(ms).toISOString();
  if (!zone) return { date: iso.slice(0, 10), time: iso.slice(11, 19), name: "Z" };
  const part = Object.fromEntries(zone.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    date: [part.year, part.month, part.day].join("-"),
    time: [part.hour, part.minute, part.second].join(":"),
    name: part.timeZoneName,
  };
}
