from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from dash import dcc, html

from components.domains import ids
from components.kit import address, live, view_versions
from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.exports import RANGE, Export, filtered
from components.kit.forms import choice, field, submit
from components.kit.page_header import YEAR, notice, page_header
from components.kit.states import link, skeleton
from data.domains.rules import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from components.kit.address import Address
    from components.kit.forms import Option
    from components.kit.live import Content

STAMP, REFRESH_S = "mv_daily_backlink_stats", 90
SHOWS = (STAMP, "mv_daily_domain_stats")
AGE = f"stamps.{STAMP}.refreshed"
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
_OPPORTUNITIES = Export("domain_opportunities")
_MENTIONS_DAILY = Export("brand_mentions_daily", RANGE | filtered(brand="brand", kind="source_kind"))


def layout(here: Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to`, and `var-` status, q, tld, min, max, da, days, clean, sort, page of
    the hunter, `var-value` of the calculator, `var-brand`, `var-kind` and `var-tone` of the mentions."""
    return html.Div(
        [
            address.store(ids.VIEW, here),
            *(dcc.Store(id=name) for name in (ids.TOAST, ids.ACTED, ids.PRESSED)),
            view_versions.store(ids.STAMP, *SHOWS),
            _head("Domains"),
            notice(ids.NOTICE),
            html.Div(_waiting_cards(), id=ids.CARDS, className="cards"),
            html.Div(
                [
                    _hunter(here),
                    _calculator(here),
                    _told(
                        "Opportunities",
                        ids.OPPORTUNITIES,
                        "available · worth more than $1,000 · by value",
                        _OPPORTUNITIES,
                    ),
                    _told("Watch list", ids.WATCHED, "every change is kept", Export("domain_watch_list")),
                    _chart(
                        "Competitor portfolios",
                        ids.PORTFOLIOS,
                        "domains held",
                        Export("domain_portfolios_daily", RANGE),
                    ),
                    _told(
                        "Portfolios now", ids.OWNERS, "gained and lost in the range", Export("domain_portfolios", RANGE)
                    ),
                    _chart("Brand mentions by day", ids.MENTIONS_BY_DAY, "by tone", _MENTIONS_DAILY),
                    _brands(),
                    _mentions(here),
                ],
                className="domains-tiles",
            ),
        ],
        className="page domains",
    )


def own(name: str, here: Address = address.BARE) -> html.Div:
    """A domain's own page."""
    of = {"domain_name": name}
    return html.Div(
        [
            address.store(ids.OWN_VIEW, here),
            dcc.Store(id=ids.OWN_NAME, data=name),
            *(dcc.Store(id=each) for each in (ids.TOAST, ids.ACTED, ids.PRESSED)),
            view_versions.store(ids.STAMP, *SHOWS),
            _head(name, link("← Domains", "/domains", className="button button-quiet")),
            notice(ids.OWN_NOTICE),
            html.Div(
                [
                    _told("What is known", ids.OWN_FACTS, None),
                    _told("Value", ids.OWN_VALUE, "by the weights that count now"),
                    _chart("Links found and lost", ids.OWN_LINKS, "a day"),
                    _told("History", ids.OWN_HISTORY, "the newest first", Export("domain_history", given=of)),
                    _told(
                        "Referring domains", ids.OWN_REFERRING, "the strongest 50", Export("domain_referring", given=of)
                    ),
                    _told("Newest links", ids.OWN_NEWEST, "the newest 50"),
                    _told(
                        "Mentions on its pages", ids.OWN_MENTIONS, "in the range", Export("brand_mentions", RANGE, of)
                    ),
                ],
                className="domains-tiles domains-own",
            ),
        ],
        className="page domains",
    )


def _head(title: str, *more: html.A) -> html.Div:
    named = html.Div([*more, html.H1(title)], className="domains-title")
    return page_header(named, YEAR, "Range", "Range of links, portfolios and mentions")


def _waiting_cards() -> list[html.Section]:
    return [html.Section(skeleton(2), className="panel card") for _ in range(6)]


def _told(title: str, name: str, note: Content, *exports: Export) -> html.Section:
    """A panel that a callback fills."""
    body = html.Div(skeleton(5), id=name)
    return panel(title, body, name=name, note=note, age=AGE, expected_s=REFRESH_S, exports=exports)


def _chart(title: str, name: str, note: Content, *exports: Export) -> html.Section:
    return chart_panel(title, name, note=note, stamp=STAMP, expected_s=REFRESH_S, exports=exports)


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
    return panel("Domain value calculator", ask, found, more, name="domains-value-panel", note=note, age=None)


def _brands() -> html.Section:
    """Who is spoken of, and which feeds are read for it."""
    body = [html.Div(skeleton(5), id=ids.BRANDS), html.Div(id=ids.FEEDS)]
    note = "in the range · feeds are read every quarter of an hour"
    exports = [Export("brands", RANGE, title="Brands"), Export("mention_feeds", title="Feeds")]
    return panel("Brands and feeds", *body, name=ids.BRANDS, note=note, age=AGE, expected_s=90, exports=exports)


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
        exports=[Export("brand_mentions", RANGE | filtered(**MENTIONED))],
    )


def _field(var: str, label: str, here: Address, **properties: Any) -> html.Div:  # noqa: ANN401 — an input's own
    box = dcc.Input(id=ids.control(var), value=here.value(var), debounce=True, autoComplete="off", **properties)
    return field(label, box, kind=f"filter-{var}")


def _choice(var: str, label: str, options: Iterable[Option], here: Address, **properties: Any) -> html.Div:  # noqa: ANN401 — a dropdown's own
    chosen = {"value": here.value(var)} | properties
    return choice(label, ids.control(var), options, kind=f"filter-{var}", **chosen)
