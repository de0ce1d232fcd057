/* What the CONFIG drawer does: its fields show and keep what a person prefers, its first part is about this page's panels
   and views. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const NO = () => root.dash_clientside.no_update;
  const button = (words, act, kind) => MC.make("button", { className: "button " + (kind || ""), type: "button", textContent: words, onclick: act });
  const names = () => (root.dash_clientside.callback_context.inputs_list || []).flat().map((one) => one.id.name);

  /* A field's name is that of a preference, or like "caution:queue_depth". */
  function valueOf(name, chosen) {
    const [part, number] = name.split(":");
    if (!number) return chosen[part];
    const limit = (chosen.thresholds[number] || {})[part];
    return limit === null || limit === undefined ? "" : limit;
  }

  const amount = (value) => (value === "" || value === null || value === undefined ? null : Number(value));

  /* A field that is not filled keeps what it was; thresholds are there or not. */
  function wanted(values, before) {
    const next = Object.assign({}, before, { thresholds: {} });
    names().forEach((name, at) => {
      const [part, number] = name.split(":");
      const value = values[at];
      if (number) {
        const limits = next.thresholds[number] || {};
        if (amount(value) !== null) next.thresholds[number] = Object.assign({ caution: null, critical: null }, limits, { [part]: amount(value) });
      } else if (part === "sound") next.sound = Boolean(value);
      else if (part === "refresh_s") next.refresh_s = amount(value) || before.refresh_s;
      else if (value) next[part] = String(value).trim();
    });
    return next;
  }

  const sorted = (value) => (value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value);
  const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

  root.dash_clientside = root.dash_clientside || {};
  root.dash_clientside.config = {
    open: (clicks) => (clicks ? true : NO()),
    show: function (open, ids) {
      if (!open) return ids.map(NO);
      drawPage(40);
      return ids.map((id) => valueOf(id.name, MC.preferences.chosen()));
    },
    choose: async function (values) {
      const before = MC.preferences.chosen();
      const next = wanted(values, before);
      if (same(next, before)) return NO();
      return MC.preferences.choose(next);
    },
  };

  function listZones() {
    const list = document.getElementById("config-zones");
    if (!list || list.childElementCount || !Intl.supportedValuesOf) return;
    list.append(...["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => MC.make("option", { value: zone })));
  }

  /* The drawer comes in after the callback that opens it. */
  function drawPage(attempts) {
    const box = document.querySelector("[data-config-page]");
    if (!box) return attempts && setTimeout(drawPage, 25, attempts - 1);
    listZones();
    if (!MC.board.element()) return box.replaceChildren(MC.make("p", { textContent: "This page has no panels to arrange." }));
    return box.replaceChildren(views(), panels());
  }

  const close = () => MC.setProps("shell-config", { is_open: false });

  /* Once the drawer is gone: until then it gives the focus back. */
  function arrangeOnce(attempts) {
    if (document.querySelector(".offcanvas") && attempts) return setTimeout(arrangeOnce, 50, attempts - 1);
    return setTimeout(MC.arrange.enter, 50);
  }

  function described(view) {
    if (view.own) return view.name + (view.published ? " · published" : "");
    return view.name + " · by " + view.owner;
  }

  function picker() {
    const known = MC.board.known() || { views: [] };
    const listed = known.view && known.view.name && !known.views.some((one) => one.view_id === known.view.view_id) ? [known.view] : [];
    const options = [MC.make("option", { value: "", textContent: "My layout" }), ...[...known.views, ...listed].map((one) => MC.make("option", { value: one.view_id, textContent: described(one) }))];
    const select = MC.make("select", { id: "config-view", className: "select", onchange: () => { MC.board.after(() => drawPage(1)); MC.address.put({ view: select.value || null }); } }, ...options);
    select.value = MC.board.asked() || "";
    return MC.make("div", { className: "field" }, MC.make("label", { htmlFor: "config-view", textContent: "View" }), select);
  }

  async function act(method, path, body, words) {
    const done = await MC.board.send(method, path, body);
    if (!done) return null;
    MC.toast(words, "normal");
    await MC.board.load(true);
    drawPage(1);
    return done;
  }

  async function saveAs(input) {
    const name = input.value.trim();
    if (!name) return input.focus();
    const known = MC.board.known();
    const of = known && known.view ? known.view.view_id : null;
    const made = await MC.board.send("POST", "/views", { name: name, page: "overview", of: of });
    if (!made) return undefined;
    MC.toast("The view " + made.name + " is saved.", "normal");
    MC.board.after(() => drawPage(1));
    return MC.address.put({ view: made.view_id });
  }

  function publishing(view) {
    const path = "/views/" + view.view_id + "/published";
    if (view.published) return button("Publish no longer", () => act("DELETE", path, undefined, view.name + " is yours alone again."), "for-managers");
    return button("Publish for everyone", () => act("PUT", path, {}, view.name + " is published for everyone."), "for-managers");
  }

  async function rename(view, input) {
    const name = input.value.trim();
    if (!name) return input.focus();
    return act("PATCH", "/views/" + view.view_id, { name: name }, view.name + " is now called " + name + ".");
  }

  async function remove(view) {
    if (!root.confirm("Delete the view " + view.name + "?")) return;
    if (!(await MC.board.send("DELETE", "/views/" + view.view_id))) return;
    MC.board.after(() => drawPage(1));
    MC.address.put({ view: null });
  }

  function views() {
    const known = MC.board.known();
    const view = known && known.view && known.view.name ? known.view : null;
    const name = MC.make("input", { id: "config-view-name", maxLength: 60, placeholder: "Name of a view", "aria-label": "Name of a view" });
    const buttons = [
      button("Arrange panels", () => { close(); arrangeOnce(80); }, "button-main"),
      button("Reset this screen", () => MC.board.after(() => drawPage(1)) || MC.board.reset(), "button-quiet"),
      ...(view ? [publishing(view)] : []),
      ...(view && view.own ? [button("Delete this view", () => remove(view), "button-danger")] : []),
    ];
    const naming = MC.make("div", { className: "field config-naming" }, name, button("Save as view", () => saveAs(name)), ...(view && view.own ? [button("Rename this view", () => rename(view, name))] : []));
    return MC.make("div", { className: "config-part" }, picker(), MC.make("div", { className: "config-buttons" }, ...buttons), naming);
  }

  async function turn(item, on, box) {
    const definition = MC.board.definition();
    const screen = MC.board.screen();
    const items = MC.board.items();
    const usual = MC.rules.usual(definition, screen).find((one) => one.panel === item.panel);
    const sizes = [usual ? [usual.w, usual.h] : [item.w, item.h], MC.rules.least(definition, item.panel, screen)];
    const grown = () => sizes.map((size) => MC.rules.added(definition, screen, items, item, size)).find(Boolean);
    const next = on ? grown() : MC.rules.removed(definition, screen, items, item.panel);
    if (!next) MC.toast("There is no room for " + MC.boardTitle(item) + ": take another panel away first.", "serious");
    if (!next || !(await MC.board.save(next))) box.checked = !on;
    if (item.shows) drawPage(1);
  }

  function panels() {
    const rows = MC.board.items().map((item, at) => {
      const box = MC.make("input", { type: "checkbox", id: "config-panel-" + at, checked: !item.hidden });
      box.addEventListener("change", () => turn(MC.rules.find(MC.board.items(), item.panel) || item, box.checked, box));
      return MC.make("div", { className: "config-check" }, box, MC.make("label", { htmlFor: box.id, textContent: MC.boardTitle(item) }));
    });
    return MC.make("fieldset", { className: "config-part" }, MC.make("legend", { textContent: "Panels on this screen" }), ...rows);
  }
})(globalThis);
