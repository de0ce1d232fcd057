"""Live states for the wall: a full day, and an empty one. Times are relative to `now`, in epoch milliseconds."""

from __future__ import annotations

import time
from typing import Any

from data.live.rules import with_symbol
from data.live.section import known
from data.live.state import judged
from data.missions.live import rules

State = dict[str, Any]
MINUTE = 60_000
BEGAN = int(time.time() * 1000)  # alerts that go on began once
TARGETS = ("acme.io", "northwind.com", "globex.net", "a-very-long-name-of-a-customers-domain.example.co.uk")
RADAR_TARGETS = (
    "acme.io",
    "globex.net",
    "hooli.xyz",
    "initech.dev",
    "northwind.com",
    "stark.industries",
    "umbrella.org",
    "a-very-long-name-of-a-customers-domain.example.co.uk",
)
TYPES = ("backlink_discovery", "competitor_scan", "full_site_crawl")
SUMMARY_ZERO = {
    "active_jobs": 0,
    "queued_jobs": 0,
    "paused_jobs": 0,
    "completed_24h": 0,
    "failed_24h": 0,
    "pages_total": 0,
    "pages_per_minute": 0,
    "links_24h": 0,
    "satellites_active": 0,
    "satellites_total": 0,
    "utilisation": 0,
}


def empty(now: int) -> State:
    return judged(_empty(now))


def busy(now: int) -> State:
    return judged(_busy(now))


def _empty(now: int) -> State:
    return {
        "as_of": now,
        "started": now - 1_230 * MINUTE,
        "simulation": False,
        "version": "0.1.0",
        "summary": dict(SUMMARY_ZERO),
        "queue_depth": 0,
        "active_jobs": {},
        "satellite_status": {},
        "recent_discoveries": [],
        "errors": {},
        "api_quotas": {},
        "quota_counts": {"providers": 0, "short": 0},
        "domains": {"watched": 0, "available": 0, "by_status": {}},
        "alerts": {},
        "services": _services(),
        "stamps": {},
        "trends": {},
    }


