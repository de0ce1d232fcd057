/* What came with the page, so that nobody asks for it again: live state, preferences, arrangement, where the
   sockets are. And what comes after it: scripts that this page does not need to show its figures. */

const source = document.getElementById("arrival");
const came = source ? JSON.parse(source.textContent) : {};
const LATEST_MS = 3000;

/**
 * Once: who asks again wants to know what is true then.
 * @type {(name: string) => any}
 */
export function arrived(name) {
  const found = came[name] || null;
  delete came[name];
  return found;
}

/**
 * What came, else what the server answers now; null when it does not.
 * @type {(name: string, path: string) => Promise<any>}
 */
export async function known(name, path) {
  const came = arrived(name);
  if (came) return came;
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  return answer && answer.ok ? answer.json().catch(() => null) : null;
}

/**
 * As soon as the element is there, before it is seen.
 * @type {(id: string, act: (element: HTMLElement) => void) => void}
 */
export function whenThere(id, act) {
  const found = document.getElementById(id);
  if (found) return act(found);
  const observer = new MutationObserver(() => {
    const made = document.getElementById(id);
    if (!made) return;
    observer.disconnect();
    act(made);
  });
  return observer.observe(document.documentElement, { childList: true, subtree: true });
}

let missing = document.querySelectorAll("link[data-later]").length;

/** @type {(link: any) => void} */
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
  if (globalThis.requestIdleCallback) globalThis.requestIdleCallback(act, { timeout: LATEST_MS });
  else setTimeout(act, 200);
}

/* Whether another page can be put in this one's place already; if not, it is loaded as a whole. */
export const isWhole = () => missing === 0;

export function start() {
  globalThis.addEventListener("popstate", (event) => {
    if (isWhole()) return;
    event.stopImmediatePropagation();
    location.reload();
  });
  globalThis.addEventListener("load", fetchLater);
}
