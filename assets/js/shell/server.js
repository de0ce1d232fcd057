/* How our own scripts speak with the server. */
import { toast } from "./toast.js";

/* The session's token, that every change must carry; Dash sends it by itself. */
export function token() {
  const found = document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : "";
}

export const changing = () => ({ "Content-Type": "application/json", "X-CSRFToken": token() });

/* To the door, and back here from it. */
export function signIn() {
  location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
}

/** @type {(words: string) => null} */
function refuse(words) {
  toast(words, "serious");
  return null;
}

/**
 * Changes something below /api/v1: what the server answers, or null and a message to the person.
 * @type {(method: string, path: string, body?: unknown) => Promise<any>}
 */
export async function send(method, path, body) {
  /** @type {any} */
  const options = { method, credentials: "same-origin", headers: changing(), body: body && JSON.stringify(body) };
  const answer = await fetch("/api/v1" + path, options).catch(() => null);
  if (!answer) return refuse("The server cannot be reached: nothing was saved.");
  if (answer.ok) return answer.status === 204 ? {} : answer.json();
  const problem = await answer.json().catch(() => ({}));
  return refuse(problem.detail || "The server answered " + answer.status + ".");
}
