/* What components/kit/static_html.py writes: HTML that came in one piece, and the buttons in it. */
import { createElement, setProps } from "../dash-internals.js";
import { pressed } from "./elements.js";

/**
 * A region that scrolls and is read; with the label "" an ornament, without one a part of what is around it.
 * @type {(props: { id?: string; className: string; label?: string | null; html: string }) => unknown}
 */
export const StaticHtml = (props) =>
  createElement("div", {
    id: props.id,
    className: props.className,
    ...(props.label
      ? { role: "region", tabIndex: 0, "aria-label": props.label }
      : { "aria-hidden": props.label === "" || undefined }),
    dangerouslySetInnerHTML: { __html: props.html },
  });

export function start() {
  document.addEventListener("click", (event) => {
    const button = pressed(event, "[data-press]");
    if (!button) return;
    setProps(button.dataset.press, { data: { value: button.dataset.pressValue, at: Date.now() } });
  });
}
