/* A page's panels where this person put them. The layout comes with the page or is asked for before it is drawn, and a
   style sheet of its own takes the place of the usual one, so that nothing moves once it is drawn. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const PAGES = { "/": "overview" };
  const PATIENCE_MS = 1200; // then the page is shown where it stands by itself
  const MEDIA = {
    wall: "(min-width: 3000px) and (min-height: 1600px)",
    desk: "(min-width: 2300px) and (max-width: 2999px), (min-width: 3000px) and (max-height: 1599px)",
    laptop: "(min-width: 700px) and (max-width: 2299px)",
    phone: "(max-width: 699px)",
  };
  const page = document.documentElement;
  const sheet = document.createElement("style");
  const state = { page: null, view: undefined, known: null, draft: null };

  const element = () => document.querySelector("[data-board]");
  const named = (name) => document.querySelector('[data-panel="' + name + '"]');
  const screen = () => Object.keys(MEDIA).find((name) => root.matchMedia(MEDIA[name]).matches) || "laptop";
  const asked = () => { const view = MC.address.read().view; return /^[a-z0-9]{1,40}$/.test(view || "") ? view : null; };

  function definition() {
    const board = element();
    return board ? JSON.parse(board.dataset.board) : null;
  }

  /* What stands on this screen now: the draft of who is arranging, else what is saved, else the usual places. */
  function items(name) {
    const saved = state.known && state.known.screens[name || screen()];
    return state.draft || saved || (element() ? MC.rules.usual(definition(), name || screen()) : []);
  }

  const isCard = (item) => item.panel.startsWith("card-") || (item.shows && MC.catalogue().numbers[item.shows]);

  /* One rule a panel. On a screen that scrolls, columns are given and rows follow the order: a folded one leaves no hole. */
  const rules = {
    fixed: (name) => (item) => "--" + name + ": " + (item.y + 1) + " / " + (item.x + 1) + " / span " + item.h + " / span " + item.w + " !important",
    laptop: (item, at) => "order: " + at + "; --laptop: span " + item.h + " / " + (item.x + 1) + " / auto / span " + item.w + " !important",
  };

  const rule = (item, words) => '[data-panel="' + item.panel + '"] { display: grid !important; ' + words + " }";

  /* Cards two by two, then one row of the others that is swiped. */
  function phoneRules(order) {
    const cards = order.filter(isCard);
    const others = order.filter((item) => !isCard(item));
    const rows = Math.ceil(cards.length / 2);
    const left = (at) => (at % 2 ? "calc(50vw - var(--pad) + var(--gap) / 2)" : "0");
    const width = (at) => (at % 2 === 0 && at === cards.length - 1 ? "calc(100vw - 2 * var(--pad))" : "calc(50vw - var(--pad) - var(--gap) / 2)");
    const card = (item, at) => rule(item, "width: " + width(at) + " !important; grid-row: " + (Math.floor(at / 2) + 1) + " !important; left: " + left(at) + " !important; grid-column: 1 / span " + Math.max(1, others.length) + " !important");
    const other = (item, at) => rule(item, "order: " + at + "; grid-row: " + (rows + 1) + " !important");
    return [...cards.map(card), ...others.map(other)];
  }

  function screenRules(name, list) {
    const order = MC.rules.shown(list).sort(MC.rules.byPlace);
    const away = list.filter((item) => item.hidden).map((item) => '[data-panel="' + item.panel + '"] { display: none !important; }');
    if (name === "phone") return [...phoneRules(order), ...away];
    const said = name === "laptop" ? rules.laptop : rules.fixed(name);
    return [name === "laptop" ? ".board { grid-auto-flow: row dense; }" : "", ...order.map((item, at) => rule(item, said(item, at))), ...away];
  }

  function dress() {
    const screens = Object.assign({}, state.known && state.known.screens, state.draft ? { [screen()]: state.draft } : null);
    const words = Object.entries(screens).map(([name, list]) => "@media " + MEDIA[name] + " {\n" + screenRules(name, list).join("\n") + "\n}");
    sheet.textContent = words.join("\n");
    if (!sheet.isConnected) document.head.append(sheet);
  }

  /* Slots are filled with what this screen's layout says that they show. */
  function fill() {
    if (!element()) return;
    const wanted = Object.fromEntries(items().map((item) => [item.panel, item.shows || null]));
    for (const slot of definition().slots) {
      const place = named(slot);
      const shows = wanted[slot] || null;
      if (!place || (place.dataset.shows || null) === shows) continue;
      if (!MC.setProps({ type: "overview-shows", slot: slot }, { data: shows })) continue;
      if (shows) place.dataset.shows = shows;
      else delete place.dataset.shows;
      place.classList.toggle("place-card", Boolean(shows && MC.catalogue().numbers[shows]));
    }
  }

  function show() {
    dress();
    delete page.dataset.arrangement;
    fill();
    const act = waiting.pop();
    if (act) act();
  }

  /* Once, after the next layout is shown. */
  const waiting = [];
  function after(act) {
    waiting.splice(0, waiting.length, act);
  }

  function tell(problem) {
    if (problem) MC.toast(problem, "serious");
  }

  async function fetched(view) {
    const came = MC.arrived("layout");
    if (came && came.page === state.page && came.view === view) return came.known;
    const address = "/api/v1/layouts/" + state.page + (view ? "?view=" + view : "");
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (answer.ok) return answer.json();
    if (answer.status === 404 && view) tell("That view is no longer there: this is your own layout.");
    return view && answer.status !== 401 ? fetched(null) : null;
  }

  /* Asks for the layout of this page and view, unless it is here. */
  async function load(again) {
    const here = PAGES[location.pathname] || null;
    const view = asked();
    if (!here || (!again && here === state.page && view === state.view)) return fill();
    Object.assign(state, { page: here, view: view, draft: null });
    if (!state.known) page.dataset.arrangement = "waiting";
    setTimeout(() => delete page.dataset.arrangement, PATIENCE_MS);
    const known = await fetched(view).catch(() => null);
    if (state.view !== view) return undefined; // somebody went on meanwhile
    state.known = known || state.known;
    return show();
  }

  async function send(method, path, body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": MC.token() };
    const options = { method: method, credentials: "same-origin", headers: headers, body: body && JSON.stringify(body) };
    const answer = await fetch("/api/v1" + path, options).catch(() => null);
    if (!answer) return tell("The server cannot be reached: nothing was saved.") || null;
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    const problem = await answer.json().catch(() => ({}));
    tell(problem.detail || "The server answered " + answer.status + ".");
    return null;
  }

  const layoutPath = (view) => "/layouts/" + state.page + "/" + screen() + (view ? "?view=" + view : "");
  const own = () => state.known && state.known.view && state.known.view.own && state.known.view.name ? state.known.view.view_id : null;

  /* To the view that is open when it is one's own, else to one's own standing layout, which is then shown. */
  async function save(list) {
    const view = own();
    const saved = await send("PUT", layoutPath(), { panels: list, view: view });
    if (!saved) return false;
    state.draft = null;
    if (asked() && !view) {
      state.view = null;
      MC.address.put({ view: null });
      MC.toast("Saved as your own layout.", "normal");
    }
    await load(true);
    return true;
  }

  async function reset() {
    const view = own();
    if (asked() && !view) return MC.address.put({ view: null });
    if (await send("DELETE", layoutPath(view))) await load(true);
    return undefined;
  }

  function sketch(list) {
    state.draft = list;
    dress();
    fill();
  }

  let catalogue = null;
  MC.catalogue = function () {
    const source = document.querySelector("[data-catalogue]");
    if (!catalogue && source) catalogue = JSON.parse(source.dataset.catalogue);
    return catalogue || { numbers: {}, charts: {} };
  };

  /* The page is drawn by somebody else: once it is there its slots are filled. */
  function watch(content) {
    new MutationObserver(() => load()).observe(content, { childList: true });
    return state.known ? show() : load();
  }

  for (const name of ["mc:address", "popstate", "_dashprivate_pushstate"]) root.addEventListener(name, () => load());
  for (const media of Object.values(MEDIA)) root.matchMedia(media).addEventListener("change", () => fill());
  MC.board = { element, named, definition, items, screen, load, save, reset, send, sketch, isCard, known: () => state.known, after, asked };
  load();
  MC.whenThere("_pages_content", watch);
})(globalThis);
