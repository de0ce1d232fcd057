from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from dash import dcc, html

from components.domains import ids
from components.domains.tiles import AGE, SHOWS, chart, head, told
from components.kit import address, live, view_versions
from components.kit.cards import panel
from components.kit.exports import RANGE, Export, filtered
from components.kit.forms import choice, field, submit
from components.kit.page_header import notice
from components.kit.states import skeleton
from data.domains.rules import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from components.kit.address import Address
    from components.kit.forms import Option

AVAILABILITY = ("available", "expired", "registered", "unknown")
SORTS = ("value", "score", "authority", "expires", "name")
KINDS = ("news", "blog", "forum", "social", "review", "web")
TONES = get_args(Tone)
# What filters are called in the address, and what in the data.
HUNTED = {
    "q": "q",
    "tld": "tld",
    "min": "min_value",
    "max": "max_value",
    "da": "min_authority",
    "days": "within_days",
    "clean": "clean",
    "sort": "sort",
}
MENTIONED = {"brand": "brand", "kind": "source_kind", "tone": "tone"}
_MENTIONS_DAILY = Export("brand_mentions_daily", RANGE | filtered(brand="brand", kind="source_kind"))


def layout(here: Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to`, and `var-` status, q, tld, min, max, da, days, clean, sort, page of
    the hunter, `var-value` of the calculator, `var-brand`, `var-kind` and `var-tone` of the mentions."""
    return html.Div(
        [
            address.store(ids.VIEW, here),
            *(dcc.Store(id=name) for name in (ids.TOAST, ids.ACTED, ids.PRESSED)),
            view_versions.store(ids.STAMP, *SHOWS),
            head("Domains", here),
            notice(ids.NOTICE),
            html.Div([html.Section(skeleton(2), className="panel card")] * 6, id=ids.CARDS, className="cards"),
            html.Div(
                [
                    _hunter(here),
                    _calculator(here),
                    *_lists(),
                    _brands(),
                    _mentions(here),
                ],
                className="domains-tiles",
            ),
        ],
        className="page domains",
    )


def _lists() -> list[html.Section]:
    return [
        told(
            "Opportunities",
            ids.OPPORTUNITIES,
            "available · worth more than $1,000 · by value",
            "Domains that are free to register and estimated above $1,000, the most valuable first.",
            Export("domain_opportunities"),
        ),
        told(
            "Watch list",
            ids.WATCHED,
            "every change is kept",
            "Domains that somebody watches; their registry is asked again and again.",
            Export("domain_watch_list"),
        ),
        chart(
            "Competitor portfolios",
            ids.PORTFOLIOS,
            "domains held",
            "How many domains each competitor holds, by day; the smallest portfolios are added up in one line.",
            Export("domain_portfolios_daily", RANGE),
            board="portfolios_over_time",
        ),
        told(
            "Portfolios now",
            ids.OWNERS,
            "gained and lost in the range",
            "What each competitor holds now, and what came and went in the range.",
            Export("domain_portfolios", RANGE),
        ),
        chart(
            "Brand mentions by day",
            ids.MENTIONS_BY_DAY,
            "by tone",
            "Mentions of the brands by day and by the tone of their sentences.",
            _MENTIONS_DAILY,
            board="mentions_by_day",
        ),
    ]


def _hunter(here: Address) -> html.Section:
    status = list(here.values("status"))
    controls = [
        _choice("status", "Status", AVAILABILITY, here, multi=True, value=status, placeholder="available, expired"),
        _field("q", "Name contains", here),
        _field("tld", "TLD", here, placeholder="any"),
        _field("min", "Min value", here, inputMode="numeric"),
        _field("max", "Max value", here, inputMode="numeric"),
        _field("da", "Min DA", here, inputMode="numeric"),
        _field("days", "Expires within (days)", here, inputMode="numeric"),
        _choice("clean", "Checks", (("yes", "passes all"),), here, placeholder="any"),
        _choice("sort", "Sort by", SORTS, here, placeholder="value"),
    ]
    filters = html.Div(controls, className="filters domains-filters", role="group", **live.attrs(aria_label="Filters"))
    note = html.Span(live.WAITING, id=ids.HUNTER_NOTE)
    found = html.Div(skeleton(8), id=ids.HUNTER)
    takes = filtered(**HUNTED, status="availability")
    return panel(
        "Expired-domain hunter",
        filters,
        found,
        name="domains-hunter-panel",
        note=note,
        age=AGE,
        expected_s=90,
        explained="Domains that are free or about to be, by their estimated value; the filters narrow list and "
        "file alike.",
        exports=[Export("domains", takes)],
    )


def _calculator(here: Address) -> html.Section:
    ask = _field("value", "Any domain", here, placeholder="like acme.io")
    weigh = html.Div(
        [
            html.Div(id=ids.WEIGHTS),
            submit("Save weights", ids.WEIGH),
        ],
        className="for-managers",
    )
    more = html.Details([html.Summary("Weights"), weigh], className="weights-box for-managers")
    found = html.Div(id=ids.VALUE)
    note = "factors × weights, a band, and why"
    return panel(
        "Domain value calculator",
        *(ask, found, more),
        name="domains-value-panel",
        note=note,
        age=None,
        explained="What a domain is worth by six factors and their weights. The band is wide where little is known.",
    )


def _brands() -> html.Section:
    """Who is spoken of, and which feeds are read for it."""
    body = [html.Div(skeleton(5), id=ids.BRANDS), html.Div(id=ids.FEEDS)]
    note = "in the range · feeds are read every quarter of an hour"
    exports = [Export("brands", RANGE, title="Brands"), Export("mention_feeds", title="Feeds")]
    return panel(
        "Brands and feeds",
        *body,
        name=ids.BRANDS,
        note=note,
        age=AGE,
        expected_s=90,
        explained="The brands that are listened for, how often each was mentioned, and the feeds that are read.",
        exports=exports,
    )


def _mentions(here: Address) -> html.Section:
    controls = [
        _field("brand", "Brand", here),
        _choice("kind", "Kind of source", KINDS, here, placeholder="any"),
        _choice("tone", "Tone", TONES, here, placeholder="any"),
    ]
    filters = html.Div(controls, className="filters domains-filters", role="group", **live.attrs(aria_label="Mentions"))
    heard = html.Div(skeleton(8), id=ids.MENTIONS)
    return panel(
        "Brand mention monitor",
        filters,
        heard,
        name="domains-mentions-panel",
        note="newest 100",
        age=AGE,
        expected_s=90,
        explained="Sentences that name a brand, the newest first, with where they stand and their tone.",
        exports=[Export("brand_mentions", RANGE | filtered(**MENTIONED))],
    )


def _field(var: str, label: str, here: Address, **properties: Any) -> html.Div:  # noqa: ANN401 — an input's own
    box = dcc.Input(id=ids.control(var), value=here.value(var), debounce=True, autoComplete="off", **properties)
    return field(label, box, kind=f"filter-{var}")


def _choice(var: str, label: str, options: Iterable[Option], here: Address, **properties: Any) -> html.Div:  # noqa: ANN401 — a dropdown's own
    chosen = {"value": here.value(var)} | properties
    return choice(label, ids.control(var), options, kind=f"filter-{var}", **chosen)
