from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.alerts import delivery_panels, ids
from components.kit import address, live
from components.kit.cards import kpi, panel
from components.kit.charts import chart_box
from components.kit.exports import RANGE, Export, filtered
from components.kit.forms import choice, field, submit
from components.kit.page_header import notice, page_header
from components.kit.states import skeleton
from components.kit.time_control import time_control
from data.timerange import USUAL_FROM, USUAL_TO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.kit.address import Address

REFRESH_S = 5
SEVERITIES = ("critical", "warning", "info")
_INBOX = (
    "Alerts that are open, in the groups of their rules: by severity, then the newest; those in somebody's hands last. \
Ack and Resolve take the whole group."
)
_TIMELINE = (
    "Every change of the chosen alert's state with its reason, and every hand. No data is no recovery: it stays open."
)
_RULES = "What is evaluated, over how many sets of labels, and what kept a rule from it. A rule of your own replaces a \
shipped one of the same name."
_SIGNALS = "What a condition may ask about, the labels that tell its series apart, and how often it is read."
_QUALITY = (
    "How often each rule fired, the share that somebody took on or resolved, the median time to that, and how often \
the same came again within ten minutes."
)


def _cards() -> html.Div:
    waiting = kpi(
        "Firing",
        "view.alarms.open",
        note="view.alarms.said",
        second="view.alarms.critical",
        status="view.status.alarms",
        age="view.as_of.alarms",
        tone="view.status.alarms",
    )
    return html.Div([waiting, html.Div(skeleton(2), id=ids.CARDS, className="alerts-cards")], className="cards")


def _filters(here: Address) -> html.Div:
    """Of the rules only the chosen one is known here: a drop-down lets go of what is none of its options."""
    severity, rule = here.value("severity"), here.value("rule")
    fields = [
        choice("Severity", ids.filter("severity"), SEVERITIES, value=severity, placeholder="any", inline=True),
        choice(
            "Rule",
            ids.filter("rule"),
            [rule] if rule else [],
            value=rule,
            placeholder="any",
            inline=True,
            searchable=True,
        ),
    ]
    return html.Div(fields, className="filters")


def _editor() -> html.Section:
    document = dcc.Textarea(id=ids.DOCUMENT, rows=18, spellCheck=False, className="rules-document")
    buttons = [
        submit("Save the rules", ids.SAVE, kind="for-managers"),
        html.Button("Preview", id=ids.PREVIEW, type="button", className="button"),
        html.Button("Load what is in force", id=ids.LOAD, type="button", className="button button-quiet"),
    ]
    hint = html.P(
        "All rules as YAML: your own, then those that come with the product. What you save is in force within five "
        "seconds. A shipped rule that you leave out stays; give it enabled: false to turn it off.",
        className="field-hint",
    )
    return panel(
        "Rules",
        hint,
        field("Rules as YAML", document, error=ids.ERROR),
        html.Div(buttons, className="rules-buttons"),
        html.Div(
            [chart_box(ids.CURVE), html.P(id=ids.PREVIEWED, **live.attrs(aria_live="polite"))], className="preview"
        ),
        name="rules",
        note=html.Span(id=ids.VERSION_OF),
        age=None,
        explained="The preview plays the rule that is chosen above, as it stands in the editor, on what its signals "
        "said in the last seven days.",
    )


def _drawn(
    title: str, name: str, explained: str, *, note: live.Content, lines: int = 6, exports: Sequence[Export] = ()
) -> html.Section:
    body = html.Div(skeleton(lines), id=name)
    return panel(title, body, name=name, note=note, age=None, explained=explained, exports=exports)


def layout(here: Address = address.BARE) -> html.Div:
    """The page as its address says: `var-alert` is the alert whose timeline stands there, `var-severity` and `var-rule`
    narrow the inbox; the rule is also the one that is previewed. `from` and `to` are of the quality report."""
    wires = [
        address.store(ids.VIEW, here, start=USUAL_FROM, end=USUAL_TO),
        dcc.Interval(id=ids.TICK, interval=REFRESH_S * 1000),
        dcc.Store(id=ids.ACTED),
        dcc.Store(id=ids.HAND),
        dcc.Store(id=ids.TOAST),
        dcc.Store(id=ids.VERSION),
    ]
    head = page_header(html.H1("Alerts"), time_control(here, name="Range of the history"))
    exports = [Export("alerts", RANGE | filtered(severity="severity"))]
    inbox = _drawn("Inbox", ids.INBOX, _INBOX, note=html.Span(id=ids.INBOX_NOTE), lines=8, exports=exports)
    timeline = _drawn("What happened", ids.TIMELINE, _TIMELINE, note=html.Span(id=ids.TIMELINE_OF), lines=8)
    return html.Div(
        [
            *wires,
            head,
            notice(ids.NOTICE),
            _cards(),
            _filters(here),
            html.Div([inbox, timeline], className="alerts-pair"),
            *delivery_panels.panels(here),
            _editor(),
            _drawn("Rules in force", ids.RULES, _RULES, note="evaluated every 5 s"),
            _drawn("Signals", ids.SIGNALS, _SIGNALS, note="what a condition may ask about"),
            _drawn("Quality", ids.QUALITY, _QUALITY, note="of the rules, in the range above"),
        ],
        className="page alerts-page",
    )
