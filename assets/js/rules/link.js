/* What is to be said and done about the link to the server, from what is known of it. Pure. */
const SILENT_MS = 2500;
const REFUSED_MS = 2000;
const GRACE_MS = 1500;
const POLL_AFTER_MS = 4000;
const POLL_SLACK_MS = 500;
const DEAD_SOCKET_MS = 12000;

/**
 * How the link stands: "waiting" for the first state, "live", "polling", "silent" (reached, but nothing new) or
 * "lost".
 * @type {(link: LinkFacts, now: Milliseconds, facts: { isOpen: boolean; hasState: boolean }) => string}
 */
export function linkState(link, now, { isOpen, hasState }) {
  if (!hasState || !(link.heardAt || link.answeredAt)) {
    return link.cutAt && now - link.cutAt > SILENT_MS ? "lost" : "waiting";
  }
  const patience = link.pollEvery + POLL_SLACK_MS;
  const slack = link.polling && !link.refused ? patience : 0;
  const recent = now - link.lastFrame <= (link.polling && link.refused ? REFUSED_MS : SILENT_MS) + slack;
  const reached = isOpen || (!link.refused && now - link.answeredAt < SILENT_MS + patience);
  if (!recent) return reached ? "silent" : "lost";
  if (link.polling) return "polling";
  return isOpen || now - link.cutAt < GRACE_MS ? "live" : "lost";
}

/** @type {(link: LinkFacts, now: Milliseconds, isOpen: boolean) => boolean} */
export function wantsPolling(link, now, isOpen) {
  if (isOpen) return false;
  return !link.sockets || (link.cutAt > 0 && now - link.cutAt > POLL_AFTER_MS);
}

/**
 * What a socket that says nothing asks for: "wait", "ping" it, or "drop" it. Cables are pulled without a farewell; one
 * that answers a ping lives: then it is the publisher that is silent.
 * @type {(link: LinkFacts, now: Milliseconds) => "wait" | "ping" | "drop"}
 */
export function silence(link, now) {
  if (now - link.heardAt < DEAD_SOCKET_MS / 2) return "wait";
  if (now - link.heardAt > DEAD_SOCKET_MS) return "drop";
  return now - link.pingAt > DEAD_SOCKET_MS / 2 ? "ping" : "wait";
}
