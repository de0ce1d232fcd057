"""The signals' readings: asked for when they are due, and kept for windows, previews and those who ask in between."""

from __future__ import annotations

import logging
import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.alerts.language import tree
from data.alerts.language.readings import Family, Reading, Readings
from data.errors import MissionControlError
from data.signal import TICK_S, Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.language.readings import Key, Point
    from data.alerts.rule import Rule
    from data.signal import Sample, Signal

log = logging.getLogger(__name__)

READ_MS = 2000  # what a statement of a signal may take
MOST_SERIES = 20_000  # of one signal; those beyond are not looked at
KEPT_SERIES = 500  # a signal of more is not kept for windows
MINUTE_TICKS = round(60 / TICK_S)
_THINNED = ((timedelta(hours=6), 60), (timedelta(days=8), 600))
_OVERLAP = timedelta(hours=2)  # a worker that was away for so long leaves nothing thick behind
_LABEL = 200
_NOTE = 1000

Rows = list[dict[str, Any]]


def read(asked: Asked, wanted: Mapping[str, Signal], windows: Mapping[str, int], tick: int) -> tuple[Readings, Rows]:
    """What the signals say at a tick, and what of it is new, to be saved. `windows`: how many seconds of their past
    are asked for. A signal that cannot be read says so, and spoils nothing for the others."""
    readings = Readings(asked.now, {name: Family(signal) for name, signal in wanted.items()})
    for row in _stored(asked.connection, list(wanted)):
        family = readings.families[row.signal]
        if len(row.key) == len(family.signal.labels):
            value = row.word if family.signal.kind == "word" else row.value
            family.readings[tuple(row.key)] = Reading(row.labels, value, row.at, row.note, row.simulated)
    fresh: Rows = []
    for family in readings.families.values():
        if family.signal.read is not None and is_due(family.signal, tick):
            fresh += _ask(asked, family)
    for name, past in _histories(asked.connection, windows, asked.now).items():
        readings.families[name].history = past
    for name in windows:
        _join_newest(readings.families[name])
    return readings, fresh


def is_due(signal: Signal, tick: int) -> bool:
    return tick % max(1, round(signal.every_s / TICK_S)) == 0


def wanted_windows(rules: Iterable[Rule]) -> dict[str, int]:
    """How much of their past each signal is asked for, in seconds."""
    longest: dict[str, int] = {}
    for rule in rules:
        for node in tree.walk(rule.node):
            if isinstance(node, tree.Window):
                name = node.series.signal.name
                longest[name] = max(longest.get(name, 0), node.seconds)
    return longest


def wanted_usuals(rules: Iterable[Rule]) -> set[str]:
    """The signals that are compared with the same hour of other weeks."""
    nodes = (node for rule in rules for node in tree.walk(rule.node))
    return {node.series.signal.name for node in nodes if isinstance(node, tree.Zscore)}


def load_usuals(connection: Connection, readings: Readings, names: Iterable[str]) -> None:
    """What was measured in this hour of the last four weeks."""
    for name in names:
        rows = connection.execute(
            text("""select s.key, p.at, p.value from alert_series s
                    join alert_samples p using (series_id)
                    join generate_series(1, 4) week on p.at >= date_trunc('hour', cast(:now as timestamptz), 'UTC')
                      - week * interval '7 days' and p.at < date_trunc('hour', cast(:now as timestamptz), 'UTC')
                      - week * interval '7 days' + interval '1 hour'
                    where s.signal = :name and not s.gone order by p.at"""),
            {"name": name, "now": readings.now},
        )
        for key, at, value in rows:
            readings.families[name].usuals.setdefault(tuple(key), []).append((at, value))


def _ask(asked: Asked, family: Family) -> Rows:
    signal = family.signal
    assert signal.read is not None  # noqa: S101 — the caller asked
    try:
        with asked.connection.begin_nested():
            asked.connection.exec_driver_sql(f"set local statement_timeout = {READ_MS}")
            samples = [each for _, each in zip(range(MOST_SERIES), signal.read(asked), strict=False)]
            found = {_key(signal, each): _reading(signal, each, asked.now) for each in samples}
    except Exception as error:  # one area's defect is no reason to look at nothing else
        if asked.connection.invalidated or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise
        log.warning("the signal %s cannot be read: %s", signal.name, _reason(error))
        family.error = _reason(error)
        return []
    gone = family.readings.keys() - found.keys() if signal.complete else set()
    family.readings = found if signal.complete else family.readings | found
    rows = [_row(signal, key, reading) for key, reading in found.items()]
    return [*rows, *({"signal": signal.name, "key": list(key), "gone": True} for key in sorted(gone))]


def _reason(error: Exception) -> str:
    if isinstance(error, MissionControlError):
        return error.detail
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0] or type(error).__name__


