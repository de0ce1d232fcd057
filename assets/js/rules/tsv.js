/* What a panel shows as text that a spreadsheet takes: a row a line, tabs between its cells. Pure. */

const DAY_MS = 86400000;

/** @type {(cell: any) => string} */
const plain = (cell) => String(cell ?? "").replace(/\s+/g, " ").trim();

/** @type {(rows: any[][]) => string} */
export const lines = (rows) => rows.map((row) => row.map(plain).join("\t")).join("\n");

/**
 * A place of a trace: what it says, or so many steps from where it begins.
 * @type {(trace: Fields, at: number) => any}
 */
function place(trace, at) {
  if (trace.x) return trace.x[at];
  const begin = Date.parse(trace.x0);
  const ms = begin + at * (trace.dx || DAY_MS);
  return Number.isNaN(begin) ? at : new Date(ms).toISOString().slice(0, ms % DAY_MS ? 16 : 10);
}

/** @type {(trace: Fields) => any[][]} */
const cells = (trace) => [
  ["", ...trace.x],
  ...trace.y.map((/** @type {string} */ name, /** @type {number} */ at) => [
    name,
    ...Array.from(trace.text[at]),
  ]),
];

/** @type {(trace: Fields) => any[][]} */
const points = (
  trace,
) => [
  trace.meta || ["angle", "radius"],
  ...Array.from(trace.r).map((r, at) => trace.customdata ? Array.from(trace.customdata[at]) : [trace.theta[at], r]),
];

/**
 * The drawn data of a chart: a row a place, a column a trace. What was drawn below zero only to stand below is told by
 * its own numbers.
 * @type {(data: Fields[]) => string}
 */
export function ofFigure(data) {
  const [first] = data;
  if (!first) return "";
  if (first.type === "heatmap") return lines(cells(first));
  if (first.type === "scatterpolar") return lines(points(first));
  /** @type {Map<any, Record<string, any>>} */
  const rows = new Map();
  for (const trace of data) {
    Array.from(trace.customdata || trace.y || []).forEach((value, at) => {
      const x = place(trace, at);
      rows.set(x, Object.assign(rows.get(x) || {}, { [trace.name]: Number.isNaN(value) ? "" : value }));
    });
  }
  const names = [...new Set(data.map((trace) => trace.name))];
  return lines([["", ...names], ...[...rows].sort().map(([x, row]) => [x, ...names.map((name) => row[name])])]);
}
