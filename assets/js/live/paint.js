/* Writes the state into the elements that ask for it by data-attributes (components/kit/live.py makes them).
   Only what changed is written; what React drew stays React's. */
import { drawAreas } from "./area-chart.js";
import { drawRadar } from "./radar.js";
import { format } from "../rules/formats.js";
import { pick } from "../rules/merge.js";
import { turned } from "../rules/rotation.js";
import { heights } from "../rules/spark.js";

const SVG = "http://www.w3.org/2000/svg";
const SELECTOR =
  "[data-live],[data-live-attr],[data-live-style],[data-live-show],[data-spark],[data-live-list],[data-draw],[data-rest]";
const SCOPE = "[data-live-list],[data-specimens]";
/** @type {Record<string, (element: any, state: any, now: Milliseconds) => void>} */
const draws = { areas: drawAreas, radar: drawRadar };
/** @type {WeakMap<Element, Plan>} */
const compiled = new WeakMap();

/** @type {(path: string) => Path} */
const split = (path) => (path === "$key" ? null : path.split("."));
/** @type {(scope: any, path: Path) => any} */
const read = (scope, path) => (path === null ? scope.$key : pick(scope, path));

/** @type {(words: string) => Binding[]} */
function pairs(words) {
  return words.split(";").map((pair) => {
    const at = pair.lastIndexOf(":");
    return { name: pair.slice(0, at), path: split(pair.slice(at + 1)), last: undefined };
  });
}

/** @type {(element: any) => Plan} */
function compile(element) {
  const data = element.dataset;
  const plan = {};
  if (data.live) plan.text = { path: split(data.live), form: data.format, keep: "liveKeep" in data, last: undefined };
  if (data.liveAttr) plan.attributes = pairs(data.liveAttr);
  if (data.liveStyle) plan.variables = pairs(data.liveStyle);
  if (data.liveShow) plan.show = split(data.liveShow);
  if (data.spark) {
    plan.spark = {
      path: split(data.spark),
      threshold: data.threshold ? split(data.threshold) : undefined,
      last: undefined,
    };
  }
  if (data.draw) plan.draw = data.draw;
  if (data.rest) plan.rest = split(data.rest);
  if (data.liveList) plan.list = listPlan(element);
  compiled.set(element, plan);
  return plan;
}

/** @type {(element: any) => ListPlan} */
function listPlan(element) {
  const sort = (element.dataset.sort || "").split(",").filter(Boolean);
  return {
    path: split(element.dataset.liveList),
    limit: Number(element.dataset.limit) || Infinity,
    sort: sort.map((
      /** @type {string} */ key,
    ) => (key[0] === "-" ? { key: key.slice(1), way: -1 } : { key: key, way: 1 })),
    template: element.querySelector(":scope > [data-template]"),
    rows: new Map(),
    counted: [],
    from: 0,
    all: 0,
    fits: 0,
    room: "",
  };
}

/** @type {(element: HTMLElement, plan: TextPlan, scope: any, now: Milliseconds) => void} */
function paintText(element, plan, scope, now) {
  const value = read(scope, plan.path);
  if (value === undefined && plan.keep) return;
  const words = format(value, plan.form, now);
  if (words !== plan.last) element.textContent = plan.last = words;
}

/** @type {(element: HTMLElement, list: Binding[], scope: any) => void} */
function paintAttributes(element, list, scope) {
  for (const binding of list) {
    const value = read(scope, binding.path);
    if (value === binding.last) continue;
    binding.last = value;
    if (value === undefined || value === null) element.removeAttribute(binding.name);
    else element.setAttribute(binding.name, String(value));
  }
}

/** @type {(element: HTMLElement, list: Binding[], scope: any) => void} */
function paintVariables(element, list, scope) {
  for (const binding of list) {
    const value = read(scope, binding.path);
    if (value === undefined || value === null || value === binding.last) continue;
    binding.last = value;
    element.style.setProperty(binding.name, value);
    if (binding.name === "--p") element.setAttribute("aria-valuenow", String(Math.round(value || 0)));
  }
}

/** @type {(element: HTMLElement) => Element} */
function sparkParts(element) {
  if (element.firstElementChild) return element.firstElementChild;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  for (const [part, kind] of [["spark-area", "polygon"], ["spark-threshold", "polyline"], ["spark-line", "polyline"]]) {
    const shape = document.createElementNS(SVG, kind);
    shape.setAttribute("class", part);
    svg.appendChild(shape);
  }
  element.appendChild(svg);
  return svg;
}

/** @type {(element: HTMLElement, plan: SparkPlan, scope: any) => void} */
function paintSpark(element, plan, scope) {
  /** @type {number[]} */
  const numbers = (read(scope, plan.path) || []).map((/** @type {number | null} */ n) => n || 0);
  const threshold = plan.threshold ? read(scope, plan.threshold) : undefined;
  const key = numbers.join() + "/" + threshold;
  if (key === plan.last) return;
  plan.last = key;
  const [area, limit, curve] = sparkParts(element).children;
  const { height, near } = heights(numbers, threshold);
  const line = numbers.length > 1
    ? numbers.map((n, i) => ((i * 100) / (numbers.length - 1)).toFixed(1) + "," + height(n))
    : [];
  area.setAttribute("points", line.length ? "0," + height(0) + " " + line.join(" ") + " 100," + height(0) : "");
  limit.setAttribute("points", line.length && near ? "0," + height(threshold) + " 100," + height(threshold) : "");
  curve.setAttribute("points", line.join(" "));
}

