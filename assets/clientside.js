/* Small reactions that need no server: moving between pages, marking where one is, toasts, and Dash's clientside callbacks. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const TOAST_MS = 8000;
  const RESIZED_MS = 300;
  const PATIENCE_MS = 8000;

  const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  /* Dash's own router listens to this event; the page is exchanged, the socket stays. */
  function go(href, options) {
    if (!MC.isWhole()) return location.assign(MC.address.carried(href));
    history[options && options.replace ? "replaceState" : "pushState"]({}, "", MC.address.carried(href));
    root.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    MC.markDestination();
    return root.scrollTo(0, 0);
  }

  function follow(anchor) {
    const url = new URL(anchor.getAttribute("href"), location.href);
    if (url.pathname !== location.pathname || !MC.address.viewStore()) return go(url.pathname + url.search);
    const within = anchor.dataset.nav === "within" || url.searchParams.has("job");
    opener = url.searchParams.get("job") ? anchor : opener;
    history.pushState({}, "", within ? MC.address.joined(MC.address.read(url.search)) : MC.address.carried(url.pathname + url.search));
    MC.address.tell();
    return takeFocus(new URLSearchParams(location.search).has("job"), 40);
  }

  /* The keyboard goes where the eyes go: into what opened, and back to the link when it is closed. */
  let opener = null;
  function takeFocus(opened, attempts) {
    const close = document.querySelector("[data-close]");
    if (!opened) return opener && opener.isConnected && opener.focus({ preventScroll: true });
    if (close && close.offsetParent) return close.focus({ preventScroll: true });
    return attempts && setTimeout(takeFocus, 50, opened, attempts - 1);
  }

  /* Enter in a field presses its form's button. */
  document.addEventListener("keydown", (event) => {
    const form = event.key === "Enter" && event.target.matches("input") && event.target.closest("[data-enter]");
    if (!form) return;
    event.target.blur();
    document.getElementById(form.dataset.enter).click();
    event.target.focus();
  });

  document.addEventListener("keydown", (event) => {
    const close = event.key === "Escape" && document.querySelector("[data-close]");
    if (close) follow(close);
  });

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest && event.target.closest("a[data-nav]");
    if (!anchor || !plain(event) || anchor.target) return;
    event.preventDefault();
    follow(anchor);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-fold]");
    if (!button) return;
    const folded = button.closest(".panel").toggleAttribute("data-folded");
    button.setAttribute("aria-expanded", String(!folded));
  });

  /* The destination one is at is marked for eyes and for screen readers. */
  MC.markDestination = function () {
    const mark = (anchor, here) => (here ? anchor.setAttribute("aria-current", "page") : anchor.removeAttribute("aria-current"));
    document.querySelectorAll(".destination").forEach((anchor) => mark(anchor, anchor.pathname === location.pathname));
    const start = new URLSearchParams(location.search).get("from");
    document.querySelectorAll(".ranges a").forEach((anchor) => {
      const from = new URLSearchParams(anchor.search).get("from");
      mark(anchor, from === (start || anchor.parentElement.dataset.usual));
    });
  };

  function toast(words, status) {
    const box = document.querySelector("[data-toasts]");
    if (!box || !words) return;
    const element = document.createElement("div");
    element.className = "toast";
    const symbol = document.createElement("span");
    symbol.className = "symbol";
    symbol.dataset.status = status || "normal";
    const text = document.createElement("span");
    text.textContent = words;
    const close = document.createElement("button");
    close.className = "button button-quiet";
    close.textContent = "Close";
    close.addEventListener("click", () => element.remove());
    element.append(symbol, text, close);
    box.append(element);
    setTimeout(() => element.remove(), TOAST_MS);
  }

  /* The session's token, that every change must carry; Dash sends it by itself. */
  function token() {
    const found = document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  /* Whether the server has ended the session. */
  async function signOut() {
    const options = { method: "POST", headers: { "X-CSRFToken": token() }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) };
    const answer = await fetch("/logout", options).catch(() => null);
    return Boolean(answer && answer.status < 500);
  }

  document.addEventListener("click", async (event) => {
    if (!event.target.closest || !event.target.closest("[data-sign-out]")) return;
    if (await MC.watchdog.leave(signOut)) location.assign("/login");
    else toast("The server cannot be reached: you are still signed in.", "critical");
  });

  /* A callback that the server refuses or cannot answer is told to the person who asked for it, and on its panels. */
  const ask = root.fetch;
  root.fetch = async function (resource, options) {
    const address = typeof resource === "string" ? resource : resource.url;
    if (!options || options.method !== "POST" || !address.includes("_dash-update-component")) return ask.call(this, resource, options);
    const told = MC.reading(options.body);
    let answer;
    try {
      answer = await ask.call(this, resource, options);
    } catch (error) {
      told();
      throw error;
    }
    if (answer.ok) told();
    else explain(answer.clone(), options.body).then(told);
    return answer;
  };

  /* Charts that still wait for their first figure say why none came. */
  function failCharts(body, words) {
    const outputs = [JSON.parse(body).outputs || []].flat();
    for (const { id } of outputs.filter((output) => output.id && output.id.type === "chart-figure")) {
      const cover = document.getElementById(JSON.stringify({ chart: id.chart, type: "chart-cover" }));
      if (!cover || !cover.querySelector(".failed")) continue;
      cover.querySelector(".skeleton").hidden = true;
      cover.querySelector(".failed").hidden = false;
      cover.querySelector("[data-words]").textContent = words;
    }
  }

  async function explain(answer, body) {
    if (answer.status === 401) location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
    if (answer.status === 401) return "";
    const problem = await answer.json().catch(() => ({}));
    const words = problem.detail || "The server answered " + answer.status + ". Try again in a moment.";
    failCharts(body, words);
    toast(words, "critical");
    return words;
  }

  /* Figures are made in the colours of the night; another theme has its own for each of them. */
  let chartTemplate = null;
  const TOKENS = ["ground", "panel-bottom", "line", "grid", "line-strong", "text", "text-second", "text-third", "blue", "cyan", "amber", "off", "standby", "normal", "caution", "serious", "critical"];

  function palette() {
    const night = document.createElement("i");
    night.dataset.theme = "night";
    document.body.append(night);
    const [from, to] = [getComputedStyle(night), getComputedStyle(document.documentElement)];
    const colour = (style, name) => style.getPropertyValue("--" + name).trim();
    const found = Object.fromEntries(TOKENS.map((name) => [colour(from, name), colour(to, name)]));
    night.remove();
    return found;
  }

  function inColours(figure) {
    if (MC.preferences.theme() === "night") return figure;
    const other = palette();
    return JSON.parse(JSON.stringify(figure).replace(/#[0-9a-f]{6}/g, (colour) => other[colour] || colour));
  }

  function redraw() {
    if (!chartTemplate || !document.querySelector(".js-plotly-plot")) return;
    MC.setProps("chart-template", { data: chartTemplate });
  }

  /* Another kind of screen has another size of type. */
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  let drawnAt = rem();
  let settling = 0;
  function resized() {
    if (rem() === drawnAt) return;
    drawnAt = rem();
    redraw();
  }

  root.addEventListener("mc:theme", redraw);
  root.addEventListener("resize", () => {
    clearTimeout(settling);
    settling = setTimeout(resized, RESIZED_MS);
  });

  MC.token = token;
  MC.toast = toast;
  MC.go = go;
  root.dash_clientside = root.dash_clientside || {};
  root.dash_clientside.kit = {
    /* The versions of the views that a page shows, when one of them is another. */
    stamp: function (stamps, held) {
      const versions = JSON.stringify(held.views.map((view) => ((stamps || {})[view] || {}).version ?? null));
      return versions === held.versions ? root.dash_clientside.no_update : { views: held.views, versions };
    },
    /* A figure gets the template and a type size that fits this screen. */
    draw: function (figure, template) {
      if (!figure) return [root.dash_clientside.no_update, root.dash_clientside.no_update];
      const dressed = structuredClone(template);
      chartTemplate = structuredClone(template);
      dressed.layout.font.size = Math.max(11, Math.round(rem() * 0.88));
      return [inColours({ data: figure.data, layout: Object.assign({}, figure.layout, { template: dressed }) }), true];
    },
  };
  root.dash_clientside.shell = {
    poll: function () {
      MC.live.poll();
      return root.dash_clientside.no_update;
    },
    toast: function (message) {
      if (message) toast(message.words, message.status);
      return root.dash_clientside.no_update;
    },
  };
})(globalThis);
