"""Alive, ready, and the numbers that Prometheus collects."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from sqlalchemy import text

from callbacks.web.api import PUBLIC, needs, services
from data.cache import JOB_QUEUE
from data.db import transaction
from data.errors import Unavailable
from data.task_metrics import get_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis import Redis

probes = Blueprint("probes", __name__)

HEARTBEATS = ("worker", "beat", "sockets")
HEARTBEAT_LATE_S = 15.0


@probes.get("/healthz")
@needs(PUBLIC)
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@probes.get("/readyz")
@needs(PUBLIC)
def readyz() -> ResponseReturnValue:
    found = service_states()
    ready = all(state["status"] == "ok" for state in found.values())
    body: dict[str, Any] = {"status": "ready" if ready else "not ready", "services": found}
    body["processes"] = _processes()
    return body, 200 if ready else 503


@probes.get("/metrics")
@needs(PUBLIC)
def metrics() -> ResponseReturnValue:
    return Response(generate_latest(_collect()), content_type=CONTENT_TYPE_LATEST)


def service_states() -> dict[str, dict[str, Any]]:
    """Per service {status: ok|late|down|off, latency_ms}; a heartbeat's latency is its age."""
    states = {"postgres": _timed(_ask_postgres), "redis": _timed(_ask_redis)}
    beats = services().cache.try_to(_heartbeats) or dict.fromkeys(HEARTBEATS)
    for name in HEARTBEATS:
        states[name] = _heartbeat_state(beats.get(name))
    if not services().settings.websocket_enabled:
        states["sockets"] = {"status": "ok", "latency_ms": 0.0, "note": "WEBSOCKET_ENABLED=false"}
    return states


def _timed(question: Callable[[], object]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        question()
    except Unavailable as error:
        return {"status": "down", "latency_ms": _ms(start), "reason": error.detail[:200]}
    return {"status": "ok", "latency_ms": _ms(start)}


def _ms(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 2)


def _ask_postgres() -> None:
    with transaction(services().engine) as connection:
        connection.execute(text("select 1"))


def _ask_redis() -> None:
    services().cache.ask(lambda redis: redis.ping())


def _heartbeats(redis: Redis) -> dict[str, bytes | None]:
    values: Any = redis.mget([f"mc:hb:{name}" for name in HEARTBEATS])
    return dict(zip(HEARTBEATS, values, strict=True))


def _heartbeat_state(stamp: bytes | None) -> dict[str, Any]:
    if stamp is None:
        return {"status": "down", "latency_ms": None}
    age = max(0.0, time.time() - float(stamp))
    return {"status": "ok" if age <= HEARTBEAT_LATE_S else "late", "latency_ms": round(age * 1000)}


def _processes() -> dict[str, Any]:
    """What the supervisor of `mission-control run` says of its children; empty where there is none."""
    path = Path(services().settings.home) / "processes.json"
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _collect() -> CollectorRegistry:
    registry = CollectorRegistry()
    up = Gauge("mc_service_up", "Whether a service answers", ["service"], registry=registry)
    latency = Gauge(
        "mc_service_latency_seconds", "Its latency, or the age of its heartbeat", ["service"], registry=registry
    )
    for name, state in service_states().items():
        up.labels(name).set(state["status"] == "ok")
        if state["latency_ms"] is not None:
            latency.labels(name).set(state["latency_ms"] / 1000)
    depth: Any = services().cache.try_to(lambda redis: redis.llen(JOB_QUEUE))
    if depth is not None:
        Gauge("mc_queue_length", "Jobs that wait", ["queue"], registry=registry).labels(JOB_QUEUE).set(depth)
    _collect_tasks(registry)
    return registry


def _collect_tasks(registry: CollectorRegistry) -> None:
    """Counted by the workers since Redis was last emptied."""
    runs = Counter("mc_task_runs", "Runs of background tasks", ["task", "outcome"], registry=registry)
    seconds = Counter("mc_task_seconds", "Time that background tasks took", ["task"], registry=registry)
    for (task, outcome), value in (services().cache.try_to(get_runs) or {}).items():
        counter = seconds.labels(task) if outcome == "seconds" else runs.labels(task, outcome)
        counter.inc(value)
