/* Parts of the live state that server callbacks and grids listen to, put into their stores when they change. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});
  const fed = new Map();

  /* Stores that server callbacks and grids listen to: <div data-live-feed="path" data-feed-to="store id">. */
  function feed(state) {
    document.querySelectorAll("[data-live-feed]").forEach((element) => {
      const value = MC.pick(state, element.dataset.liveFeed.split("."));
      const words = JSON.stringify(value === undefined ? null : value);
      const id = element.dataset.feedTo;
      if (fed.get(id) === words) return;
      if (MC.setProps(id, { [element.dataset.feedProp || "data"]: JSON.parse(words) })) fed.set(id, words);
    });
  }

  MC.feed = feed;
  MC.forgetFed = () => fed.clear();
})(globalThis);
