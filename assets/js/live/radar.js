/* The discovery radar: angle = target, radius = 100 − authority, size = authority, brightness = recency behind the
   sweep. It draws what the live state holds; the sweep turns in the browser and asks nothing of the server. A
   dozen frames a second on one canvas cost a few hundredths of a core, with or without a graphics card. */
import { serverNow } from "./clock.js";
import { isHigh, toneOf } from "../rules/authority.js";
import { brightness, placed } from "../rules/radar.js";

const TURN_MS = 8000;
const FRAME_MS = 80;
const NEW_MS = 6000;
const FULL = 2 * Math.PI;
const TRAIL = 0.16; // of a turn
const RINGS = [25, 50, 75];
const WALL_REM = 20;
const NAMES = {
  high: "--amber",
  middle: "--cyan",
  low: "--blue-pale",
  ring: "--line",
  label: "--text-third",
  words: "--text-second",
  ground: "--panel-bottom",
};
/** @type {Record<string, string>} */
let COLOURS = {};

function learnColours() {
  const style = getComputedStyle(document.documentElement);
  COLOURS = Object.fromEntries(
    Object.entries(NAMES).map(([name, token]) => [name, style.getPropertyValue(token).trim()]),
  );
}
/** @type {Map<HTMLCanvasElement, Radar>} */
const radars = new Map();
let timer = 0;

/** @type {(canvas: HTMLCanvasElement) => CanvasRenderingContext2D} */
const penOf = (canvas) => /** @type {any} */ (canvas.getContext("2d"));
/** @type {() => boolean} */
const still = () => globalThis.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @type {(turn: number) => number} */
const angle = (turn) => turn * FULL - FULL / 4;

/** @type {(canvas: any) => Circle} */
function fit(canvas) {
  const box = canvas.parentElement.getBoundingClientRect();
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const [width, height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) * ratio;
  const least = rem >= WALL_REM * ratio ? rem * 0.88 : 11 * ratio; // on the wall nothing is smaller than it can be read
  const text = Math.max(least, Math.min(rem * 0.88, Math.min(width, height) / 26));
  return { x: width / 2, y: height / 2, r: Math.max(10, Math.min(width, height) / 2 - text * 1.7), text: text };
}

/** @type {(pen: CanvasRenderingContext2D, box: Circle) => void} */
function rings(pen, box) {
  pen.strokeStyle = COLOURS.ring;
  pen.lineWidth = Math.max(1, box.text / 14);
  for (const da of [0, ...RINGS]) {
    pen.beginPath();
    pen.arc(box.x, box.y, (box.r * (100 - da)) / 100, 0, FULL);
    pen.stroke();
  }
}

/** @type {(pen: CanvasRenderingContext2D, box: Circle, count: number) => void} */
function spokes(pen, box, count) {
  for (let at = 0; at < count; at += 1) {
    const way = angle(at / count);
    pen.beginPath();
    pen.moveTo(box.x, box.y);
    pen.lineTo(box.x + Math.cos(way) * box.r, box.y + Math.sin(way) * box.r);
    pen.stroke();
  }
}

/**
 * A name along the rim; in the lower half it is turned so that nobody reads it upside down.
 * @type {(pen: CanvasRenderingContext2D, box: Circle, name: string, turn: number, share: number) => void}
 */
function rim(pen, box, name, turn, share) {
  const way = angle(turn);
  const lower = Math.sin(way) > 0.1;
  const room = (FULL * box.r * share) / (box.text * 0.68);
  const words = name.length > room ? name.slice(0, Math.max(3, room - 1)) + "…" : name;
  const radius = box.r + box.text * 0.9;
  const step = (box.text * 0.66) / radius;
  [...words].forEach((letter, at) => {
    const offset = (at - (words.length - 1) / 2) * step;
    const here = way + (lower ? -offset : offset);
    pen.save();
    pen.translate(box.x + Math.cos(here) * radius, box.y + Math.sin(here) * radius);
    pen.rotate(here + (lower ? -FULL / 4 : FULL / 4));
    pen.fillText(letter, 0, 0);
    pen.restore();
  });
}

/**
 * All that stands still, drawn once a size and a set of targets.
 * @type {(radar: Radar, box: Circle) => HTMLCanvasElement}
 */
function ground(radar, box) {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [radar.canvas.width, radar.canvas.height];
  const pen = penOf(sheet);
  rings(pen, box);
  spokes(pen, box, radar.targets.length);
  pen.font = box.text + "px 'B612 Data', monospace";
  pen.fillStyle = COLOURS.label;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const share = 1 / Math.max(1, radar.targets.length);
  radar.targets.forEach((name, at) => rim(pen, box, name, (at + 0.5) * share, share));
  return sheet;
}

/**
 * What a ring means stands upon the dots, with a rim of the ground around each letter.
 * @type {(pen: CanvasRenderingContext2D, box: Circle) => void}
 */