def _key(signal: Signal, sample: Sample) -> Key:
    return tuple(_clean(sample.labels.get(name, ""))[:_LABEL] for name in signal.labels)


def _reading(signal: Signal, sample: Sample, now: datetime) -> Reading:
    labels = dict(zip(signal.labels, _key(signal, sample), strict=True))
    value = sample.value
    if signal.kind == "word":
        value = None if value is None else _clean(str(value))[:_LABEL]
    elif not isinstance(value, float | int) or not math.isfinite(value):
        value = None
    else:
        value = float(value)
    at = min(sample.at or now, now)
    return Reading(labels, value, at, _clean(sample.note)[:_NOTE], sample.simulated)


def _clean(words: str) -> str:
    return words.replace("\x00", "").encode(errors="replace").decode()


def _row(signal: Signal, key: Key, reading: Reading) -> dict[str, Any]:
    number = signal.kind == "number"
    return {
        "signal": signal.name,
        "key": list(key),
        "labels": dict(reading.labels),
        "value": reading.value if number else None,
        "word": None if number else reading.value,
        "note": reading.note,
        "at": reading.at.isoformat(),
        "simulated": reading.simulated,
        "gone": False,
    }


def _stored(connection: Connection, names: list[str]) -> Iterable[Any]:
    return connection.execute(
        text("""select signal, key, labels, value, word, note, at, simulated from alert_series
                where signal = any(:names) and not gone order by series_id"""),
        {"names": names},
    )


def _histories(connection: Connection, windows: Mapping[str, int], now: datetime) -> dict[str, dict[Key, list[Point]]]:
    found: dict[str, dict[Key, list[Point]]] = {name: {} for name in windows}
    for name, seconds in windows.items():
        rows = connection.execute(
            text("""select s.key, p.at, p.value from alert_series s join alert_samples p using (series_id)
                    where s.signal = :name and not s.gone and p.at > :since and p.at < :now order by p.at"""),
            {"name": name, "since": now - timedelta(seconds=seconds), "now": now},
        )
        for key, at, value in rows:
            found[name].setdefault(tuple(key), []).append((at, value))
    return found


def _join_newest(family: Family) -> None:
    """The newest reading is a part of what windows look at, saved or not."""
    for key, reading in family.readings.items():
        past = list(family.history.get(key, ()))
        if isinstance(reading.value, float) and (not past or past[-1][0] < reading.at):
            family.history[key] = [*past, (reading.at, reading.value)]


def save(connection: Connection, fresh: Rows, windows: Iterable[str], tick: int) -> None:
    """The newest readings; beside them what windows need, and every minute what previews draw."""
    connection.execute(
        text("""
        with fresh as (
          select * from jsonb_to_recordset(cast(:fresh as jsonb)) as f (signal text, key text[], labels jsonb,
            value float8, word text, note text, at timestamptz, simulated boolean, gone boolean)),
        left_over as (
          update alert_series s set gone = true from fresh f
          where f.gone and s.signal = f.signal and s.key = f.key)
        insert into alert_series as s (signal, key, labels, value, word, note, at, simulated)
        select signal, key, labels, value, word, note, at, simulated from fresh where not gone order by signal, key
        on conflict (signal, key) do update set labels = excluded.labels, value = excluded.value, word = excluded.word,
          note = excluded.note, at = excluded.at, simulated = excluded.simulated, gone = false
        where s.at <= excluded.at
        """),
        {"fresh": orjson.dumps(fresh).decode()},
    )
    kept = set(windows)
    if tick % MINUTE_TICKS == 0:
        kept |= {row["signal"] for row in fresh}
    counts: dict[str, int] = {}
    for row in fresh:
        counts[row["signal"]] = counts.get(row["signal"], 0) + 1
    names = sorted(name for name in kept if counts.get(name, 0) <= KEPT_SERIES)
    connection.execute(
        text("""insert into alert_samples (series_id, at, value)
                select series_id, at, value from alert_series
                where signal = any(:names) and value is not null and not gone
                on conflict do nothing"""),
        {"names": names},
    )


def thin(connection: Connection, now: datetime) -> int:
    """Of what is older than six hours one sample a minute stays, after eight days one in ten minutes; returns how many
    went."""
    return sum(
        connection.execute(
            text("""delete from alert_samples p using (
                      select series_id, at, row_number() over (
                        partition by series_id, floor(extract(epoch from at) / :grid) order by at) as place
                      from alert_samples where at > :from and at < :until) many
                    where p.series_id = many.series_id and p.at = many.at and many.place > 1"""),
            {"grid": grid_s, "from": now - age - _OVERLAP, "until": now - age},
        ).rowcount
        for age, grid_s in _THINNED
    )