/**
 * On the full screen a list holds all of its rows, and scrolls.
 * @type {(plan: ListPlan) => boolean}
 */
const isZoomed = (plan) => Boolean(plan.template && plan.template.closest(".panel[data-zoomed]"));
const isKiosk = () => document.documentElement.hasAttribute("data-kiosk");

/**
 * The rows that are drawn, in their order; on a wall, as many as fit, in turn.
 * @type {(plan: ListPlan, scope: any, now: Milliseconds) => [string, any][]}
 */
function ordered(plan, scope, now) {
  const source = read(scope, plan.path);
  if (!source) return [];
  /** @type {[string, any][]} */
  const rows = Array.isArray(source)
    ? source.map((row, i) => [row.id === undefined ? String(i) : String(row.id), row])
    : Object.entries(source);
  /** @type {(a: [string, any], b: [string, any]) => number} */
  const before = ([, a], [, b]) => {
    for (const { key, way } of plan.sort) {
      if (a[key] < b[key]) return -way;
      if (a[key] > b[key]) return way;
    }
    return 0;
  };
  plan.all = rows.length;
  plan.from = isKiosk() ? turned(rows.length, plan.fits, now) : 0;
  const most = plan.from ? plan.fits : isZoomed(plan) ? Infinity : plan.limit;
  return rows.sort(before).slice(plan.from, plan.from + most);
}

/** @type {(plan: ListPlan) => any} */
function newRow(plan) {
  /** @type {any} */
  const row = plan.template && plan.template.cloneNode(true);
  row.removeAttribute("data-template");
  row.removeAttribute("id");
  row.hidden = false;
  return row;
}

/** @type {(plan: ListPlan, scope: any, now: Milliseconds) => void} */
function paintList(plan, scope, now) {
  if (!plan.template) return;
  const wanted = ordered(plan, scope, now);
  const keys = new Set(wanted.map(([key]) => key));
  for (const [key, row] of plan.rows) {
    if (!keys.has(key)) {
      row.remove();
      plan.rows.delete(key);
    }
  }
  /** @type {HTMLElement} */
  let after = plan.template;
  plan.counted = wanted.filter(([, value]) => value.counts !== false).map(([key]) => key);
  for (const [key, value] of wanted) {
    const row = plan.rows.get(key) || newRow(plan);
    plan.rows.set(key, row);
    value.$key = key;
    if (after.nextElementSibling !== row) after.after(row);
    paintTree(row, value, now);
    after = row;
  }
}

/** @type {(list: ListPlan, seen: number, all: number) => string} */
function restOf({ from, rows, all: listed }, seen, all) {
  if (from) return format(from + 1, "int") + "–" + format(from + rows.size, "int") + " of " + format(listed, "int");
  return all > seen
    ? format(seen, "int") + " of " + format(all, "int") + " · +" + format(all - seen, "int") + " more"
    : "";
}

/**
 * Rows that do not fit stand out of sight, and beyond its limit a list draws none: the line below it says how many.
 * @type {(element: any, path: Path, scope: any) => void}
 */
function paintRest(element, path, scope) {
  const list = element.previousElementSibling;
  const box = list.getBoundingClientRect();
  const plan = compiled.get(list);
  if (!plan || !plan.list || !box.height) return;
  const { counted, rows } = plan.list;
  const room = box.width + "x" + box.height;
  /** @type {(row?: HTMLElement) => boolean} */
  const isSeen = (row) => {
    if (!row) return false;
    const at = row.getBoundingClientRect();
    return at.height > 0 && at.right <= box.right + 1 && at.bottom <= box.bottom + 1;
  };
  const seen = counted.filter((key) => isSeen(rows.get(key))).length;
  if (!plan.list.from || plan.list.room !== room) {
    Object.assign(plan.list, { room, fits: [...rows.values()].filter(isSeen).length });
  }
  const words = restOf(plan.list, seen, read(scope, path) || 0);
  if (element.textContent !== words) element.textContent = words;
  element.hidden = !words;
}

/** @type {(element: HTMLElement, scope: any, now: Milliseconds) => void} */
function paintElement(element, scope, now) {
  const plan = compiled.get(element) || compile(element);
  if (plan.text) paintText(element, plan.text, scope, now);
  if (plan.attributes) paintAttributes(element, plan.attributes, scope);
  if (plan.variables) paintVariables(element, plan.variables, scope);
  if (plan.show) element.hidden = !read(scope, plan.show);
  if (plan.spark) paintSpark(element, plan.spark, scope);
  if (plan.draw && draws[plan.draw]) draws[plan.draw](element, scope, now);
  if (plan.list) paintList(plan.list, scope, now);
  if (plan.rest) paintRest(element, plan.rest, scope);
}

/**
 * Everything under `element` that belongs to this scope; what stands in an inner list belongs to its rows.
 * @type {(element: HTMLElement, scope: any, now: Milliseconds) => void}
 */
export function paintTree(element, scope, now) {
  if (element.matches && element.matches(SELECTOR)) paintElement(element, scope, now);
  const mine = element.matches && element.matches("[data-live-list]")
    ? null
    : element.closest && element.closest(SCOPE);
  for (const child of element.querySelectorAll(SELECTOR)) {
    if (!child.parentElement) continue; // a row that was taken away while this was painted
    const list = child.parentElement.closest(SCOPE);
    if (list === mine || (!list && !mine)) paintElement(child, scope, now);
  }
}
