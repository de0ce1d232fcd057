/* What the CONFIG drawer does: its fields show and keep what a person prefers, its first part is about this page's
   panels and views. */
import * as arrange from "../board/arrange.js";
import * as boards from "../board/board.js";
import { definition, title } from "../board/catalogue.js";
import { inputs, noUpdate, setProps } from "../dash-internals.js";
import * as rules from "../rules/board.js";
import { chosen, same, valueOf } from "../rules/preferences.js";
import * as address from "./address.js";
import { button, make } from "./elements.js";
import * as preferences from "./preferences.js";
import { send } from "./server.js";
import { toast } from "./toast.js";

const names = () => inputs().map((one) => one.id.name);

export const callbacks = {
  open: (/** @type {number | undefined} */ clicks) => (clicks ? true : noUpdate()),
  /** @type {(open: boolean, ids: { name: string }[]) => unknown[]} */
  show(open, ids) {
    if (!open) return ids.map(noUpdate);
    drawPage(40);
    return ids.map((id) => valueOf(id.name, preferences.chosen()));
  },
  /** @type {(values: any[]) => unknown} */
  choose(values) {
    const before = preferences.chosen();
    const next = chosen(names(), values, before);
    if (same(next, before)) return noUpdate();
    return preferences.choose(next);
  },
};

function listZones() {
  const list = document.getElementById("config-zones");
  if (!list || list.childElementCount || !Intl.supportedValuesOf) return;
  list.append(...["UTC", ...Intl.supportedValuesOf("timeZone")].map((zone) => make("option", { value: zone })));
}

/**
 * The drawer comes in after the callback that opens it.
 * @type {(attempts: number) => unknown}
 */
function drawPage(attempts) {
  const box = document.querySelector("[data-config-page]");
  if (!box) return attempts && setTimeout(drawPage, 25, attempts - 1);
  listZones();
  if (!boards.element()) return box.replaceChildren(make("p", { textContent: "This page has no panels to arrange." }));
  return box.replaceChildren(views(), panels());
}

const close = () => setProps("shell-config", { is_open: false });

/**
 * Once the drawer is gone: until then it gives the focus back.
 * @type {(attempts: number) => unknown}
 */
function arrangeOnce(attempts) {
  if (document.querySelector(".offcanvas") && attempts) return setTimeout(arrangeOnce, 50, attempts - 1);
  return setTimeout(arrange.enter, 50);
}

/** @type {(view: SavedView) => string} */
function described(view) {
  if (view.own) return view.name + (view.published ? " · published" : "");
  return view.name + " · by " + view.owner;
}

function picker() {
  /** @type {Layout} */
  const known = boards.known() || { screens: {}, views: [] };
  const { view } = known;
  const listed = view && view.name && !known.views.some((one) => one.view_id === view.view_id) ? [view] : [];
  const options = [
    make("option", { value: "", textContent: "My layout" }),
    ...[...known.views, ...listed].map((one) => make("option", { value: one.view_id, textContent: described(one) })),
  ];
  const select = make("select", {
    id: "config-view",
    className: "select",
    onchange: () => {
      boards.after(() => drawPage(1));
      address.put({ view: select.value || null });
    },
  }, ...options);
  select.value = boards.asked() || "";
  return make("div", { className: "field" }, make("label", { htmlFor: "config-view", textContent: "View" }), select);
}

/** @type {(method: string, path: string, body: unknown, words: string) => Promise<unknown>} */
async function act(method, path, body, words) {
  const done = await send(method, path, body);
  if (!done) return null;
  toast(words, "normal");
  await boards.load(true);
  drawPage(1);
  return done;
}

/** @type {(input: HTMLInputElement) => Promise<void>} */
async function saveAs(input) {
  const name = input.value.trim();
  if (!name) return input.focus();
  const known = boards.known();
  const of = known && known.view ? known.view.view_id : null;
  const made = await send("POST", "/views", { name: name, page: "overview", of: of });
  if (!made) return undefined;
  toast("The view " + made.name + " is saved.", "normal");
  boards.after(() => drawPage(1));
  return address.put({ view: made.view_id });
}

/** @type {(view: SavedView) => HTMLElement} */
function publishing(view) {
  const path = "/views/" + view.view_id + "/published";
  if (view.published) {
    return button(
      "Unpublish",
      () => act("DELETE", path, undefined, view.name + " is yours alone again."),
      "for-managers",
    );
  }
  return button(
    "Publish for everyone",
    () => act("PUT", path, {}, view.name + " is published for everyone."),
    "for-managers",
  );
}

/** @type {(view: SavedView, input: HTMLInputElement) => unknown} */
function rename(view, input) {
  const name = input.value.trim();
  if (!name) return input.focus();
  return act("PATCH", "/views/" + view.view_id, { name: name }, view.name + " is now called " + name + ".");
}

/** @type {(view: SavedView) => Promise<void>} */
async function remove(view) {
  if (!globalThis.confirm("Delete the view " + view.name + "?")) return;
  if (!(await send("DELETE", "/views/" + view.view_id))) return;
  boards.after(() => drawPage(1));
  address.put({ view: null });
}

function views() {
  const known = boards.known();
  const view = known && known.view && known.view.name ? known.view : null;
  const name = make("input", {
    id: "config-view-name",
    maxLength: 60,
    placeholder: "Name of a view",
    "aria-label": "Name of a view",
  });
  const buttons = [
    button("Arrange panels", () => {
      close();
      arrangeOnce(80);
    }, "button-main"),
    button("Reset this screen", () => {
      boards.after(() => drawPage(1));
      boards.reset();
    }, "button-quiet"),
    ...(view ? [publishing(view)] : []),
    ...(view && view.own ? [button("Delete this view", () => remove(view), "button-danger")] : []),
  ];
  const naming = make(
    "div",
    { className: "field config-naming" },
    name,
    button("Save as view", () => saveAs(name)),
    ...(view && view.own ? [button("Rename this view", () => rename(view, name))] : []),
  );
  return make(
    "div",
    { className: "config-part" },
    picker(),
    make("div", { className: "config-buttons" }, ...buttons),
    naming,
  );
}

/** @type {(item: Item, on: boolean, box: HTMLInputElement) => Promise<void>} */
async function turn(item, on, box) {
  const board = /** @type {Board} */ (definition());
  const screen = boards.screen();
  const items = boards.items();
  const usual = rules.usual(board, screen).find((one) => one.panel === item.panel);
  /** @type {Size} */
  const size = usual ? [usual.w, usual.h] : [item.w, item.h];
  const sizes = rules.sizes(size, rules.least(board, item.panel, screen));
  const grown = () => sizes.map((size) => rules.added(board, screen, items, item, size)).find(Boolean);
  const next = on ? grown() : rules.removed(board, screen, items, item.panel);
  if (!next) toast("There is no room for " + title(item) + ": take another panel away first.", "serious");
  if (!next || !(await boards.save({ [screen]: next }))) box.checked = !on;
  if (item.shows) drawPage(1);
}

function panels() {
  const rows = boards.items().map((item, at) => {
    const box = make("input", { type: "checkbox", id: "config-panel-" + at, checked: !item.hidden });
    box.addEventListener("change", () => turn(rules.find(boards.items(), item.panel) || item, box.checked, box));
    return make(
      "div",
      { className: "config-check" },
      box,
      make("label", { htmlFor: box.id, textContent: title(item) }),
    );
  });
  return make(
    "fieldset",
    { className: "config-part" },
    make("legend", { textContent: "Panels on this screen" }),
    ...rows,
  );
}
