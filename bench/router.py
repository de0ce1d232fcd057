"""How long the choice of a provider takes at a thousand choices a second, and what it saves in a month."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bench.month import ByRemaining, OurRule, Tally, play, traffic
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from data.db import transaction
from data.permissions import Actor, Permission
from data.quotas.routing.gateway import ProviderGateway
from data.services import Services
from data.settings import Settings
from data.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from bench.month import Asked

PER_SECOND = 1000
RECORDED = 200
PLAYER = Actor("key", "bench", "bench", frozenset({Permission.QUOTAS_CALL}), simulated=True)


@benchmark.add("router", where="database")
def router(engine: Engine, scale: Scale) -> list[Row]:
    month = traffic()
    gateway = _desk(engine)
    try:
        taken, computed = zip(*_decide(gateway, month, scale.seconds), strict=True)
        kept = [_record(gateway, each) for each in month[:RECORDED]]
    finally:
        gateway.close()
        gateway.services.engine.dispose()
    name = f"router: a decision at {PER_SECOND:,}/s"
    return [
        Row(f"{name}, p95", percentile(taken, 0.95), "ms", len(taken), Reach(below=5), "from when it was due"),
        Row(f"{name}, p50", percentile(taken, 0.50), "ms", len(taken)),
        Row(f"{name}, p95 of its own computing", percentile(computed, 0.95), "ms", len(computed)),
        Row("router: a decision and its record, p95", percentile(kept, 0.95), "ms", len(kept)),
        *_month(month),
    ]


def _month(month: list[Asked]) -> Iterator[Row]:
    ours, theirs, cached = play(month, OurRule()), play(month, ByRemaining()), play(month, ByRemaining(cache=True))
    n, best = len(month), f"{_each(ours):.2f} a query against {_each(theirs):.2f}"
    yield Row(
        "router: credits of a month against “sort by remaining”", _ratio(ours, theirs), "×", n, Reach(below=1), best
    )
    yield Row("router: the same, where both keep all answers", _ratio(ours, cached), "×", n)
    yield Row("router: high-priority queries refused in that month", ours.urgent_refused, "", n, Reach(below=1))
    yield Row("“sort by remaining”: high-priority queries refused", theirs.urgent_refused, "", n)
    yield Row("router: queries answered in that month", ours.answered, "", n)
    yield Row("“sort by remaining”: queries answered", theirs.answered, "", n)


def _ratio(ours: Tally, theirs: Tally) -> float:
    return float(ours.credits / theirs.credits)


def _each(tally: Tally) -> float:
    return float(tally.credits) / tally.answered


def _desk(engine: Engine) -> ProviderGateway:
    """With stand-ins that are never asked: a decision asks nobody."""
    settings = Settings(
        database_url=SecretStr(engine.url.render_as_string(hide_password=False)),
        redis_url=SecretStr("redis://127.0.0.1:9"),
        secret_key=SecretStr("figures, not secrets; figures, not secrets"),
        standins_url="http://127.0.0.1:9",
    )
    return ProviderGateway(Services.open(settings))


def _decide(gateway: ProviderGateway, month: list[Asked], seconds: float) -> Iterator[tuple[float, float]]:
    """Milliseconds from the moment that each decision was due to the moment that it was made; and of a core."""
    begun, unit = time.perf_counter(), UnitOfWork(gateway.services.engine)
    for number in range(int(seconds * PER_SECOND)):
        due = begun + number / PER_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        asked, at = month[number % len(month)], time.thread_time()
        gateway.route(lambda: unit.connection, PLAYER, asked.query, asked.priority, store=False)
        unit.release()
        yield (time.perf_counter() - due) * 1000, (time.thread_time() - at) * 1000


def _record(gateway: ProviderGateway, asked: Asked) -> float:
    begun = time.perf_counter()
    with transaction(gateway.services.engine) as connection:
        gateway.route(lambda: connection, PLAYER, asked.query, asked.priority, store=True)
    return (time.perf_counter() - begun) * 1000
