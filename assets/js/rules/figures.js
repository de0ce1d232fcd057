/* What a figure gets where it is drawn, for only there the moment and the room are known. Pure. */
const DAY_MS = 86400000;
const LETTER = 0.62; // of the size of type
const LEAST_SHARE = 0.35; // of the width is left for cells beside long names

/** @type {(figure: Fields) => Fields} */
const copied = (figure) => ({
  data: figure.data.map((/** @type {Fields} */ trace) => Object.assign({}, trace)),
  layout: Object.assign({}, figure.layout),
});

/** @type {(bar: Fields, at: number, days: number) => Fields} */
function hatched(bar, at, days) {
  const shape = Array.from({ length: days }, (_, i) => (i === at ? "/" : ""));
  return Object.assign({}, bar.marker, { pattern: { shape, fillmode: "overlay", solidity: 0.4 } });
}

/**
 * The day that is not over is hatched and says so: it is no collapse. `meta` is what `components/kit/axes.py` says.
 * @type {(figure: Fields, now: Milliseconds) => Fields}
 */
export function withOpenDay(figure, now) {
  const { first, days } = figure.layout.meta || {};
  const at = first === undefined ? -1 : Math.floor((now - Date.parse(first)) / DAY_MS);
  if (at < 0 || at >= days || !figure.data.length) return figure;
  const { data, layout } = copied(figure);
  for (const trace of data) if (trace.type === "bar") trace.marker = hatched(trace, at, days);
  const day = new Date(Date.parse(first) + at * DAY_MS).toISOString().slice(0, 10);
  const note = { text: "today so far", x: day, xanchor: "right", y: 1, yref: "paper", yanchor: "bottom" };
  const look = { showarrow: false, font: { color: "var(--text-second)" }, name: "open-day" };
  /* Above the plot, where nothing of the chart lies. */
  layout.annotations = [...(layout.annotations || []), Object.assign({}, note, look)];
  if (!layout.showlegend) layout.margin = Object.assign({ t: 26 }, layout.margin);
  return { data, layout };
}

/**
 * The words of a heat map: none in cells that they do not fit into, and below 11 px they would not be read.
 * @type {(figure: Fields, width: number, size: number) => Fields}
 */
export function withRoom(figure, width, size) {
  if (!width || !figure.data.some((/** @type {Fields} */ trace) => trace.type === "heatmap")) return figure;
  const { data, layout } = copied(figure);
  for (const trace of data.filter((/** @type {Fields} */ one) => one.type === "heatmap")) {
    const names = Math.max(0, ...trace.y.map((/** @type {string} */ name) => name.length));
    const room = Math.max(width - names * size * LETTER, width * LEAST_SHARE) / trace.x.length;
    const widest = Math.max(0, ...trace.text.flat().map((/** @type {string} */ words) => words.length));
    trace.textfont = Object.assign({}, trace.textfont, { size });
    if (widest * size * LETTER + 4 > room) delete trace.texttemplate;
    const ticks = (layout.xaxis || {}).ticktext || [];
    const longest = Math.max(0, ...ticks.map((/** @type {string} */ words) => words.length));
    const step = Math.ceil((longest * size * LETTER + 6) / room);
    layout.xaxis = Object.assign({}, layout.xaxis, {
      tickvals: layout.xaxis.tickvals.filter((/** @type {string} */ _, /** @type {number} */ i) => i % step === 0),
      ticktext: ticks.filter((/** @type {string} */ _, /** @type {number} */ i) => i % step === 0),
    });
  }
  return { data, layout };
}
