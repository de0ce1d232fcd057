"""A valuation, as the calculator shows it: the sum, its band, each factor with what it adds, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.domains import ids
from components.kit import formats, live
from components.kit.forms import field
from components.kit.states import badge, link, symbol
from data.domains.rules import ENOUGH, FACTORS
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from components.kit.live import Content
    from data.domains.rules import Factor, Valuation


def valuation(found: Valuation, *, linked: bool) -> list[Component]:
    """`linked` leads to the domain's own page."""
    gates = [html.Li([symbol(Status.CRITICAL), " ", gate.why]) for gate in found.rejected]
    return [
        _head(found, linked=linked),
        html.Ul(gates, className="value-gates") if gates else html.Span(),
        html.Div([_factor(each) for each in found.factors], className="factors"),
        html.P([found.why, html.Br(), html.Small(found.band)] if found.band else found.why, className="value-why"),
    ]


def _head(found: Valuation, *, linked: bool) -> html.Div:
    typed = link(found.unicode_name, f"/domains/{found.domain_name}") if linked else html.Span(found.unicode_name)
    beside = [html.Small(f" {found.domain_name}")] if found.unicode_name != found.domain_name else []
    verdict = [symbol(Status.CRITICAL), badge("not for us", tone="alarm")] if found.rejected else []
    if found.value is None:
        sums = ["No value", f"{found.known:.0%} of the weights known · {ENOUGH:.0%} needed"]
        state: Status = Status.OFF
    else:
        sums = [
            formats.money(found.value),
            f"our estimate · {formats.money(found.low)} – {formats.money(found.high)} · score {found.score}",
        ]
        state = Status.NORMAL
    return html.Div(
        [
            html.Div([*(verdict or [symbol(state)]), html.Strong(typed), *beside], className="value-name"),
            html.Div(sums[0], className="value-sum"),
            html.Div(sums[1], className="value-band"),
        ],
        className="value-head",
        **live.attrs(data_rejected=str(bool(found.rejected)).lower()),
    )


def _factor(factor: Factor) -> html.Div:
    known = factor.score is not None
    return html.Div(
        [
            html.Span(factor.title, className="factor-title"),
            html.I(style={"--p": factor.score or 0}, **live.attrs(aria_hidden="true")),
            html.Span(f"{factor.score:.0f}" if known else formats.WAITING, className="factor-score"),
            html.Span(f"× {factor.weight:g}", className="factor-weight"),
            html.Span(f"+{factor.points:.1f}" if known else "–", className="factor-points"),
            html.Small(factor.why),
        ],
        className="factor" if known else "factor factor-unknown",
    )


def weights(now: Mapping[str, float], said: Content) -> list[Component]:
    """The weights as managers change them."""
    fields = [
        field(title, dcc.Input(id=ids.weight(name), type="number", min=0, max=100, step="any", value=now[name]))
        for name, (title, _) in FACTORS.items()
    ]
    return [html.Div(fields, className="weights"), html.Small(said, className="field-hint")]
