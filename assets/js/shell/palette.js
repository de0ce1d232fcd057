/* One box that reaches any page, entity or number (Ctrl+K), and the list of keys (?). What the server knows it is asked
   for; pages and numbers are at hand. */
import { state } from "../live/channel.js";
import { serverNow } from "../live/clock.js";
import { format } from "../rules/formats.js";
import { pick } from "../rules/merge.js";
import { matching } from "../rules/palette.js";
import { make, pressed } from "./elements.js";
import * as kiosk from "./kiosk.js";
import { go } from "./navigation.js";

const ASK_MS = 150;
const MOST = 40;
const KEYS = [
  ["Ctrl K", "search pages, missions, domains, figures"],
  ["d k", "kiosk: the wall without its frame, and back"],
  ["Esc", "close what is open; leave the kiosk"],
  ["g o", "go to the overview"],
  ["g m", "go to the missions"],
  ["g s", "go to the screens"],
  ["?", "these shortcuts"],
];

/** @type {any} */
let box = null;
/** @type {any} */
let input = null;
/** @type {any} */
let list = null;
/** @type {Finding[]} */
let found = [];
let chosen = 0;
let asked = 0;
let waiting = 0;

/**
 * What is at hand without asking.
 * @type {() => Finding[]}
 */
function pages() {
  const anchors = [...document.querySelectorAll(".destination")];
  return anchors.map((a) => ({
    kind: "page",
    title: a.title || a.textContent.trim(),
    detail: a.pathname,
    href: a.pathname,
  }));
}

/** @type {() => Finding[]} */
function actions() {
  const on = kiosk.isOn();
  return [
    { kind: "action", title: on ? "Leave the kiosk" : "Kiosk", detail: "d k", act: () => kiosk.turn(!on) },
    { kind: "action", title: "Keyboard shortcuts", detail: "?", act: help },
    { kind: "action", title: "API documentation", detail: "/api/v1/docs", act: () => location.assign("/api/v1/docs") },
  ];
}

/** @type {() => Finding[]} */
function numbers() {
  const source = document.querySelector("[data-numbers]");
  const known = source ? JSON.parse(source.dataset.numbers) : [];
  const current = state() || {};
  return known.map((/** @type {CatalogueNumber} */ one) => ({
    kind: "number",
    title: one.title,
    detail: format(pick(current, one.path.split(".")), one.form, serverNow()),
    href: one.href,
    path: one.path,
  }));
}

/** @type {(words: string) => Finding[]} */
const local = (words) => matching([...pages(), ...numbers(), ...actions()], words.trim());

/** @type {(words: string) => Promise<Finding[]>} */
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

/** @type {(item: Finding, i: number) => HTMLElement} */
function option(item, i) {
  const made = make(
    "div",
    { id: "palette-" + i, role: "option", className: "finding" },
    make("span", { className: "finding-kind", textContent: item.kind }),
    make("span", { className: "finding-title", textContent: item.title }),
    make("span", { className: "finding-detail", textContent: item.detail || "" }),
  );
  made.addEventListener("click", () => take(i));
  return made;
}

/** @type {(items: Finding[]) => void} */
function show(items) {
  found = items.slice(0, MOST);
  chosen = 0;
  const none = make("div", {
    className: "finding-none",
    role: "option",
    "aria-disabled": "true",
    textContent: "No results.",
  });
  list.replaceChildren(...(found.length ? found.map(option) : [none]));
  mark();
}

function mark() {
  [...list.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === chosen && found.length > 0)));
  if (!found.length) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", "palette-" + chosen);
  return list.children[chosen].scrollIntoView({ block: "nearest" });
}

/** @type {(i: number) => unknown} */
function take(i) {
  const item = found[i];
  if (!item) return;
  box.close();
  if (item.act) return item.act();
  go(item.href || "/");
  if (item.path) reveal(item.path, 200);
}

/**
 * The number itself: into sight, and marked for a moment.
 * @type {(path: string, attempts: number) => unknown}
 */
function reveal(path, attempts) {
  const shown = document.querySelector('.content [data-live="' + path + '"]');
  if (!shown) return attempts && setTimeout(reveal, 50, path, attempts - 1);
  const tile = shown.closest(".panel") || shown;
  tile.scrollIntoView({ block: "center" });
  tile.setAttribute("data-found", "");
  return setTimeout(() => tile.removeAttribute("data-found"), 2500);
}

/** @type {(event: KeyboardEvent) => unknown} */
function move(event) {
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  if (event.key === "Enter") return take(chosen);
  if (!(event.key in steps) || !found.length) return undefined;
  event.preventDefault();
  chosen = Math.min(found.length - 1, Math.max(0, chosen + steps[event.key]));
  return mark();
}

function build() {
  list = make("div", { id: "palette-list", role: "listbox", className: "findings", "aria-label": "Results" });
  input = make("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: false,
    placeholder: "Page, mission, satellite, domain, number …",
    "aria-label": "Search pages, missions, domains, figures",
    "aria-controls": "palette-list",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
  });
  const hint = make("p", { className: "palette-hint", textContent: "↑ ↓ choose · Enter goes there · Esc closes" });
  box = make("dialog", { className: "palette", "aria-label": "Find" }, input, list, hint);
  input.addEventListener("input", type);
  input.addEventListener("keydown", move);
  closesOutside(box);
  document.body.append(box);
}

/** @type {(dialog: HTMLDialogElement) => void} */
const closesOutside = (dialog) =>
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

export function toggle() {
  if (!box) build();
  if (box.open) return box.close();
  input.value = "";
  box.showModal();
  type();
  return input.focus();
}

export function help() {
  const rows = KEYS.map(([keys, words]) =>
    make("div", {}, make("dt", {}, make("kbd", { textContent: keys })), make("dd", { textContent: words }))
  );
  const close = make("button", { className: "button", type: "button", textContent: "Close" });
  const dialog = make(
    "dialog",
    { className: "palette keys", "aria-label": "Keyboard shortcuts" },
    make("h2", { textContent: "Keyboard shortcuts" }),
    make("dl", {}, ...rows),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  closesOutside(dialog);
  document.body.append(dialog);
  dialog.showModal();
}

export function start() {
  document.addEventListener("click", (event) => {
    if (pressed(event, "[data-find]")) toggle();
  });
}
