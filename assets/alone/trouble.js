/* The page that stands in place of another while something is away: its clock goes on, and it asks until it may go back. */
(function () {
  "use strict";
  const EVERY_MS = 4000;
  const PATIENCE_MS = 8000;
  const box = document.querySelector("[data-trouble]");
  const clock = document.querySelector("[data-clock]");

  function tick() {
    clock.textContent = new Date().toISOString().slice(11, 19) + " UTC";
  }

  /* Asked of the probe and not of the page: an address may hold a link that counts once. */
  async function isBack() {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch("/readyz", { cache: "no-store", signal }).catch(() => null);
    const said = answer ? await answer.json().catch(() => null) : null;
    return Boolean(said && said.services && said.services.postgres && said.services.postgres.status === "ok");
  }

  async function ask() {
    if (await isBack()) location.replace(location.pathname + location.search);
    setTimeout(ask, EVERY_MS);
  }

  /* Also after a form that was sent: its address is asked for, the form is not sent again. */
  const again = document.querySelector("[data-again]");
  if (again) again.href = location.pathname + location.search;

  tick();
  setInterval(tick, 1000);
  if (box.dataset.trouble === "passes") setTimeout(ask, EVERY_MS);
})();
