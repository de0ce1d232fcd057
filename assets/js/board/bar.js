/* What stands on the page while panels are arranged: a handle over each, and the bar at the lower edge with what may be
   put on the board and the ways to end it. */
import { known, title } from "./catalogue.js";
import { button, make } from "../shell/elements.js";

/** @type {(acts: BarActs) => HTMLElement} */
export function build({ add, keep, leave, reset, help }) {
  const select = make("select", {
    id: "arranging-add",
    className: "select",
    onchange: () => {
      const what = select.value;
      select.value = "";
      if (what) add(what);
    },
  });
  const bar = make(
    "section",
    { className: "arranging-bar", "aria-label": "Arranging" },
    make("p", { id: "arranging-help", textContent: help }),
    make("p", { className: "arranging-said", role: "status", "aria-live": "polite" }),
    make("label", { htmlFor: "arranging-add", textContent: "Add" }),
    select,
    button("Reset", reset, "button-quiet"),
    button("Cancel", leave, "button-quiet"),
    button("Save", keep, "button-main"),
  );
  document.querySelector(".shell").append(bar);
  return bar;
}

/** @type {(label: string, list: string[][]) => HTMLElement[]} */
function options(label, list) {
  const made = list.map(([value, textContent]) => make("option", { value, textContent }));
  return made.length ? [make("optgroup", { label }, ...made)] : [];
}

/**
 * Hidden panels first, then every number and chart there is.
 * @type {(now: Arranging) => void}
 */
export function offer(now) {
  const { numbers, charts } = known();
  /** @type {(map: Record<string, { title: string }>) => string[][]} */
  const titled = (map) => Object.entries(map).map(([name, one]) => [name, one.title]);
  const hidden = now.items.filter((item) => item.hidden).map((item) => [item.panel, title(item)]);
  const all = [
    make("option", { value: "", textContent: "A panel, number or chart…" }),
    ...options("Panels", hidden),
    ...options("Numbers", titled(numbers)),
    ...options("Charts", titled(charts)),
  ];
  now.bar.querySelector("select").replaceChildren(...all);
}

/**
 * The handle lies over the whole panel: what is in it rests while panels are moved.
 * @type {(item: Item) => HTMLElement[]}
 */
export function handle(item) {
  const made = document.createElement("div");
  made.className = "mover";
  made.tabIndex = 0;
  made.dataset.mover = item.panel;
  made.setAttribute("role", "button");
  made.setAttribute("aria-roledescription", "movable panel");
  made.setAttribute("aria-describedby", "arranging-help");
  made.append(Object.assign(document.createElement("strong"), { textContent: title(item) }));
  const away = document.createElement("button");
  Object.assign(away, { className: "button take-away", type: "button", textContent: "✕", title: "Take away" });
  away.dataset.takeAway = item.panel;
  away.setAttribute("aria-label", "Take away " + title(item));
  return [made, away];
}

/** @type {(place: HTMLElement) => void} */
export function undress(place) {
  place.querySelectorAll(".mover, .take-away").forEach((one) => one.remove());
  for (const { name } of [...place.attributes]) if (name.startsWith("gs-")) place.removeAttribute(name);
  for (const name of ["left", "top", "width", "height", "position"]) place.style.removeProperty(name);
  place.classList.remove(
    ...[...place.classList].filter((name) =>
      name === "grid-stack-item" || name.startsWith("ui-") || name === "trading"
    ),
  );
  place.querySelectorAll(".ui-resizable-handle").forEach((one) => one.remove());
  [...place.children].forEach((child) => child.classList.remove("grid-stack-item-content"));
}
