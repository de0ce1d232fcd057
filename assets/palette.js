/* One box that reaches any page, entity or number (Ctrl+K), and the list of keys (?). What the server knows it is asked
   for; pages and numbers are at hand. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const ASK_MS = 150;
  const MOST = 40;
  const KEYS = [
    ["Ctrl K", "find a page, an entity or a number"],
    ["d k", "kiosk: the wall without its frame, and back"],
    ["Esc", "close what is open; leave the kiosk"],
    ["g o", "go to the overview"],
    ["g m", "go to the missions"],
    ["g s", "go to the screens"],
    ["?", "these keys"],
  ];

  const element = (tag, properties, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };

  let box = null;
  let input = null;
  let list = null;
  let found = [];
  let chosen = 0;
  let asked = 0;
  let waiting = 0;

  /* What is at hand without asking. */
  function pages() {
    const anchors = [...document.querySelectorAll(".destination")];
    return anchors.map((a) => ({ kind: "page", title: a.title || a.textContent.trim(), detail: a.pathname, href: a.pathname }));
  }

  function actions() {
    const on = MC.kiosk.isOn();
    return [
      { kind: "action", title: on ? "Leave the kiosk" : "Kiosk", detail: "d k", act: () => MC.kiosk.turn(!on) },
      { kind: "action", title: "Keys", detail: "?", act: help },
      { kind: "action", title: "API documentation", detail: "/api/v1/docs", act: () => location.assign("/api/v1/docs") },
    ];
  }

  function numbers() {
    const source = document.querySelector("[data-numbers]");
    const known = source ? JSON.parse(source.dataset.numbers) : [];
    const state = MC.live.state() || {};
    return known.map((one) => ({
      kind: "number",
      title: one.title,
      detail: MC.format(MC.pick(state, one.path.split(".")), one.form, MC.live.serverNow()),
      href: one.href,
      path: one.path,
    }));
  }

  /* Every word must stand somewhere; what begins with what was typed comes first. */
  function matching(items, words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const said = (item) => (item.title + " " + item.kind).toLowerCase();
    const rank = (item) => (item.title.toLowerCase().startsWith(words.toLowerCase()) ? 0 : 1);
    return items.filter((item) => wanted.every((word) => said(item).includes(word))).sort((a, b) => rank(a) - rank(b));
  }

  const local = (words) => matching([...pages(), ...numbers(), ...actions()], words.trim());

  async function entities(words) {
    const answer = await fetch("/api/v1/search?q=" + encodeURIComponent(words), { credentials: "same-origin" });
    return answer.ok ? (await answer.json()).items : [];
  }

  function type() {
    const words = input.value.trim();
    const turn = ++asked;
    show(local(words));
    clearTimeout(waiting);
    if (words.length < 2) return;
    waiting = setTimeout(async () => {
      const more = await entities(words).catch(() => []);
      if (turn === asked) show([...local(words), ...more]);
    }, ASK_MS);
  }

  function option(item, i) {
    const made = element("div", { id: "palette-" + i, role: "option", className: "finding" },
      element("span", { className: "finding-kind", textContent: item.kind }),
      element("span", { className: "finding-title", textContent: item.title }),
      element("span", { className: "finding-detail", textContent: item.detail || "" }));
    made.addEventListener("click", () => take(i));
    return made;
  }

  function show(items) {
    found = items.slice(0, MOST);
    chosen = 0;
    const none = element("div", { className: "finding-none", role: "option", "aria-disabled": "true", textContent: "Nothing of that name." });
    list.replaceChildren(...(found.length ? found.map(option) : [none]));
    mark();
  }

  function mark() {
    [...list.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === chosen && found.length > 0)));
    if (!found.length) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", "palette-" + chosen);
    return list.children[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(i) {
    const item = found[i];
    if (!item) return;
    box.close();
    if (item.act) return item.act();
    MC.go(item.href);
    if (item.path) reveal(item.path, 200);
  }

  /* The number itself: into sight, and marked for a moment. */
  function reveal(path, attempts) {
    const shown = document.querySelector('.content [data-live="' + path + '"]');
    if (!shown) return attempts && setTimeout(reveal, 50, path, attempts - 1);
    const tile = shown.closest(".panel") || shown;
    tile.scrollIntoView({ block: "center" });
    tile.setAttribute("data-found", "");
    return setTimeout(() => tile.removeAttribute("data-found"), 2500);
  }

  function move(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (event.key === "Enter") return take(chosen);
    if (!(event.key in steps) || !found.length) return undefined;
    event.preventDefault();
    chosen = Math.min(found.length - 1, Math.max(0, chosen + steps[event.key]));
    return mark();
  }

  function build() {
    list = element("div", { id: "palette-list", role: "listbox", className: "findings", "aria-label": "Found" });
    input = element("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: false, placeholder: "Page, mission, satellite, domain, number …",
      "aria-label": "Find a page, an entity or a number", "aria-controls": "palette-list", "aria-expanded": "true", "aria-autocomplete": "list",
    });
    const hint = element("p", { className: "palette-hint", textContent: "↑ ↓ choose · Enter goes there · Esc closes" });
    box = element("dialog", { className: "palette", "aria-label": "Find" }, input, list, hint);
    input.addEventListener("input", type);
    input.addEventListener("keydown", move);
    closesOutside(box);
    document.body.append(box);
  }

  const closesOutside = (dialog) => dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  function toggle() {
    if (!box) build();
    if (box.open) return box.close();
    input.value = "";
    box.showModal();
    type();
    return input.focus();
  }

  function help() {
    const rows = KEYS.map(([keys, words]) => element("div", {}, element("dt", {}, element("kbd", { textContent: keys })), element("dd", { textContent: words })));
    const close = element("button", { className: "button", type: "button", textContent: "Close" });
    const dialog = element("dialog", { className: "palette keys", "aria-label": "Keys" },
      element("h2", { textContent: "Keys" }), element("dl", {}, ...rows), close);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    closesOutside(dialog);
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("[data-find]")) toggle();
  });

  MC.palette = { toggle, help, matching };
})(globalThis);
