/* A file holds what its panel shows: the links of `components/kit/exports.py` carry what the address filters by. */
import * as address from "./address.js";
import { pressed } from "./elements.js";

/**
 * `takes` says which parts of the address become which parameters; parameters that stand in the link stay.
 * @type {(link: any) => void}
 */
export function carry(link) {
  const takes = JSON.parse(link.dataset.export);
  const here = address.read();
  const url = new URL(link.href);
  for (const [part, name] of Object.entries(takes)) {
    url.searchParams.delete(name);
    for (const value of [here[part] ?? []].flat()) if (value) url.searchParams.append(name, value);
  }
  if (link.href !== url.href) link.href = url.href;
}

export function start() {
  document.addEventListener("click", (event) => {
    const link = pressed(event, "a[data-export]");
    if (link) carry(link);
  }, true);

  globalThis.addEventListener(
    "mc:address",
    () => document.querySelectorAll(".dropdown-menu.show a[data-export]").forEach(carry),
  );
}
