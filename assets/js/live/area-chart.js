/* Stacked areas of the last hour, drawn from the live state. The drawing fits its box: a small one gets fewer
   ticks, not smaller words. */
import { MINUTES, minutes, step } from "../rules/area-chart.js";
import { format } from "../rules/formats.js";

const SVG = "http://www.w3.org/2000/svg";
const BANDS = ["low", "middle", "high"]; // from the ground up
const drawn = new WeakMap();

/** @type {(kind: string, parent: Element, attributes: Record<string, string | number>, words?: string) => Element} */
function node(kind, parent, attributes, words) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (words !== undefined) made.textContent = words;
  return parent.appendChild(made);
}

/** @type {(svg: Element, box: Axes, top: number) => void} */
function ladder(svg, box, top) {
  const gap = Math.max(1, step(top) * (box.height < box.em * 9 ? 2 : 1));
  for (let n = 0; n <= top; n += gap) {
    const y = box.y(n);
    node("line", svg, { x1: box.left, x2: box.right, y1: y, y2: y, class: n ? "area-grid" : "area-zero" });
    node("text", svg, { x: box.left - box.em * 0.5, y: y + box.em * 0.35, "text-anchor": "end" }, format(n, "int"));
  }
}

/** @type {(svg: Element, box: Axes) => void} */
function times(svg, box) {
  const every = box.right - box.left < box.em * 34 ? 30 : 15;
  for (let ago = MINUTES; ago >= 0; ago -= every) {
    const anchor = ago === MINUTES ? "start" : ago ? "middle" : "end";
    const words = ago === MINUTES ? "−60 min" : ago ? "−" + ago : "now";
    node("text", svg, {
      x: box.x(MINUTES - 1 - ago * ((MINUTES - 1) / MINUTES)),
      y: box.bottom + box.em * 1.4,
      "text-anchor": anchor,
    }, words);
  }
}

/** @type {(svg: Element, box: Axes, rows: number[][]) => void} */
function layers(svg, box, rows) {
  let below = rows.map(() => 0);
  BANDS.forEach((band, at) => {
    const above = rows.map((row, i) => below[i] + row[BANDS.length - 1 - at]);
    const up = above.map((n, i) => box.x(i).toFixed(1) + "," + box.y(n).toFixed(1));
    const down = below.map((n, i) => box.x(i).toFixed(1) + "," + box.y(n).toFixed(1)).reverse();
    node("polygon", svg, { points: up.concat(down).join(" "), class: "area-" + band });
    node("polyline", svg, { points: up.join(" "), class: "area-line area-" + band });
    below = above;
  });
}

/** @type {(element: HTMLElement, top: number) => Axes} */
function frame(element, top) {
  const em = parseFloat(getComputedStyle(element).fontSize);
  const [width, height] = [element.clientWidth, element.clientHeight];
  const left = em * (0.9 + 0.65 * format(top, "int").length);
  const [right, bottom, head] = [width - em * 0.3, height - em * 1.9, em * 0.6];
  return {
    width: width,
    height: height,
    em: em,
    left: left,
    right: right,
    bottom: bottom,
    x: (i) => left + ((right - left) * i) / (MINUTES - 1),
    y: (n) => bottom - ((bottom - head) * n) / top,
  };
}

/** @type {(element: HTMLElement, state: LiveState, now: Milliseconds) => void} */
export function drawAreas(element, state, now) {
  const rows = minutes(state.discovery || {}, now);
  const key = JSON.stringify([rows, element.clientWidth, element.clientHeight]);
  if (drawn.get(element) === key || !element.clientWidth) return;
  drawn.set(element, key);
  const most = Math.max(...rows.map((row) => row[0] + row[1] + row[2]), 4);
  const top = Math.ceil(most / step(most)) * step(most);
  const box = frame(element, top);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 " + box.width + " " + box.height);
  layers(svg, box, rows);
  ladder(svg, box, top);
  times(svg, box);
  element.replaceChildren(svg);
}
