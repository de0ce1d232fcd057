"""The rules on the Alerts page: the editor with its versions, a preview over the last days, what is in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import Input, Output, State
from dash.exceptions import PreventUpdate
from flask import g

from callbacks.actions import perform
from callbacks.alerts.page import ACTED, TICK, Question, blueprint, page
from callbacks.web.api import db
from components.alerts import figures, ids, tables
from components.kit import charts, formats
from data import clock
from data.alerts import preview, reads, rulebook, rules_store
from data.alerts.language import tree
from data.errors import NotFound
from data.permissions import Permission
from data.signals import signals

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from callbacks.panels import Draw, Reader
    from components.kit.toasts import Toast
    from data.alerts.rule import Rule

PREVIEW_DAYS = 7
MOST_LINES = 6
LINE_MINUTES = 5  # between two points of a line: a chart shows no more


@blueprint.callback(
    Output(ids.DOCUMENT, "value"),
    Output(ids.VERSION, "data"),
    Output(ids.VERSION_OF, "children"),
    Input(ids.LOAD, "n_clicks"),
    Input(ids.VIEW, "id"),
    needs=Permission.ALERTS_READ,
)
def load_rules(_clicks: int | None, _: str) -> tuple[str, int, str]:
    book = rules_store.load(db())
    return book.text(), book.version, version_words(book)


def version_words(book: rules_store.RuleBook) -> str:
    if book.saved_at is None or book.saved_by is None:
        return "as shipped"
    age = formats.age((clock.now() - book.saved_at).total_seconds())
    return f"version {book.version} · saved by {book.saved_by.partition('@')[0]} {age} ago"


@blueprint.callback(
    Output(ids.ERROR, "children"),
    Output(ids.VERSION, "data", allow_duplicate=True),
    Output(ids.VERSION_OF, "children", allow_duplicate=True),
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.SAVE, "n_clicks"),
    State(ids.DOCUMENT, "value"),
    State(ids.VERSION, "data"),
    needs=Permission.ALERTS_MANAGE,
    prevent_initial_call=True,
)
def save_rules(clicks: int | None, document: str | None, version: int | None) -> tuple[Any, Any, Any, Toast, str]:
    if not clicks:
        raise PreventUpdate
    toast, saved = perform(lambda: _save(document or "", version), lambda _: "The rules are saved")
    at = clock.now().isoformat()
    if saved is None:  # the editor keeps what it holds, and what it was made from
        return toast["words"], version, version_words(rules_store.load(db())), toast, at
    return "", saved.version, version_words(saved), toast, at


def _save(document: str, version: int | None) -> rules_store.RuleBook:
    return rules_store.save(db(), g.actor, document, expected=version)


@page.outputs(
    Output(charts.slot(ids.CURVE), "data"),
    Output(ids.PREVIEWED, "children"),
    fallback=lambda words: (charts.empty_figure("Nothing to preview"), words),
    inputs=[Input(ids.PREVIEW, "n_clicks"), Input(ids.VERSION, "data")],
    states=[State(ids.DOCUMENT, "value")],
)
def draw_preview(asked: Question, read: Reader, document: object) -> Draw:
    """The chosen rule as it stands in the editor, over the last seven days."""
    if asked.rule is None:
        return lambda: (
            charts.empty_figure("No rule is chosen"),
            "Choose a rule above to see when it would have fired.",
        )
    now = clock.now()
    written = document if isinstance(document, str) else None
    rule, recorded, frame = read.now(lambda connection: _read(connection, written, str(asked.rule), now))
    played = recorded.play()
    periods = [(each.start, each.end or now) for each in played.periods]
    unit = next(iter(tree.every_series(rule.node))).signal.unit
    words = preview_words(rule, played)
    span = (now - timedelta(days=PREVIEW_DAYS), now)
    return lambda: (
        figures.curve(frame, periods=periods, thresholds=thresholds(rule), span=span, unit=unit),
        words,
    )


def rule_of(connection: Connection, document: str | None, name: str) -> Rule:
    """Raises BadInput for what the editor holds, NotFound where it holds no such rule."""
    rules = rulebook.from_yaml(document) if document else rules_store.load(connection).rules
    found = next((rule for rule in rules if rule.name == name), None)
    if found is None:
        raise NotFound(f"The editor holds no rule {name}: pick one of those in force above")
    return found


def _read(
    connection: Connection, document: str | None, name: str, now: datetime
) -> tuple[Rule, preview.Recorded, pd.DataFrame]:
    rule = rule_of(connection, document, name)
    return rule, preview.record(connection, [rule], now, PREVIEW_DAYS), _lines(connection, rule, now)


def _lines(connection: Connection, rule: Rule, now: datetime) -> pd.DataFrame:
    """The first signal of the rule: some of its series, thinned to what a chart can show."""
    series = tree.every_series(rule.node)[0]
    rows = []
    pasts = preview.history(connection, series.signal, now - timedelta(days=PREVIEW_DAYS), now, every=LINE_MINUTES)
    named = {key: dict(zip(series.signal.labels, key, strict=True)) for key in pasts}
    chosen = [key for key in sorted(pasts) if series.takes(named[key])][:MOST_LINES]
    for key in chosen:
        rows += [(", ".join(key) or series.signal.name, at, value) for at, value in pasts[key]]
    return pd.DataFrame(rows, columns=["series", "at", "value"])


def thresholds(rule: Rule) -> list[float]:
    """The numbers that its conditions compare a bare signal with."""
    first = tree.every_series(rule.node)[0]
    return [
        node.right.value
        for node in tree.walk(rule.node)
        if isinstance(node, tree.Comparison) and isinstance(node.right, tree.Number) and node.left == first
    ]


def preview_words(rule: Rule, played: preview.Played) -> str:
    if any(series.kind == "word" for series in tree.every_series(rule.node)):
        return f"{rule.name} asks about a word, of which no past is kept: its alerts tell what it finds."
    times = len(played.periods)
    said = (
        f"{rule.name} would have fired {'once' if times == 1 else f'{times:,} times'} in the last {PREVIEW_DAYS} days"
    )
    lengths = sorted((each.end - each.start).total_seconds() for each in played.periods if each.end)
    if lengths:
        said += f", {formats.duration(lengths[0])} to {formats.duration(lengths[-1])} each"
    if not rule.enabled:
        said = f"{rule.name} is turned off"
    grid = f" · looked at every {formats.duration(played.grid_s)}" if played.grid_s > 60 else ""
    return f"{said}{grid}."


@page.children(ids.RULES, inputs=[TICK, ACTED])
def show_rules(_: Question, read: Reader) -> Draw:
    book, known = read.now(lambda connection: (rules_store.load(connection), reads.evaluations(connection)))
    rows = [
        {
            "name": rule.name,
            "condition": rule.condition,
            "severity": rule.severity,
            "shipped": rule.shipped,
            "enabled": rule.enabled,
            "at": known.get(rule.name, {}).get("at"),
            "note": known.get(rule.name, {}).get("error"),
            "asked": known.get(rule.name, {}).get("asked"),
        }
        for rule in book.rules
    ]
    return lambda: tables.rules(rows)


@page.children(ids.SIGNALS)
def show_signals(_: Question, read: Reader) -> Draw:
    del read
    rows = [
        {
            "name": each.name,
            "title": each.title,
            "unit": each.unit,
            "labels": each.labels,
            "every_s": each.every_s,
            "known": each.read is not None,
        }
        for _, each in sorted(signals().items())
    ]
    return lambda: tables.signals(rows)
