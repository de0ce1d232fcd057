/* What components/kit/static_html.py writes: HTML that came in one piece, and the buttons in it. */
import { createElement, setProps } from "../dash-internals.js";
import { pressed } from "./elements.js";

/** @type {(props: { id?: string; className: string; label: string; html: string }) => unknown} */
export const StaticHtml = (props) =>
  createElement("div", {
    id: props.id,
    className: props.className,
    role: "region",
    tabIndex: 0,
    "aria-label": props.label,
    dangerouslySetInnerHTML: { __html: props.html },
  });

export function start() {
  document.addEventListener("click", (event) => {
    const button = pressed(event, "[data-press]");
    if (!button) return;
    setProps(button.dataset.press, { data: { value: button.dataset.pressValue, at: Date.now() } });
  });
}
