"""The bar of filters: each stands in the address, so that a link shows the same to whoever opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components.backlinks import ids
from components.kit.forms import choice
from components.kit.page_header import page_header
from components.kit.states import link
from components.kit.time_control import time_control
from data.backlinks.query import USUAL_FROM
from data.backlinks.rules import HIGH_AUTHORITY, TOXIC_SPAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dash.development.base_component import Component

    from components.kit.address import Address
    from components.kit.forms import Option

BANDS = [f"{low}-{low + 9}" if low < 90 else "90-100" for low in range(0, 100, 10)]
AUTHORITIES = [
    ("any", "any"),
    (f"{HIGH_AUTHORITY + 1}-100", f"above {HIGH_AUTHORITY}"),
    ("50-100", "50 and more"),
    *((band, band) for band in BANDS),
]
SPAM = [
    ("any", "any"),
    (f"{TOXIC_SPAM}-100", f"{TOXIC_SPAM} and more"),
    (f"30-{TOXIC_SPAM - 1}", f"30-{TOXIC_SPAM - 1}"),
    ("0-29", "below 30"),
]
KINDS = ("any", "follow", "nofollow", "ugc", "sponsored")
STATES = ("any", "live", "suspected", "lost", "recovered")
LEAST = [(str(k), f"≥ {k}") for k in range(1, 6)]
PLATFORMS = (("aside", "hidden"), ("show", "shown"))
COMPARE = (("previous", "previous period ✓"), ("off", "off"))
CHIPS = {"anchor": "anchor", "source": "linked from", "reason": "lost because"}


def bar(here: Address) -> html.Div:
    chosen, rivals = here.value("target"), list(here.values("vs"))
    controls = [
        html.Button("Replay", id=ids.REPLAY, className="button", type="button", title="Play the range day by day"),
        _choice("target", "target", [chosen] if chosen else [], value=chosen, placeholder="default", searchable=True),
        _choice("vs", "vs", rivals, value=rivals, multi=True, placeholder="its competitors", searchable=True),
        _choice("da", "DA", AUTHORITIES, value=here.value("da"), placeholder="any"),
        _choice("spam", "spam", SPAM, value=here.value("spam"), placeholder="any"),
        _choice("type", "type", KINDS, value=here.value("type"), placeholder="any"),
        _choice("state", "state", STATES, value=here.value("state"), placeholder="any"),
        _choice("compare", "compare", COMPARE, value=here.value("compare"), placeholder="previous period ✓"),
    ]
    return html.Div(
        [
            dcc.Store(id=ids.REPLAY_DAYS),
            page_header(html.H1("Backlinks"), time_control(here, usual=USUAL_FROM)),
            html.Div(controls, className="filters"),
            html.Div(id=ids.CHIPS, className="chips"),
        ],
        className="backlinks-head",
    )


def intersect_bar(here: Address) -> html.Div:
    """How many rivals a domain has to link to, and whether sites where anybody may write are listed."""
    controls = [
        _choice("k", "rivals", LEAST, value=here.value("k"), placeholder="≥ 2"),
        _choice("platforms", "platforms and CDNs", PLATFORMS, value=here.value("platforms"), placeholder="hidden"),
    ]
    return html.Div(controls, className="filters")


def _choice(var: str, label: str, options: Iterable[Option], *, placeholder: str, **properties: Any) -> html.Div:  # noqa: ANN401 — a dropdown's own
    chosen = {"placeholder": placeholder} | properties
    return choice(label, ids.control(var), options, kind=f"filter-{var}", inline=True, **chosen)


def chips(chosen: Mapping[str, str]) -> list[Component]:
    """What a click on a panel has filtered by, each with its way back."""
    return [
        link(f"{words}: {chosen[name].strip() or 'no text'} ✕", f"?var-{name}=", within=True, className="chip")
        for name, words in CHIPS.items()
        if name in chosen
    ]
