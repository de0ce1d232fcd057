/* The kit's specimens: the same painting as everywhere, from a state of their own whose clock stands still. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const states = new WeakMap();

  function stateOf(element) {
    if (!states.has(element)) states.set(element, JSON.parse(element.dataset.specimens));
    return states.get(element);
  }

  MC.paintSpecimens = function () {
    document.querySelectorAll("[data-specimens]").forEach((element) => {
      const state = stateOf(element);
      if (state.link === "waiting") return;
      state.view = MC.viewOf(state, state.as_of);
      MC.ages(state, state.as_of, state.link === "live", element);
      MC.paintTree(element, state, state.as_of);
    });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-toast]");
    if (button) MC.toast("A message of status " + button.dataset.toast, button.dataset.toast);
  });
})(globalThis);
