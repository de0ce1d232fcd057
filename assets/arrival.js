/* What came with the page, so that nobody asks for it again: live state, preferences, arrangement, where the sockets are.
   And what comes after it: scripts that this page does not need to show its figures. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const source = document.getElementById("arrival");
  const came = source ? JSON.parse(source.textContent) : {};
  const LATEST_MS = 3000;

  /* Once: who asks again wants to know what is true then. */
  MC.arrived = function (name) {
    const found = came[name] || null;
    delete came[name];
    return found;
  };

  /* What came, else what the server answers now; null when it does not. */
  MC.known = async function (name, path) {
    const came = MC.arrived(name);
    if (came) return came;
    const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  };

  const plain = (id) => (id && typeof id === "object" ? JSON.stringify(Object.entries(id).sort()) : id);

  function isThere(id) {
    try {
      const found = root.dash_component_api.getLayout(id);
      return Boolean(found && found.props) && plain(found.props.id) === plain(id);
    } catch {
      return false; // Dash does not know of it, or is not there yet itself
    }
  }

  /* Dash's own way to change a component from outside fails on one that is gone: between an answer and the screen that
     shows it, an element may still stand whose component does not. Returns whether it was changed. */
  MC.setProps = function (id, props) {
    if (!root.dash_clientside || !root.dash_clientside.set_props || !isThere(id)) return false;
    root.dash_clientside.set_props(id, props);
    return true;
  };

  /* As soon as the element is there, before it is seen. */
  MC.whenThere = function (id, act) {
    const found = document.getElementById(id);
    if (found) return act(found);
    const observer = new MutationObserver(() => {
      const made = document.getElementById(id);
      if (!made) return;
      observer.disconnect();
      act(made);
    });
    return observer.observe(document.documentElement, { childList: true, subtree: true });
  };

  /* Without its layout a page would say for ever that it has none: it is asked for until it comes. */
  const NEEDED = ["/_dash-layout", "/_dash-dependencies"];
  const AGAIN_MS = 3000;
  const ask = root.fetch;

  async function needed(resource, options) {
    for (;;) {
      const answer = await ask.call(root, resource, options).catch(() => null);
      if (answer && answer.status === 401) location.reload(); // to where one signs in
      else if (answer && answer.status < 500 && answer.status !== 429) return answer;
      const box = document.querySelector("._dash-loading");
      if (box) box.textContent = "Mission Control is not to be had just now. This page comes back by itself.";
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }

  root.fetch = function (resource, options) {
    const path = new URL(typeof resource === "string" ? resource : resource.url, location.href).pathname;
    return (NEEDED.includes(path) ? needed : ask).call(root, resource, options);
  };

  let missing = 0;

  function fetchScript(link) {
    const script = document.createElement("script");
    script.src = link.dataset.later;
    script.addEventListener("load", () => (missing -= 1));
    document.body.append(script);
  }

  function fetchLater() {
    const links = [...document.querySelectorAll("link[data-later]")];
    missing = links.length;
    const act = () => links.forEach(fetchScript);
    if (root.requestIdleCallback) root.requestIdleCallback(act, { timeout: LATEST_MS });
    else setTimeout(act, 200);
  }

  /* Whether another page can be put in this one's place already; if not, it is loaded as a whole. */
  MC.isWhole = () => missing === 0;

  root.addEventListener("popstate", (event) => {
    if (MC.isWhole()) return;
    event.stopImmediatePropagation();
    location.reload();
  });
  missing = document.querySelectorAll("link[data-later]").length;
  root.addEventListener("load", fetchLater);
})(globalThis);
