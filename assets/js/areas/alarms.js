/* What asks for a person is taken on with one press; the live state tells everybody who did. A row is a group of alerts,
   by the id of one of them, or one failed mission (`mission/LP-1`). */
import { pressed } from "../shell/elements.js";
import { send } from "../shell/server.js";
import { toast } from "../shell/toast.js";

export function start() {
  document.addEventListener("click", async (event) => {
    const button = pressed(event, "[data-alarm]");
    if (!button || button.disabled) return;
    button.disabled = true;
    const what = button.dataset.alarm || "";
    const path = what.includes("/") ? "/alarms/" + what + "/ack" : "/alerts/" + what + "/ack?group=true";
    const done = await send("POST", path);
    button.disabled = false;
    if (done) toast("Taken on by " + done.by + ".", "normal");
  });
}
