/* What asks for a person is taken on with one press; the live state tells everybody who did. */
import { pressed } from "../shell/elements.js";
import { send } from "../shell/server.js";
import { toast } from "../shell/toast.js";

export function start() {
  document.addEventListener("click", async (event) => {
    const button = pressed(event, "[data-alarm]");
    if (!button || button.disabled) return;
    button.disabled = true;
    const done = await send("POST", "/alarms/" + button.dataset.alarm + "/ack");
    button.disabled = false;
    if (done) toast("Taken on by " + done.by + ".", "normal");
  });
}