function scale(pen, box) {
  pen.font = box.text + "px 'B612 Data', monospace";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = box.text * 0.35;
  pen.strokeStyle = COLOURS.ground;
  pen.fillStyle = COLOURS.words;
  for (const da of RINGS) {
    const [x, y] = [box.x + box.text * 1.6, box.y - (box.r * (100 - da)) / 100 + box.text * 0.7];
    pen.strokeText("DA " + da, x, y);
    pen.fillText("DA " + da, x, y);
  }
}

/** @type {(pen: CanvasRenderingContext2D, box: Circle, turn: number) => void} */
function sweep(pen, box, turn) {
  const light = pen.createConicGradient(angle(turn - TRAIL), box.x, box.y);
  light.addColorStop(0, COLOURS.middle + "00");
  light.addColorStop(TRAIL, COLOURS.middle + "66");
  light.addColorStop(Math.min(1, TRAIL + 0.0001), COLOURS.middle + "00");
  pen.fillStyle = light;
  pen.beginPath();
  pen.moveTo(box.x, box.y);
  pen.arc(box.x, box.y, box.r, angle(turn - TRAIL), angle(turn));
  pen.fill();
  pen.strokeStyle = COLOURS.middle;
  pen.beginPath();
  pen.moveTo(box.x, box.y);
  pen.lineTo(box.x + Math.cos(angle(turn)) * box.r, box.y + Math.sin(angle(turn)) * box.r);
  pen.stroke();
}

/** @type {(pen: CanvasRenderingContext2D, x: number, y: number, radius: number, alpha: number) => void} */
function ring(pen, x, y, radius, alpha) {
  pen.globalAlpha = alpha;
  pen.beginPath();
  pen.arc(x, y, radius, 0, FULL);
  pen.stroke();
}

/** @type {(pen: CanvasRenderingContext2D, box: Circle, blip: Blip, alpha: number, now: Milliseconds) => void} */
function dot(pen, box, blip, alpha, now) {
  const radius = (box.r * (100 - blip.da)) / 100;
  const [x, y] = [box.x + Math.cos(angle(blip.turn)) * radius, box.y + Math.sin(angle(blip.turn)) * radius];
  const size = Math.min(box.text, box.r * 0.06) * (0.2 + 0.0036 * blip.da);
  pen.fillStyle = pen.strokeStyle = COLOURS[toneOf(blip.da)];
  pen.globalAlpha = alpha;
  pen.beginPath();
  pen.arc(x, y, size, 0, FULL);
  blip.spam ? pen.stroke() : pen.fill();
  if (isHigh(blip.da)) ring(pen, x, y, size * 1.9, alpha * 0.8);
  const age = now - blip.at;
  if (age >= 0 && age < NEW_MS && !still()) ring(pen, x, y, size * (2 + (6 * age) / NEW_MS), 0.9 * (1 - age / NEW_MS));
}

/** @type {(radar: Radar) => void} */
function draw(radar) {
  const box = fit(radar.canvas);
  const pen = penOf(radar.canvas);
  const key = [radar.canvas.width, radar.canvas.height, document.fonts.status, ...radar.targets].join();
  if (radar.key !== key) [radar.key, radar.ground] = [key, ground(radar, box)];
  pen.clearRect(0, 0, radar.canvas.width, radar.canvas.height);
  pen.globalAlpha = 1;
  pen.lineWidth = Math.max(1, box.text / 12);
  if (radar.ground && radar.ground.width) pen.drawImage(radar.ground, 0, 0);
  const now = serverNow();
  const turn = still() || asleep() ? null : (now % TURN_MS) / TURN_MS;
  if (turn !== null) sweep(pen, box, turn);
  for (const blip of radar.blips) dot(pen, box, blip, brightness(blip, turn, now), now);
  pen.globalAlpha = 1;
  scale(pen, box);
}

/* A sweep that turned over old data would lie. */
const asleep = () => ["lost", "silent"].includes(document.documentElement.dataset.link || "");
/** @type {(canvas: HTMLElement) => boolean | null} */
const visible = (canvas) =>
  canvas.offsetParent && canvas.getBoundingClientRect().bottom > 0 && canvas.getBoundingClientRect().top < innerHeight;

function turnAll() {
  timer = 0;
  for (const [canvas, radar] of radars) {
    if (!canvas.isConnected) radars.delete(canvas);
    else if (visible(canvas)) draw(radar);
  }
  if (radars.size && !document.hidden && !still()) timer = setTimeout(() => requestAnimationFrame(turnAll), FRAME_MS);
}

/** @type {(canvas: HTMLCanvasElement, state: LiveState) => void} */
export function drawRadar(canvas, state) {
  const told = state.radar || {};
  const known = radars.get(canvas) || { canvas, targets: [], blips: [] };
  radars.set(canvas, Object.assign(known, { targets: told.targets || [], blips: placed(told) }));
  if (!timer) timer = setTimeout(() => requestAnimationFrame(turnAll), 0);
}

export function start() {
  globalThis.addEventListener("mc:theme", learnColours);

  learnColours();
}
