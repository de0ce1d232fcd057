"""A live state of specimens: every widget of the kit is drawn from it as from the real one, in every state it knows.

Its clock stands still at `now`, epoch milliseconds. No figure in it was measured, and none leaves this page.
"""

from __future__ import annotations

from typing import Any

from data.status import SCALE

State = dict[str, Any]
FLEET = {"active": "normal", "idle": "standby", "paused": "standby", "late": "caution", "lost": "critical"}
SECOND, MINUTE, DAY = 1_000, 60_000, 86_400_000
TARGETS = ("specimen-a.example", "specimen-b.example", "specimen-c.example")
CURVE = [4, 5, 5, 7, 6, 8, 7, 9, 11, 10, 9, 12, 14, 13, 12, 15, 14, 16, 18, 17, 16, 18, 20, 19]


def specimens(now: int, *, link: str = "live") -> State:
    return {
        "link": link,
        "as_of": now,
        "started": now - 3 * DAY,
        "aged": {name: now - age for name, age in {"live": 0, "late": 3 * SECOND, "stale": 9 * SECOND}.items()},
        "figure": {"some": 24, "many": 1_234, "limit": 18},
        "status": dict.fromkeys(SCALE, ""),
        "tone": {name: name for name in ("normal", "serious", "critical")},
        "trends": {"rising": CURVE, "falling": CURVE[::-1], "flat": [5] * 24},
        "summary": {"failed_24h": 2},
        "active_jobs": _jobs(now),
        "satellite_status": _fleet(now),
        "recent_discoveries": _links(now),
        "radar": {"targets": list(TARGETS), "blips": {str(at): _blip(at, now) for at in range(48)}},
        "discovery": {str((now // MINUTE - at) * MINUTE): [at % 4, 6 + at % 5, 9 + at % 7] for at in range(62)},
        "errors": _errors(now),
        "signals": _signals(now),
        "api_quotas": _quotas(now),
        "services": {
            "reached": {"status": "ok", "latency_ms": 1, "symbol": "normal"},
            "slow": {"status": "degraded", "age_s": 90, "symbol": "caution"},
            "away": {"status": "down", "symbol": "critical"},
        },
    }


def _jobs(now: int) -> State:
    job = {"job_type": "specimen", "priority": 5, "created": now - 40 * MINUTE, "started": now - 20 * MINUTE}
    ahead = {"eta": now + 25 * MINUTE, "eta_low": now + 18 * MINUTE, "eta_high": now + 40 * MINUTE}
    states: dict[str, State] = {
        "running": {"symbol": "normal", "status": "running", "progress": 62} | ahead,
        "no-forecast": {
            "symbol": "caution",
            "word": "QUEUE GROWS, NO ETA",
            "status": "running",
            "progress": 12,
            "eta_note": "queue grows, no ETA",
        },
        "stalled": {"symbol": "critical", "word": "STALLED", "status": "running", "progress": 40, "stalled": True},
        "paused": {"symbol": "standby", "word": "PAUSED", "status": "paused", "progress": 33},
        "queued": {"symbol": "off", "status": "queued", "progress": 0},
    }
    return {name: job | {"target": TARGETS[0]} | found for name, found in states.items()}


def _fleet(now: int) -> State:
    silent = {"late": 24 * SECOND, "lost": 130 * SECOND}
    return {
        name: {
            "name": name.upper(),
            "status": name,
            "symbol": symbol,
            "heartbeat": now - silent.get(name, SECOND),
            "ppm": 40 if name in {"active", "late"} else 0,
            "spark": CURVE,
        }
        for name, symbol in FLEET.items()
    }


def _links(now: int) -> list[State]:
    grades = ((82, 1), (47, 1), (12, 1), (30, 90))
    return [
        {"id": str(at), "at": now - at * SECOND, "source": TARGETS[1], "target": TARGETS[2], "da": da, "spam": spam}
        for at, (da, spam) in enumerate(grades)
    ]


def _blip(at: int, now: int) -> State:
    da, spam = (at * 37) % 94, 80 if at % 9 == 0 else 2
    return {"at": now - at * MINUTE, "target": TARGETS[at % 3], "da": da, "spam": spam}


def _errors(now: int) -> State:
    told = {"status": "failed", "target": TARGETS[0], "message": "Words that say what happened"}
    return {
        "new": told | {"severity": "critical", "at": now - MINUTE},
        "older": told | {"severity": "serious", "status": "abnormal", "at": now - 200 * MINUTE},
    }


def _signals(now: int) -> list[State]:
    told = {"target": TARGETS[1], "at": now - 9 * MINUTE, "detail": "Its evidence in a few words"}
    return [
        told | {"id": severity, "severity": severity, "symbol": symbol, "title": f"A signal of weight {severity}"}
        for severity, symbol in (("warning", "serious"), ("info", "standby"))
    ]


def _quotas(now: int) -> State:
    usual = {"state": "active", "unit": "calls", "window": "monthly", "reset": now + 9 * DAY, "note": "", "limit": 100}
    dry = {"forecast": 116, "forecast_low": 107, "forecast_high": 122, "exhaustion": now + 6 * DAY}
    return {
        "within": usual | {"status": "normal", "used": 52, "forecast": 78, "forecast_low": 70, "forecast_high": 86},
        "runs out": usual | {"status": "serious", "used": 71} | dry,
        "exhausted": usual | {"status": "critical", "state": "exhausted", "used": 100},
        "without limit": usual | {"status": "normal", "window": "none", "used": 961, "limit": None},
        "no forecast": usual | {"status": "normal", "used": 18},
        "retired": usual | {"status": "off", "state": "retired", "used": 0},
    }
