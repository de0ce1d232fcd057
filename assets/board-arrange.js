/* Arranging a page: panels are dragged and resized by mouse, touch and keyboard. gridstack follows the pointer, and is
   fetched when somebody arranges; where things come to stand is decided in board-rules.js. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const VENDOR = "/assets/vendor/gridstack/gridstack";
  const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
  const PHONE_CELL_REM = 1.25;
  const SIZES = { number: { wall: [3, 4], desk: [3, 4], laptop: [6, 4], phone: [12, 4] }, chart: { wall: [7, 8], desk: [8, 8], laptop: [12, 8], phone: [24, 8] } };
  const HELP = "Drag a panel, or pull its edge. Keyboard: Tab to a panel, arrows move it, Shift and arrows resize it, Delete takes it away, Escape leaves.";
  let now = null; // what is being arranged: {board, screen, items, grid, before, wanted, bar}
  let loading = null;

  const rules = () => MC.rules;
  const itemOf = (name) => rules().find(now.items, name);
  const label = (item) => MC.boardTitle(item);

  function vendor() {
    if (root.GridStack) return Promise.resolve();
    loading = loading || new Promise((done, failed) => {
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: VENDOR + ".css" });
      const script = Object.assign(document.createElement("script"), { src: VENDOR + ".js" });
      Object.assign(script, { onload: done, onerror: () => { loading = null; failed(new Error("gridstack")); } });
      document.head.append(style, script);
    });
    return loading;
  }

  function say(words) {
    const line = now && now.bar.querySelector("[role=status]");
    if (line) line.textContent = words;
  }

  function where(item) {
    if (now.screen === "phone") {
      const order = rules().shown(now.items).sort(rules().byPlace);
      return label(item) + ": " + (order.findIndex((one) => one.panel === item.panel) + 1) + " of " + order.length;
    }
    return label(item) + ": column " + (item.x + 1) + ", row " + (item.y + 1) + ", " + item.w + " wide, " + item.h + " high";
  }

  /* On the phone only the order counts: everything is a short bar, one below the other. */
  function shortened(items) {
    const order = rules().shown(items).sort(rules().byPlace).sort((a, b) => MC.board.isCard(b) - MC.board.isCard(a));
    let y = 0;
    let left = true;
    const placed = order.map((item) => {
      const card = MC.board.isCard(item);
      if (!card && !left) { left = true; y += 3; }
      const bar = Object.assign({}, item, card ? { x: left ? 0 : 12, y: y, w: 12, h: 3 } : { x: 0, y: y, w: 24, h: 3 });
      if (!card || !left) y += 3;
      if (card) left = !left;
      return bar;
    });
    return [...placed, ...items.filter((item) => item.hidden)];
  }

  function cellHeight(board) {
    const style = getComputedStyle(board);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    now.gap = parseFloat(style.rowGap) || rem * 0.75;
    if (now.screen === "phone") return PHONE_CELL_REM * rem;
    if (rules().isFixed(now.definition, now.screen) && root.innerHeight >= 1200) return (board.clientHeight + now.gap) / now.definition.rows;
    return 2.9 * rem + now.gap;
  }

  function dressPlace(item) {
    const place = MC.board.named(item.panel);
    const least = rules().least(now.definition, item.panel, now.screen);
    const given = { "gs-x": item.x, "gs-y": item.y, "gs-w": item.w, "gs-h": item.h, "gs-min-w": least[0], "gs-min-h": least[1] };
    for (const [name, value] of Object.entries(given)) place.setAttribute(name, value);
    place.classList.add("grid-stack-item");
    [...place.children].forEach((child) => child.matches(".panel, .widget") && child.classList.add("grid-stack-item-content"));
    if (!place.querySelector(".mover")) place.append(...MC.arrangeBar.handle(item));
    place.querySelector(".mover").setAttribute("aria-label", where(item));
  }

  const places = () => now.board.querySelectorAll("[data-panel]");

  function stopGrid() {
    if (now.grid) now.grid.destroy(false);
    now.grid = null;
  }

  /* The grid as the items say; the element that has the focus keeps it. */
  function draw() {
    stopGrid();
    MC.board.sketch(now.items);
    const here = rules().shown(now.items);
    places().forEach((place) => here.some((item) => item.panel === place.dataset.panel) || MC.arrangeBar.undress(place));
    here.forEach(dressPlace);
    const fixed = rules().isFixed(now.definition, now.screen);
    const still = root.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const handles = now.screen === "phone" ? "" : "n, e, s, w, se, sw";
    now.grid = root.GridStack.init({
      column: now.definition.columns, cellHeight: now.cell + "px", margin: now.gap / 2 + "px", float: fixed, maxRow: fixed ? now.definition.rows : 0,
      animate: !still, alwaysShowResizeHandle: true, disableResize: now.screen === "phone", resizable: { handles: handles },
      draggable: { handle: ".mover", cancel: ".take-away", scroll: true },
    }, now.board);
    listen();
  }

  const nameOf = (element) => element.dataset.panel;

  /* gridstack tells of a step only where it finds room; where there is none the pointer is followed here. This listens
     after gridstack, because it begins after it. */
  let following = null;

  function follow(act) {
    unfollow();
    Object.assign(now, { before: now.items, wanted: null, target: null });
    following = act;
    document.addEventListener("mousemove", following, true);
  }

  function unfollow() {
    if (following) document.removeEventListener("mousemove", following, true);
    following = null;
  }

  function listen() {
    now.grid.on("dragstart", (_, element) => follow((event) => mark(element, event)));
    now.grid.on("resizestart", (_, element) => follow(() => { now.wanted = measured(element); }));
    now.grid.on("dragstop", (_, element) => later(() => dropped(nameOf(element))));
    now.grid.on("resizestop", (_, element) => later(() => stretched(nameOf(element))));
  }

  /* gridstack finishes its own work first. */
  function later(act) {
    unfollow();
    setTimeout(() => now && act(), 0);
  }

  const holds = (box, at) => at.clientX >= box.left && at.clientX <= box.right && at.clientY >= box.top && at.clientY <= box.bottom;

  function mark(element, event) {
    const others = [...now.board.querySelectorAll(".grid-stack-item[data-panel]")].filter((place) => place !== element);
    const target = others.find((place) => holds(place.getBoundingClientRect(), event));
    places().forEach((place) => place.classList.toggle("trading", place === target));
    now.target = target ? nameOf(target) : null;
  }

  function measured(element) {
    const [box, board] = [element.getBoundingClientRect(), now.board.getBoundingClientRect()];
    const column = board.width / now.definition.columns;
    const [left, right] = [box.left - board.left, box.right - board.left].map((at) => Math.round(at / column));
    const [top, bottom] = [box.top - board.top, box.bottom - board.top].map((at) => Math.round(at / now.cell));
    return { x: Math.max(0, left), y: Math.max(0, top), w: Math.max(1, Math.min(now.definition.columns, right) - Math.max(0, left)), h: Math.max(1, bottom - Math.max(0, top)) };
  }

  /* Where gridstack has put everything. */
  function gridItems() {
    const nodes = new Map(now.grid.engine.nodes.map((node) => [nameOf(node.el), node]));
    const moved = ({ x, y, w, h }) => ({ x, y, w, h });
    return now.items.map((item) => Object.assign({}, item, nodes.has(item.panel) ? moved(nodes.get(item.panel)) : {}));
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function dropped(name) {
    places().forEach((place) => place.classList.remove("trading"));
    const there = gridItems();
    const traded = () => now.target && now.target !== name && rules().trade(now.definition, now.screen, now.before, name, now.target);
    const found = same(there, now.before) || !rules().valid(now.definition, now.screen, there) ? traded() : there;
    settle(found, name, now.target ? "There is no room for " + label(itemOf(name)) + " there" : where(itemOf(name)));
  }

  function stretched(name) {
    const fixed = rules().isFixed(now.definition, now.screen);
    const found = fixed && now.wanted ? rules().taken(now.definition, now.screen, now.before, name, within(now.wanted)) : gridItems();
    settle(found, name, "A neighbour cannot be smaller");
  }

  const within = (place) => Object.assign({}, place, { h: Math.min(place.h, now.definition.rows - place.y) });

  function settle(found, name, otherwise) {
    if (found) now.items = now.screen === "phone" ? shortened(found) : found;
    draw();
    say(found ? where(itemOf(name)) : otherwise);
  }

  function key(event) {
    if (!now) return;
    if (event.key === "Escape") {
      event.stopImmediatePropagation();
      return leave();
    }
    const mover = event.target.closest && event.target.closest("[data-mover]");
    if (!mover) return;
    const name = mover.dataset.mover;
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); takeAway(name); }
    if (!ARROWS.includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey && now.screen === "phone") return say("On the phone only the order counts");
    const act = event.shiftKey ? rules().resized : rules().moved;
    const found = act(now.definition, now.screen, now.items, name, event.key);
    settle(found, name, event.shiftKey ? label(itemOf(name)) + ": no further, a panel would be too small" : label(itemOf(name)) + ": no room on that side");
    MC.board.named(name).querySelector(".mover").focus({ preventScroll: true });
    MC.board.named(name).scrollIntoView({ block: "nearest" });
  }

  function takeAway(name) {
    const words = label(itemOf(name)) + " taken away; it stands in the list";
    now.items = rules().removed(now.definition, now.screen, now.items, name);
    draw();
    MC.arrangeBar.offer(now);
    say(words);
    now.bar.querySelector("select").focus();
  }

  /* A panel that was hidden, or a number or chart for the first free slot. */
  function add(what) {
    const hidden = now.items.find((item) => item.hidden && item.panel === what);
    const slot = now.definition.slots.find((name) => !rules().find(now.items, name));
    if (!hidden && !slot) return say("All " + now.definition.slots.length + " places for numbers and charts are taken");
    const kind = MC.catalogue().numbers[what] ? "number" : "chart";
    const usual = hidden ? rules().usual(now.definition, now.screen).find((item) => item.panel === what) : null;
    const size = usual ? [usual.w, usual.h] : SIZES[kind][now.screen];
    const least = hidden ? rules().least(now.definition, what, now.screen) : size;
    const item = hidden || { panel: slot, shows: what };
    const found = [size, least].map((one) => rules().added(now.definition, now.screen, now.items, item, one)).find(Boolean);
    if (!found) return say("There is no room: take a panel away, or make one smaller");
    return entered(found, item.panel);
  }

  function entered(found, name) {
    settle(found, name, "");
    MC.arrangeBar.offer(now);
    say(where(itemOf(name)) + " added");
    const mover = MC.board.named(name).querySelector(".mover");
    mover.scrollIntoView({ block: "nearest" });
    mover.focus({ preventScroll: true });
  }

  function leave() {
    if (!now) return;
    const { board, bar } = now;
    stopGrid();
    places().forEach(MC.arrangeBar.undress);
    board.classList.remove("arranging", "grid-stack", "grid-stack-animate");
    board.removeAttribute("style");
    for (const { name } of [...board.attributes]) if (name.startsWith("gs-")) board.removeAttribute(name);
    bar.remove();
    now = null;
    MC.board.sketch(null);
    dispatchEvent(new Event("resize"));
  }

  async function keep() {
    const items = now.items;
    now.bar.toggleAttribute("data-busy", true);
    if (await MC.board.save(items)) {
      leave();
      MC.toast("The arrangement is saved.", "normal");
    } else if (now) now.bar.removeAttribute("data-busy");
  }

  async function enter() {
    if (now || !MC.board.element()) return;
    try {
      await vendor();
    } catch {
      return MC.toast("Arranging could not be fetched from the server. Try again.", "serious");
    }
    const [board, definition, screen] = [MC.board.element(), MC.board.definition(), MC.board.screen()];
    now = { board, definition, screen, grid: null, bar: null };
    board.querySelectorAll("[data-folded] .fold").forEach((one) => one.click());
    now.cell = cellHeight(board);
    now.items = screen === "phone" ? shortened(MC.board.items()) : MC.board.items().map((item) => Object.assign({}, item));
    board.classList.add("arranging", "grid-stack");
    now.bar = MC.arrangeBar.make(now, { add, keep, leave, help: HELP, reset: async () => { leave(); await MC.board.reset(); } });
    draw();
    MC.arrangeBar.offer(now);
    say("Arranging the " + screen + " screen.");
    board.querySelector(".mover").focus({ preventScroll: true });
  }

  document.addEventListener("keydown", key, true);
  document.addEventListener("click", (event) => {
    const away = now && event.target.closest && event.target.closest("[data-take-away]");
    if (away) takeAway(away.dataset.takeAway);
  });
  for (const name of ["popstate", "_dashprivate_pushstate", "mc:address"]) root.addEventListener(name, () => now && leave());
  root.addEventListener("resize", () => now && now.screen !== MC.board.screen() && leave());
  MC.arrange = { enter, leave, active: () => Boolean(now), items: () => now && now.items };
})(globalThis);
