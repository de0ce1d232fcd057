/* What components/kit/markup.py writes: HTML that came in one piece, and the buttons in it. */
(function (root) {
  "use strict";

  root.mission_control = {
    Markup: function (props) {
      return root.React.createElement("div", {
        id: props.id,
        className: props.className,
        role: "region",
        tabIndex: 0,
        "aria-label": props.label,
        dangerouslySetInnerHTML: { __html: props.html },
      });
    },
  };

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest && event.target.closest("[data-press]");
    if (!pressed) return;
    const data = { value: pressed.dataset.pressValue, at: Date.now() };
    root.MissionControl.setProps(pressed.dataset.press, { data });
  });
})(globalThis);