def _busy(now: int) -> State:
    summary = {
        "active_jobs": 26,
        "queued_jobs": 18,
        "paused_jobs": 3,
        "completed_24h": 4120,
        "failed_24h": 5,
        "pages_total": 18_432_110,
        "pages_per_minute": 1234.4,
        "links_24h": 260_410,
        "mean_completion_s": 1874,
        "satellites_active": 12,
        "satellites_total": 15,
        "utilisation": 87.2,
        "queue_oldest_s": 1000,
        "drain_s": 1020,
    }
    return _empty(now) | {
        "simulation": True,
        "summary": summary,
        "queue_depth": 1247,
        "active_jobs": {f"LP-{4821 - at}": _job(at, now) for at in range(47)},
        "satellite_status": {f"sat-{at:02d}": _satellite(at, now) for at in range(1, 16)},
        "recent_discoveries": [_link(at, now) for at in range(20)],
        "newest_event": now - 400,
        "radar": {"targets": list(RADAR_TARGETS), "blips": {str(at): _blip(at, now) for at in range(120)}},
        "discovery": {
            str((now // MINUTE - at) * MINUTE): [at % 5, 12 + at % 7, 20 + (at * 3) % 11] for at in range(60)
        },
        "api_quotas": _quotas(now),
        "quota_counts": {"providers": 5, "short": 2},
        "domains": {"watched": 14, "available": 3, "by_status": {"available": 3, "registered": 11}},
        "signals": [_signal(now)],
        "errors": {f"LP-47{at:02d}": _error(at, now) for at in range(12)},
        "alerts": {name: _alert(name, at, now) for at, name in enumerate(ALERTS)},
        "alarms": {"groups": 3, "alerts": 16, "critical": 1, "info": 1, "taken": 1},
        "trends": {
            name: [base + (at * 7) % 13 for at in range(60)]
            for name, base in (
                ("active_jobs", 30),
                ("satellites_active", 5),
                ("queue_depth", 1100),
                ("pages_per_minute", 600),
                ("failures", 2),
            )
        },
        "stamps": {"mv_daily_job_stats": {"version": 3, "refreshed": now - 20_000}},
    }


LATE = "1,240 links waiting to be delivered for 40 s"


ALERTS = {
    "Satellite unresponsive": ("critical", "critical", "SAT-12 is silent · 2 missions affected: LP-4812, LP-4819", 1),
    "Failed missions": ("warning", "serious", "LP-4700 failed · https://acme.io/ · robots.txt forbids it", 12),
    "Spam influx": ("warning", "serious", "globex.net: score 80 · 412 spam links, 9 times an ordinary day", 3),
    "Quota dry before its reset": ("warning", "serious", "hunter_io: dry 27 Nov ± 1 d, reset 1 Dec", 1),
    "Competitor surge": ("info", "standby", "initech.com · 90 new links a day, usually 12", 1),
}


def _alert(name: str, at: int, now: int) -> State:
    severity, symbol, message, n = ALERTS[name]
    told = {"id": at + 1, "rule": name, "severity": severity, "status": "firing", "symbol": symbol}
    told |= {"message": message, "n": n, "since": BEGAN - (at + 1) * MINUTE, "at": now - MINUTE, "simulated": True}
    return told | ({"ack": "ann@example.org"} if name.startswith("Quota") else {})


def _job(at: int, now: int) -> State:
    status = "running" if at < 26 else "paused" if at < 29 else "queued"
    job: State = {
        "job_type": TYPES[at % 3],
        "status": status,
        "target": TARGETS[at % 4],
        "priority": 10 - at % 10,
        "progress": 0 if status == "queued" else 95 - at * 3,
        "pages_crawled": 1000 + at * 31,
        "pages_queued": 300,
        "links_found": 4000 + at,
        "errors": at % 5,
        "created": now - 90 * MINUTE + at,
        "satellites": [f"sat-{at % 15 + 1:02d}"] if status == "running" else [],
        "stalled": at == 5,
        "simulated": True,
    }
    if status != "queued":
        job["started"] = now - (5 + 2 * at) * MINUTE
    if at == 9:
        job["note"] = LATE
    if status == "running" and at == 8:
        job["eta_note"] = "queue grows, no ETA"
    elif status == "running" and at != 5:
        left = (3 + 6 * at) * MINUTE
        job |= {"eta": now + left, "eta_low": now + left * 8 // 10, "eta_high": now + left * 13 // 10}
    said: Any = {"stalled": job["stalled"], "note": job.get("note"), "eta_note": job.get("eta_note")}
    word = rules.job_word(status, has_eta="eta" in job, **said)
    return job | known(symbol=rules.job_symbol(status, **said), word=word)


def _satellite(at: int, now: int) -> State:
    status = {10: "late", 12: "lost", 14: "idle", 15: "paused"}.get(at, "active")
    silent = {"late": 24_000, "lost": 130_000}.get(status, 3000)
    found: State = {
        "name": f"SAT-{at:02d}",
        "status": status,
        "symbol": rules.satellite_symbol(status),
        "heartbeat": now - silent,
        "ppm": 0 if status in ("lost", "idle", "paused") else 40 + at,
        "spark": [30 + (minute * at) % 17 for minute in range(60)],
        "simulated": True,
    }
    return found | ({"job_id": f"LP-{4821 - at}"} if status == "active" else {})


def _link(at: int, now: int) -> State:
    found: State = {
        "id": f"link-{at}",
        "at": now - at * 2300,
        "source": f"docs-{at}.example.org",
        "target": TARGETS[at % 4],
        "da": (93, 41, 78, 12)[at % 4],
        "spam": 90 if at % 7 == 3 else 2,
    }
    return found


def _blip(at: int, now: int) -> State:
    return {
        "at": now - at * 29_000,
        "target": RADAR_TARGETS[at % 8],
        "da": (at * 37) % 100,
        "spam": 80 if at % 9 == 0 else 3,
    }


def _quotas(now: int) -> State:
    """A provider in each of the states that a bar can show."""
    day = 24 * 60 * MINUTE
    usual = {"state": "active", "unit": "searches", "window": "monthly", "reset": now + 9 * day, "simulated": True}
    ahead = {"forecast": 760, "forecast_low": 720, "forecast_high": 810}
    dry = {"forecast": 1150, "forecast_low": 1080, "forecast_high": 1220, "exhaustion": now + 6 * day}
    return {
        "serpstack": usual | {"status": "normal", "used": 742, "limit": 1000, "note": ""} | ahead,
        "webscraping_ai": usual | {"status": "serious", "used": 688, "limit": 1000, "note": "±1 d"} | dry,
        "hunter_io": usual | {"status": "critical", "state": "exhausted", "used": 50, "limit": 50, "note": ""},
        "builtwith": usual | {"status": "normal", "window": "none", "used": 1961, "note": "71 % cached"},
        "clearbit": usual | {"status": "off", "state": "retired", "used": 0, "limit": 50, "note": ""},
    }


def _signal(now: int) -> State:
    return {
        "id": "7",
        "kind": "attack",
        "target": "globex.net",
        "at": now - 6 * MINUTE,
        "severity": "warning",
        "symbol": "serious",
        "title": "Negative SEO suspected",
        "detail": "214 spam links an hour, usually 9",
    }


def _error(at: int, now: int) -> State:
    return {
        "status": "failed" if at % 2 else "abnormal",
        "severity": ("caution", "critical", "serious")[at % 3],
        "target": TARGETS[at % 4],
        "message": "robots.txt forbids the whole site" if at % 2 else "satellite lost; requeued once",
        "at": now - (at * 17 + 1) * MINUTE,
        "satellite": f"sat-{at + 1:02d}",
    }


def _services() -> State:
    services: State = {
        "postgres": {"status": "ok", "latency_ms": 3},
        "redis": {"status": "ok", "latency_ms": 0.4},
        "worker": {"status": "ok", "age_s": 2},
        "beat": {"status": "ok", "age_s": 0},
        "sockets": {"status": "ok", "age_s": 1},
        "views": {"status": "degraded", "age_s": 141},
    }
    return {name: with_symbol(service) for name, service in services.items()}
