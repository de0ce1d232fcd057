/* Where links stand on the radar: angle = target, radius = 100 − authority; and how bright they are. Pure. */
import { isSpam } from "./authority.js";

const HOUR_MS = 3600000;

/**
 * A number between 0 and 1 that belongs to this link: its place within its target's sector.
 * @type {(id: string) => number}
 */
export function spread(id) {
  let hash = 2166136261;
  for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return ((hash >>> 0) % 1000) / 1000;
}

/**
 * The links of the targets that the radar has; `turn` is a part of the whole circle.
 * @type {(radar: RadarState) => Blip[]}
 */
export function placed(radar) {
  const sector = new Map((radar.targets || []).map((name, at) => [name, at]));
  const size = 1 / Math.max(1, sector.size);
  return Object.entries(radar.blips || {}).filter(([, b]) => sector.has(b.target)).map(([id, b]) => ({
    turn: ((sector.get(b.target) || 0) + 0.08 + 0.84 * spread(id)) * size,
    da: b.da || 0,
    at: b.at,
    spam: isSpam(b.spam),
  }));
}

/**
 * Of a link `turn` of whose circle the sweep has reached; null while nothing sweeps.
 * @type {(blip: Blip, turn: number | null, now: Milliseconds) => number}
 */
export function brightness(blip, turn, now) {
  const recency = Math.max(0, 1 - (now - blip.at) / HOUR_MS);
  const behind = turn === null ? 0 : (((turn - blip.turn) % 1) + 1) % 1;
  return (0.45 + 0.55 * recency) * (0.4 + 0.6 * (1 - behind) ** 2);
}
