"""The guide of a person's first visit: what matters to their role, on the elements themselves. It is offered once in a
browser, can be skipped, and Config starts it again. `assets/js/shell/guide.js` moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import dash_bootstrap_components as dbc
from dash import html

from components.kit import live
from components.kit.forms import main_button
from components.shell import ids
from data.permissions import Role

if TYPE_CHECKING:
    from dash.development.base_component import Component


def destination(area: str) -> str:
    """The id of the navigation's link to an area."""
    return f"nav-{area}"


class Step(NamedTuple):
    at: str  # the id of an element of the frame
    title: str
    text: str


_LIVE = Step(
    ids.PILL,
    "How fresh is it?",
    "LIVE: data is coming in. SILENT or LOST: you see the last data received. Every panel shows its own age.",
)
_FIND = Step(
    ids.FIND,
    "Find anything",
    "Ctrl K searches pages, missions, domains and figures. Press ? for all keyboard shortcuts.",
)
_STATUS = Step(
    destination("overview"),
    "Start with the worst",
    "The symbol next to each area is its worst status. The overview lists what needs attention, most urgent first.",
)
_OPERATOR = (
    _STATUS,
    _LIVE,
    Step(
        destination("missions"),
        "Run missions",
        "Submit, pause, resume and retry missions here. Failed ones are listed under Needs attention.",
    ),
    _FIND,
    Step(ids.CONFIG_OPEN, "Make it yours", "Theme, time zone, thresholds and sound. Arrange the panels of a page."),
)
_ANALYST = (
    Step(
        destination("backlinks"),
        "Follow the links",
        "New, lost and toxic links of a target. Choose the time range at the top; click a bar, cell or row to filter, "
        "and drag on a chart to zoom.",
    ),
    Step(
        destination("domains"),
        "Find domains",
        "Expired domains with their estimated value, competitor portfolios, and brand mentions.",
    ),
    _LIVE,
    _FIND,
    Step(
        ids.CONFIG_OPEN,
        "Share what you see",
        "The address holds the range and every filter: copy it, and others see the same. Time zone and theme are here.",
    ),
)
_MANAGER = (
    _STATUS,
    Step(
        destination("quotas"),
        "Keep an eye on cost",
        "What each provider spends, when it runs out, and what could be saved. Every panel exports to XLSX, CSV, JSON "
        "and Parquet.",
    ),
    Step(
        destination("screens"),
        "Put it on a wall",
        "Screens shows every open display, plays pages in turn, and makes links for displays without a keyboard.",
    ),
    _FIND,
    Step(ids.CONFIG_OPEN, "Choose the figures", "Config decides which figures a board shows, and saves it for others."),
)
STEPS: dict[Role, tuple[Step, ...]] = {
    Role.VIEWER: _ANALYST,
    Role.OPERATOR: _OPERATOR,
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _MANAGER,
}


def guide(name: str, role: Role | None) -> html.Div:
    """For the person `name`; nothing for a screen without a person."""
    steps = STEPS[role] if role else ()
    marks = live.attrs(data_guide=name) if steps else {}
    return html.Div([_step(at, step, len(steps)) for at, step in enumerate(steps)], **marks)


def _step(at: int, step: Step, count: int) -> dbc.Popover:
    acts: list[Component] = [_button("Skip", "skip", "button button-quiet")]
    if at:
        acts.append(_button("Back", "back", "button"))
    acts.append(main_button("Next" if at < count - 1 else "Done", **live.attrs(data_guide_act="next")))
    body = html.Div(
        [
            html.Strong(step.title),
            html.P(step.text),
            html.Div([html.Small(f"{at + 1} of {count}"), *acts], className="guide-acts"),
        ],
        className="guide-step",
        role="dialog",
        **live.attrs(aria_label=f"Guide, step {at + 1} of {count}: {step.title}"),
    )
    return dbc.Popover(body, id=f"guide-step-{at}", target=step.at, is_open=False, placement="auto", class_name="guide")


def _button(words: str, verb: str, kind: str) -> html.Button:
    return html.Button(words, type="button", className=kind, **live.attrs(data_guide_act=verb))
