/* What is wrong with the page as it stands; arguments[0] is the least size of text in pixels,
   arguments[1] the least height of what is touched. */
const FOREIGN = ".ag-root, .js-plotly-plot";
const box = (e) => e.getBoundingClientRect();
const style = (e) => getComputedStyle(e);
const name = (e) => (e.className.baseVal ?? e.className) || e.tagName;
const shown = (e) => box(e).width > 1 && box(e).height > 1 && !e.closest(".sr-only, details:not([open]) > :not(summary)") && e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim());
const meet = (p, q) => p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1;


/* A row that a list had no room for stands outside the list's own box, where nobody sees it. */
const lists = ".jobs, .links, .failures, .quotas";
const hiddenRow = (e) => e.closest(lists) && style(e.closest(lists)).overflow === "hidden" && !meet(box(e), box(e.closest(lists)));
const texts = [...document.querySelectorAll("body *")].filter((e) => shown(e) && speaks(e) && !e.closest(FOREIGN) && !hiddenRow(e));
const tiles = [...document.querySelectorAll(".panel")].filter((e) => shown(e) && !e.matches(".drawer"));

const small = texts.filter((e) => parseFloat(style(e).fontSize) < arguments[0]);
const cut = texts.filter((e) => {
  if (e.matches("textarea") || style(e).overflow === "visible" || style(e).textOverflow === "ellipsis") return false;
  return e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 4;
});
const over = tiles.flatMap((a, i) => tiles.slice(i + 1).filter((b) => meet(box(a), box(b))).map((b) => [name(a), name(b)]));
/* What scrolls inside its tile, or is cut off there, is not seen outside of it. */
const above = (e, top) => { const found = []; for (let p = e; p && p !== top; p = p.parentElement) found.push(p); return found; };
const within = (p, q) => ({ left: Math.max(p.left, q.left), top: Math.max(p.top, q.top), right: Math.min(p.right, q.right), bottom: Math.min(p.bottom, q.bottom) });
const seen = (e, r, top) => above(e.parentElement, top).filter((p) => style(p).overflow !== "visible").map(box).reduce(within, r);
const spilt = texts.filter((e) => {
  const tile = e.closest(".panel:not(.drawer)");
  if (!tile) return false;
  const [p, q] = [box(tile), seen(e, box(e), tile)];
  if (q.right <= q.left || q.bottom <= q.top) return false;
  return (q.left < p.left - 1 || q.right > p.right + 1 || q.bottom > p.bottom + 1);
});

/* Words upon other words: the boxes of the letters, as far as the boxes around them let them be seen. What floats over the
   page (a drawer, a toast, a bar at the foot) is meant to lie upon it. */
const floats = (e) => above(e, document.body).some((p) => ["fixed", "sticky"].includes(style(p).position));
const letters = (e) => {
  const frames = above(e, document.body).filter((p) => style(p).overflow !== "visible").map(box);
  const range = document.createRange();
  return [...e.childNodes].filter((n) => n.nodeType === 3 && n.nodeValue.trim()).flatMap((n) => {
    range.selectNodeContents(n);
    return [...range.getClientRects()].map((r) => ({ e, ...frames.reduce(within, r) })).filter((r) => r.right - r.left > 3 && r.bottom - r.top > 3);
  });
};
const covers = (p, q) => {
  const both = within(p, q);
  return both.right - both.left > 3 && both.bottom - both.top > 0.35 * Math.min(p.bottom - p.top, q.bottom - q.top);
};
/* From the top down, each with those that begin before it ends: a page has thousands of them. */
const pieces = texts.filter((e) => !floats(e)).flatMap(letters).sort((p, q) => p.top - q.top);
const clash = pieces.flatMap((p, i) => {
  const end = pieces.findIndex((q, j) => j > i && q.top >= p.bottom);
  return pieces.slice(i + 1, end < 0 ? undefined : end).filter((q) => q.e !== p.e && covers(p, q)).map((q) => [p.e, q.e]);
});

/* What a finger must hit, where arguments[1] is its least height; a check box is hit by its label. */
const CONTROLS = "a.destination, a.button, button, summary, select, input:not([type=checkbox], [type=radio])";
const tiny = [...document.querySelectorAll(CONTROLS)].filter((e) => shown(e) && !e.closest(FOREIGN) && Math.round(box(e).height) < arguments[1]);

const content = document.querySelector(".content");
const told = (e) => name(e) + ": " + e.textContent.slice(0, 40);

return {
  wide: document.documentElement.scrollWidth - innerWidth,
  tall: Math.max(document.documentElement.scrollHeight - innerHeight, content.scrollHeight - content.clientHeight),
  figure: Math.min(...[...document.querySelectorAll(".card-number")].map((e) => parseFloat(style(e).fontSize))),
  faults: { small: small.map(told), cut: cut.map(told), over: over, spilt: spilt.map(told), tiny: tiny.map((e) => told(e) + " " + Math.round(box(e).height)),
    clash: clash.map(([a, b]) => told(a) + " × " + told(b)) },
};
