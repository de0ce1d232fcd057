"""The one control of time, on every page that has time: usual ranges, a calendar with clocks, words, steps back and
forward, zoom out, and how often the page takes what is new.

All of it ends in `from`, `to` and `refresh` of the address (`components/kit/address.py`).
`assets/js/shell/time-control.js` moves it, by the arithmetic of `assets/js/rules/time-range.js`. A page has one, in its
head: `time_control(here)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import dcc, html

from components.kit import address, live
from components.kit.forms import field, field_error, submit
from components.kit.states import link
from data import timerange

if TYPE_CHECKING:
    from components.kit.address import Address

FROM, TO, APPLY = "time-from", "time-to", "time-apply"
DAYS, FROM_CLOCK, TO_CLOCK = "time-days", "time-from-clock", "time-to-clock"
REFRESH, FAULT, BODY = "time-refresh", "time-fault", "time-body"

USUAL = (
    ("Last hour", "now-1h", "now"),
    ("Last 6 hours", "now-6h", "now"),
    ("Last 24 hours", "now-24h", "now"),
    ("Last 7 days", "now-7d", "now"),
    ("Last 30 days", "now-30d", "now"),
    ("Last 90 days", "now-90d", "now"),
    ("Last year", "now-1y", "now"),
    ("Today", "now/d", "now"),
    ("Yesterday", "now-1d/d", "now-1d/d"),
    ("This week", "now/w", "now"),
    ("This month", "now/M", "now"),
    ("Previous month", "now-1M/M", "now-1M/M"),
)
AS_IN_CONFIG = "config"  # a select shows no option whose value is empty
EVERY = {
    AS_IN_CONFIG: "as in Config",
    "off": "off",
    "1s": "1 s",
    "5s": "5 s",
    "10s": "10 s",
    "30s": "30 s",
    "1m": "1 min",
    "5m": "5 min",
    "15m": "15 min",
}


def time_control(here: Address, *, usual: str = timerange.USUAL_FROM, name: str = "Time range") -> html.Div:
    """`usual` is where the range of the page begins when its address says nothing, `name` what a screen reader calls
    the control."""
    said = live.attrs(
        aria_haspopup="dialog",
        aria_expanded="false",
        aria_controls=BODY,
        aria_describedby="time-zone",
        data_time_open="",
    )
    return html.Div(
        [
            html.Div(
                [
                    _button("◀", "Earlier: back by the length of the range", data_time_shift="-1"),
                    html.Button(_words(here, usual), className="button time-open", type="button", **said),
                    _button("▶", "Later: forward by the length of the range", data_time_shift="1"),
                    _button("Zoom out", "Zoom out: back to before the last zoom, or twice as long", data_time_out=""),
                    _body(here),
                ],
                className="time-range",
            ),
            html.Span("UTC", id="time-zone", className="time-zone", **live.attrs(data_time_zone="")),
            _refresh(here),
        ],
        className="time",
        role="group",
        **live.attrs(aria_label=name, data_time="", data_usual=usual),
    )


def _button(words: str, title: str, **marks: str) -> html.Button:
    return html.Button(
        words, className="button button-quiet", type="button", title=title, **live.attrs(aria_label=title, **marks)
    )


def _words(here: Address, usual: str) -> str:
    start, end = here.start or usual, here.end or timerange.USUAL_TO
    known = next((said for said, *words in USUAL if words == [start, end]), None)
    return known or (start if start == end else f"{start} → {end}")


def _body(here: Address) -> html.Div:
    usual = [
        link(said, address.link(start=start, end=end), within=True, className="time-choice")
        for said, start, end in USUAL
    ]
    return html.Div(
        [
            html.Div(usual, className="time-usual", role="group", **live.attrs(aria_label="Usual ranges")),
            html.Div(
                [
                    _calendar(),
                    html.Div(
                        [
                            field("From", _words_box(FROM, here.start, "2026-10-03, now-7d")),
                            field("To", _words_box(TO, here.end, "2026-10-17, now")),
                        ],
                        className="time-pair",
                    ),
                    field_error(FAULT),
                    html.P(
                        "Days are whole, in UTC. You can also enter a date and time (2026-10-03T06:00) or now-6h.",
                        className="field-hint",
                    ),
                    submit("Apply", APPLY),
                ],
                className="time-own",
                **live.attrs(data_enter=APPLY),
            ),
        ],
        id=BODY,
        className="time-body",
        role="dialog",
        hidden=True,
        **live.attrs(aria_label="Choose a time range"),
    )


def _calendar() -> html.Div:
    """Fills the two fields below it."""
    days = dcc.DatePickerRange(
        id=DAYS,
        display_format="YYYY-MM-DD",
        first_day_of_week=1,
        minimum_nights=0,
        updatemode="bothdates",
        start_date_placeholder_text="First day",
        end_date_placeholder_text="Last day",
        start_date_id="time-first-day",
        end_date_id="time-last-day",
        day_size=44,
        number_of_months_shown=1,
    )
    clocks = [
        field("Start at", dbc.Input(id=FROM_CLOCK, type="time", value=""), hint="empty: 00:00"),
        field("End at", dbc.Input(id=TO_CLOCK, type="time", value=""), hint="empty: the whole day"),
    ]
    return html.Div(
        [
            html.Span("Calendar (UTC)", className="field-label"),
            html.Div(days, className="time-days"),
            html.Div(clocks, className="time-pair"),
        ],
        className="time-calendar",
        role="group",
        **live.attrs(aria_label="Calendar, days and clocks in UTC"),
    )


def _words_box(name: str, words: str | None, example: str) -> dbc.Input:
    return dbc.Input(
        id=name,
        type="text",
        value=words or "",
        placeholder=example,
        autocomplete="off",
        maxlength=timerange.LONGEST_WORDS,
    )


def _refresh(here: Address) -> html.Div:
    chosen = str(address.parts(here).get("refresh") or AS_IN_CONFIG)
    options = [{"value": every, "label": words} for every, words in EVERY.items()]
    if chosen not in EVERY:
        options.append({"value": chosen, "label": chosen})
    return html.Div(
        [
            html.Label("Refresh", htmlFor=REFRESH, className="field-label"),
            dbc.Select(id=REFRESH, options=options, value=chosen),
            _button("↻", "Refresh now", data_time_refresh=""),
        ],
        className="time-refresh",
    )
