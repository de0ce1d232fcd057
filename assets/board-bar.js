/* What stands on the page while panels are arranged: a handle over each, and the bar at the lower edge with what may be
   put on the board and the ways to end it. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});

  function element(tag, properties, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  MC.make = element;

  MC.boardTitle = function (item) {
    const { numbers, charts } = MC.catalogue();
    const shows = item.shows && (numbers[item.shows] || charts[item.shows]);
    const definition = MC.board.definition();
    return shows ? shows.title : (definition && definition.titles[item.panel]) || item.panel;
  };

  const button = (words, act, kind) => element("button", { className: "button " + (kind || ""), type: "button", textContent: words, onclick: act });

  function make(now, { add, keep, leave, reset, help }) {
    const select = element("select", { id: "arranging-add", className: "select", onchange: () => { const what = select.value; select.value = ""; if (what) add(what); } });
    const bar = element(
      "section", { className: "arranging-bar", "aria-label": "Arranging" },
      element("p", { id: "arranging-help", textContent: help }),
      element("p", { className: "arranging-said", role: "status", "aria-live": "polite" }),
      element("label", { htmlFor: "arranging-add", textContent: "Add" }), select,
      button("Reset", reset, "button-quiet"), button("Cancel", leave, "button-quiet"), button("Save", keep, "button-main"),
    );
    document.querySelector(".shell").append(bar);
    return bar;
  }

  const options = (title, list) => (list.length ? [element("optgroup", { label: title }, ...list.map(([value, words]) => element("option", { value: value, textContent: words })))] : []);

  /* Hidden panels first, then every number and chart there is. */
  function offer(now) {
    const { numbers, charts } = MC.catalogue();
    const titled = (map) => Object.entries(map).map(([name, one]) => [name, one.title]);
    const hidden = now.items.filter((item) => item.hidden).map((item) => [item.panel, MC.boardTitle(item)]);
    const all = [element("option", { value: "", textContent: "A panel, number or chart…" }), ...options("Panels", hidden), ...options("Numbers", titled(numbers)), ...options("Charts", titled(charts))];
    now.bar.querySelector("select").replaceChildren(...all);
  }

  /* The handle lies over the whole panel: what is in it rests while panels are moved. */
  function handle(item) {
    const made = document.createElement("div");
    made.className = "mover";
    made.tabIndex = 0;
    made.dataset.mover = item.panel;
    made.setAttribute("role", "button");
    made.setAttribute("aria-roledescription", "movable panel");
    made.setAttribute("aria-describedby", "arranging-help");
    made.append(Object.assign(document.createElement("strong"), { textContent: MC.boardTitle(item) }));
    const away = document.createElement("button");
    Object.assign(away, { className: "button take-away", type: "button", textContent: "✕", title: "Take away" });
    away.dataset.takeAway = item.panel;
    away.setAttribute("aria-label", "Take away " + MC.boardTitle(item));
    return [made, away];
  }

  function undress(place) {
    place.querySelectorAll(".mover, .take-away").forEach((one) => one.remove());
    for (const { name } of [...place.attributes]) if (name.startsWith("gs-")) place.removeAttribute(name);
    for (const name of ["left", "top", "width", "height", "position"]) place.style.removeProperty(name);
    place.classList.remove(...[...place.classList].filter((name) => name === "grid-stack-item" || name.startsWith("ui-") || name === "trading"));
    place.querySelectorAll(".ui-resizable-handle").forEach((one) => one.remove());
    [...place.children].forEach((child) => child.classList.remove("grid-stack-item-content"));
  }

  MC.arrangeBar = { make, offer, handle, undress };
})(globalThis);
