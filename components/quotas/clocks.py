"""The exhaustion clock of every provider, and the counters above it. Rows are those of `forecast_reads.latest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import formats
from components.kit.address import link as address_link
from components.kit.cards import kpi_value
from components.kit.states import badge, empty, link, symbol
from components.quotas.rows import listed
from data.quantities import count
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

Row = dict[str, Any]
WINDOWS = {"monthly": "per month", "daily": "per day", "trial": "once", "none": "no limit"}
MODELS = {"simple": "simple model", "library": "library (ETS)"}
_HEADINGS = (
    "",
    "Provider",
    "Used",
    "24 h",
    "Per day (7 d)",
    "Daily budget",
    "Expected",
    "Exhaustion",
    "Action",
    "Accuracy",
)
_NUMBERS = ("Used", "24 h", "Per day (7 d)", "Daily budget", "Expected", "Proved")


def clocks(rows: Sequence[Row], scores: Mapping[str, Row]) -> Component:
    """Each row with `reserve`: when ordinary queries end, in words."""
    if not rows:
        return empty("No provider yet.", "The catalogue is filled when the first process starts.")
    return listed(
        _HEADINGS,
        [_clock(row, scores.get(row["provider"])) for row in rows],
        label="Exhaustion clock",
        numbers=_NUMBERS,
    )


def _clock(row: Row, score: Row | None) -> list[Any]:
    named = [link(row["provider"], address_link(var_provider=row["provider"]), within=True), _kind(row)]
    if row["made_at"] is None:
        waiting = formats.WAITING
        return [symbol(Status.OFF), named, _used(row), *[waiting] * 4, "not forecast yet", "", waiting]
    said = [html.Small(words) for words in (row["reserve"], row["reason"]) if words]
    clock = html.Span([row["clock"], *said], className="quota-clock")
    return [
        symbol(row["status"]),
        named,
        _used(row),
        amount(row["burn_day"]),
        amount(row["burn_week"]),
        amount(row["ration"]),
        _expected(row),
        clock,
        html.Span(row["advice"], className="quota-advice"),
        _proved(score),
    ]


def _expected(row: Row) -> Component:
    """What is used by the reset, or by the month's end where nothing is reset, with its 80 % interval; and what is
    asked for, where limit and reserve do not let all of it through."""
    by = f"by {row['ends_at']:%b} {row['ends_at'].day}"
    told = [row["expected"], row["low"], row["high"]]
    spent, low, high = told if row["spent"] is None else [row[f"spent{edge}"] for edge in ("", "_low", "_high")]
    held = f", asked {formats.whole(row['expected'])}" if round(row["expected"]) > round(spent) else ""
    words = f"{formats.whole(spent)} ({formats.whole(low)}–{formats.whole(high)})"
    return html.Span([words, html.Small(by + held)])


def _kind(row: Row) -> Component:
    words = WINDOWS[row["window_now"]] if row["quota_now"] is not None else "no limit known"
    marks = [html.Small(words)]
    return html.Span([*marks, badge("sim")] if row["simulated"] else marks, className="quota-kind")


def _used(row: Row) -> str:
    limit = row["quota_now"]
    return f"{amount(row['used_now'])} / {amount(limit)}" if limit is not None else amount(row["used_now"])


def _proved(score: Row | None) -> str | Component:
    """How many of past forecasts' intervals held, and the error against the straight line's; whose forecasts."""
    if not score:
        return "not judged yet"
    if not score["trials"]:
        return "too few days yet"
    errors = f"{score['error'] * 100:.0f} % (straight line {score['line_error'] * 100:.0f} %)"
    words = f"{score['coverage'] * 100:.0f} % within interval, error {errors}"
    return html.Span([words, html.Small(_models(score))])


def _models(score: Row) -> str:
    """Which model is in use, and how the other one fared on the same days."""
    if not score["library_trials"]:
        return f"{MODELS['simple']}: less than six weeks of data"
    other = "simple" if score["model"] == "library" else "library"
    rival = f"{score[f'{other}_error']:.1%}".replace("%", " %")
    own = f"{score[score['model'] + '_error']:.1%}".replace("%", " %")
    return f"{MODELS[score['model']]} {own}, {MODELS[other]} {rival}"


def amount(value: float | None) -> str:
    """Credits: whole ones without a decimal."""
    if value is None:
        return formats.WAITING
    return formats.whole(value) if float(value).is_integer() or value >= 100 else formats.decimal(value)


def counters(rows: Sequence[Row], performance: Sequence[Row]) -> Component:
    """What was spent and spared in the range, what runs dry, and how good forecasts were."""
    spent, saved = (sum(row[name] or 0.0 for row in performance) for name in ("credits", "saved"))
    calls, cached = (sum(row[name] or 0 for row in performance) for name in ("calls", "cached"))
    burn = sum(row["burn_week"] or 0.0 for row in rows)
    known = (row for row in rows if row["made_at"] is not None)
    worst = [row for row in known if Status(row["status"]).rank >= Status.CAUTION.rank]
    share = f"{cached / calls:.0%}".replace("%", " %") if calls else formats.WAITING
    return html.Div(
        [
            kpi_value("Spent", amount(round(spent, 1)), f"credits in {count(calls, 'query')}"),
            kpi_value("Saved by the cache", amount(round(saved, 1)), f"credits · {share} of the queries"),
            kpi_value("Days saved by the cache", f"{saved / burn:,.1f}" if burn else formats.WAITING, _at(burn)),
            kpi_value(
                "Will run out before reset", str(len(worst)), ", ".join(row["provider"] for row in worst) or "none"
            ),
        ],
        className="cards",
    )


def _at(burn: float) -> str:
    return f"at this week's rate, {amount(round(burn, 1))} credits per day"


def worst(rows: Sequence[Row]) -> str | None:
    """The provider that needs a look first: the one that the forecast chart shows unless another is asked for."""
    known = [row for row in rows if row["made_at"] is not None]
    ranked = sorted(known, key=lambda row: (-Status(row["status"]).rank, -(row["used_now"] or 0)))
    return ranked[0]["provider"] if ranked else None
