/**
 * An element with its properties, attributes and children.
 * @type {(tag: string, properties?: Fields, ...children: (Node | string)[]) => any}
 */
export function make(tag, properties, ...children) {
  /** @type {any} */
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** @type {(words: string, act: () => unknown, kind?: string) => HTMLElement} */
export const button = (words, act, kind) =>
  make("button", { className: "button " + (kind || ""), type: "button", textContent: words, onclick: act });

/**
 * The element that was pressed, or one around it; null when the press was elsewhere.
 * @type {(event: Event, selector: string) => any}
 */
export const pressed = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
