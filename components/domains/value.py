"""A valuation, as the calculator shows it: the sum, its band, each factor with what it adds, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.domains import ids
from components.domains.tables import money
from components.kit import formats, live
from components.kit.states import badge, link, symbol
from data.domains.rules import FACTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from components.kit.live import Content
    from data.domains.rules import Factor, Valuation


def valuation(found: Valuation, *, linked: bool) -> list[Component]:
    """`linked` leads to the domain's own page."""
    said = link(found.domain_name, f"/domains/{found.domain_name}") if linked else html.Span(found.domain_name)
    verdict = [symbol("critical"), badge("not for us", tone="alarm")] if found.rejected else [symbol("normal")]
    head = html.Div(
        [
            html.Div([*verdict, html.Strong(said)], className="value-name"),
            html.Div(money(found.value), className="value-sum"),
            html.Div(f"{money(found.low)} – {money(found.high)} · score {found.score}", className="value-band"),
        ],
        className="value-head",
        **live.marks(data_rejected=str(bool(found.rejected)).lower()),
    )
    gates = [html.Li([symbol("critical"), " ", gate.why]) for gate in found.rejected]
    return [
        head,
        html.Ul(gates, className="value-gates") if gates else html.Span(),
        html.Div([_factor(each) for each in found.factors], className="factors"),
        html.P(found.why, className="value-why"),
    ]


def _factor(factor: Factor) -> html.Div:
    known = factor.score is not None
    return html.Div(
        [
            html.Span(factor.title, className="factor-title"),
            html.I(style={"--p": factor.score or 0}, **live.marks(aria_hidden="true")),
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
        html.Label(
            [
                html.Span(title, className="field-label"),
                dcc.Input(id=ids.weight(name), type="number", min=0, max=100, step="any", value=now[name]),
            ],
            className="field",
        )
        for name, (title, _) in FACTORS.items()
    ]
    return [html.Div(fields, className="weights"), html.Small(said, className="field-hint")]
