/* What is wrong with the page as it stands; arguments[0] is the least size of text in pixels. */
const FOREIGN = ".ag-root, .js-plotly-plot";
const box = (e) => e.getBoundingClientRect();
const style = (e) => getComputedStyle(e);
const name = (e) => (e.className.baseVal ?? e.className) || e.tagName;
const shown = (e) => box(e).width > 1 && box(e).height > 1 && !e.closest(".sr-only, details:not([open]) > :not(summary)");
const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim());
const meet = (p, q) => p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1;


/* A row that a list had no room for stands outside the list's own box, where nobody sees it. */
const lists = ".jobs, .links, .failures";
const hiddenRow = (e) => e.closest(lists) && style(e.closest(lists)).overflow === "hidden" && !meet(box(e), box(e.closest(lists)));
const texts = [...document.querySelectorAll("body *")].filter((e) => shown(e) && speaks(e) && !e.closest(FOREIGN) && !hiddenRow(e));
const tiles = [...document.querySelectorAll(".panel")].filter((e) => shown(e) && !e.matches(".drawer"));

const small = texts.filter((e) => parseFloat(style(e).fontSize) < arguments[0]);
const cut = texts.filter((e) => {
  if (e.matches("textarea") || style(e).overflow === "visible" || style(e).textOverflow === "ellipsis") return false;
  return e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 4;
});
const over = tiles.flatMap((a, i) => tiles.slice(i + 1).filter((b) => meet(box(a), box(b))).map((b) => [name(a), name(b)]));
const spilt = texts.filter((e) => {
  const tile = e.closest(".panel:not(.drawer)");
  if (!tile) return false;
  const [p, q] = [box(tile), box(e)];
  return (q.left < p.left - 1 || q.right > p.right + 1 || q.bottom > p.bottom + 1);
});
const content = document.querySelector(".content");
const told = (e) => name(e) + ": " + e.textContent.slice(0, 40);

return {
  wide: document.documentElement.scrollWidth - innerWidth,
  tall: Math.max(document.documentElement.scrollHeight - innerHeight, content.scrollHeight - content.clientHeight),
  figure: Math.min(...[...document.querySelectorAll(".card-number")].map((e) => parseFloat(style(e).fontSize))),
  faults: { small: small.map(told), cut: cut.map(told), over: over, spilt: spilt.map(told) },
};
