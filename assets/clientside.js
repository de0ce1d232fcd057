/* Small reactions that need no server: moving between pages, marking where one is, toasts, and Dash's clientside callbacks. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const TOAST_MS = 8000;

  const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  /* Dash's own router listens to this event; the page is exchanged, the socket stays. */
  function go(href) {
    history.pushState({}, "", href);
    root.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    root.scrollTo(0, 0);
  }

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest && event.target.closest("a[data-nav]");
    if (!anchor || !plain(event) || anchor.target) return;
    event.preventDefault();
    go(anchor.getAttribute("href"));
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-fold]");
    if (!button) return;
    const folded = button.closest(".panel").toggleAttribute("data-folded");
    button.setAttribute("aria-expanded", String(!folded));
  });

  /* The destination one is at is marked for eyes and for screen readers. */
  MC.markDestination = function () {
    document.querySelectorAll(".destination").forEach((anchor) => {
      if (anchor.getAttribute("href") === location.pathname) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
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

  MC.toast = toast;
  MC.go = go;
  root.dash_clientside = root.dash_clientside || {};
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
