/* What asks for a person is taken on with one press; the live state tells everybody who did. */
(function (root) {
  "use strict";
  const MC = (root.MissionControl = root.MissionControl || {});

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-alarm]");
    if (!button || button.disabled) return;
    button.disabled = true;
    const done = await MC.board.send("POST", "/alarms/" + button.dataset.alarm + "/ack");
    button.disabled = false;
    if (done) MC.toast("Taken on by " + done.by + ".", "normal");
  });
})(globalThis);
