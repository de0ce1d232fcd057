/* The address is the state of a page (components/kit/address.py says what its parts mean). This is the one place that
   reads and writes it in the browser. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const FOLLOWS = ["refresh", "kiosk", "theme", "playlist"]; // these go with a person from page to page

  /* {from: "now-6h", "var-target": ["a", "b"]}: a part that stands there more than once is a list. */
  function read(search) {
    const all = new URLSearchParams(search === undefined ? location.search : search);
    const parts = {};
    for (const key of new Set(all.keys())) {
      const values = all.getAll(key);
      parts[key] = values.length > 1 && key.startsWith("var-") ? values : values[values.length - 1];
    }
    return parts;
  }

  const isNothing = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

  function write(parts) {
    const all = new URLSearchParams();
    for (const [key, value] of Object.entries(parts)) [].concat(value).forEach((one) => all.append(key, one));
    const words = all.toString().replace(/kiosk=(?=&|$)/, "kiosk");
    return location.pathname + (words ? "?" + words : "");
  }

  /* The address with these parts changed; what is empty is taken out, but for kiosk, which says all by being there. */
  function joined(changes) {
    const parts = read();
    for (const [key, value] of Object.entries(changes)) {
      if (key === "kiosk" ? value === null || value === false : isNothing(value)) delete parts[key];
      else parts[key] = key === "kiosk" ? "" : value;
    }
    return write(parts);
  }

  /* A page that keeps its selection in a store takes a new address without being drawn anew. */
  const viewStore = () => document.querySelector("[data-view-store]");

  function tell() {
    const store = viewStore();
    if (store) MC.setProps(store.dataset.viewStore, { data: read() });
    if (MC.markDestination) MC.markDestination();
    showInControls();
    root.dispatchEvent(new CustomEvent("mc:address", { detail: read() }));
  }

  function put(changes, options) {
    const next = joined(changes);
    if (next === location.pathname + location.search) return;
    history[options && options.replace ? "replaceState" : "pushState"](history.state, "", next);
    tell();
  }

  /* A link to another page takes along what follows a person, unless it says otherwise itself. */
  function carried(href) {
    const url = new URL(href, location.href);
    const here = read();
    for (const key of FOLLOWS) if (key in here && !url.searchParams.has(key)) url.searchParams.set(key, here[key]);
    return url.pathname + url.search.replace(/kiosk=(?=&|$)/, "kiosk");
  }

  /* Controls that carry {"var": name} in their id. */
  const variable = (id) => (id && typeof id === "object" && id.var ? "var-" + id.var : null);
  const asList = (value) => (isNothing(value) ? [] : [].concat(value).map(String));
  const same = (a, b) => JSON.stringify(asList(a)) === JSON.stringify(asList(b));
  const controls = new Map();

  function showInControls() {
    const here = read();
    for (const [words, control] of controls) {
      if (!document.getElementById(words)) continue;
      const value = here[variable(control.id)];
      if (same(value, control.value)) continue;
      control.value = Array.isArray(control.value) ? asList(value) : isNothing(value) ? null : value;
      MC.setProps(control.id, { value: control.value });
    }
  }

  const sorted = (id) => JSON.stringify(id, Object.keys(id).sort());

  root.dash_clientside = root.dash_clientside || {};
  root.dash_clientside.address = {
    /* Any controls whose ids say {"var": name}: what they hold now stands in the address. */
    put: function () {
      const changes = {};
      for (const one of (root.dash_clientside.callback_context.inputs_list || []).flat()) {
        const name = variable(one.id);
        if (!name) continue;
        controls.set(sorted(one.id), { id: one.id, value: one.value });
        if (!same(one.value, read()[name])) changes[name] = asList(one.value);
      }
      if (Object.keys(changes).length) put(changes);
      return root.dash_clientside.no_update;
    },
  };

  root.addEventListener("popstate", tell);
  MC.address = { read, put, joined, carried, tell, viewStore };
})(globalThis);
