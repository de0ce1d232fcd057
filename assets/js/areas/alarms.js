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
    const path = what.includes("/") ? "/alarms/" + what : "/alerts/" + what;
    const done = await send("POST", path + "/ack", what.includes("/") ? undefined : { group: true });
    button.disabled = false;
    if (done) toast("Taken on by " + done.by + ".", "normal");
  });
}
