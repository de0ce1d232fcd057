/* Signing out. */
import { pressed } from "./elements.js";
import { token } from "./server.js";
import { toast } from "./toast.js";
import { watchdog } from "./watchdog.js";

const PATIENCE_MS = 8000;

/* Whether the server has ended the session. */
async function signOut() {
  /** @type {RequestInit} */
  const options = {
    method: "POST",
    headers: { "X-CSRFToken": token() },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  const answer = await fetch("/logout", options).catch(() => null);
  return Boolean(answer && answer.status < 500);
}

export function start() {
  document.addEventListener("click", async (event) => {
    if (!pressed(event, "[data-sign-out]")) return;
    if (await watchdog.leave(signOut)) location.assign("/login");
    else toast("The server cannot be reached: you are still signed in.", "critical");
  });
}
