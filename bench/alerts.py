"""From a recorded transition to the message at its receiver, over every kind of channel, on the running product."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from data.alerts.delivery import outbox
from data.alerts.transition import State, Transition
from data.db import create_engine, transaction
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.stack import Stack

FULL_TRIALS, PER_MINUTE = 200, 60
WAIT_S = 30.0
FIRST_ID = 9_000_000_000


@dataclass
class Receivers:
    """When each trial was heard of, by channel; the trial's number stands in every message."""

    url: str
    smtp_port: int
    heard: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))

    def hear(self, channel: str, body: str) -> None:
        at = time.monotonic()
        _, _, after = body.partition("trial-")
        number = after[:4]
        if number.isdecimal():
            self.heard[channel].setdefault(int(number), at)


@contextmanager
def receivers() -> Iterator[Receivers]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            channel = self.path.split("/")[1]
            here.hear(channel, body)
            answer = b'{"ok": true, "result": {"message_id": 1}}' if channel == "telegram" else b"ok"
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    class Mail:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802, ANN401 — aiosmtpd's own
            here.hear("email", envelope.content.decode())
            return "250 OK"

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Receivers(f"http://127.0.0.1:{server.server_address[1]}", free_port())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mail = Controller(Mail(), hostname="127.0.0.1", port=here.smtp_port)
    mail.start()
    try:
        yield here
    finally:
        mail.stop()
        server.shutdown()


def channels(here: Receivers) -> list[dict[str, Any]]:
    number = {"from": "+15005550006", "to": "+4915112345678"}
    kinds = {
        "slack": {"url": f"{here.url}/slack"},
        "webhook": {"url": f"{here.url}/webhook"},
        "telegram": {"url": f"{here.url}/telegram", "token": "1:bench", "chat_id": "1"},
        "sms": {"url": f"{here.url}/sms", "account_sid": "AC1", "auth_token": "bench", **number},
        "email": {"url": f"smtp://127.0.0.1:{here.smtp_port}", "to": "bench@example.org"},
    }
    common = {"allow_private": True, "per_minute": PER_MINUTE}
    return [{"name": kind, "kind": kind, **common, **fields} for kind, fields in kinds.items()]


@benchmark.add("alerts", where="empty")
def alerts(stack: Stack, scale: Scale) -> list[Row]:
    trials = FULL_TRIALS if scale.seconds >= 30 else 20
    engine = create_engine(stack.database_url, pool_size=1)
    with receivers() as here:
        with stack.client(stack.key("admin")) as http:
            for each in channels(here):
                http.post("/api/v1/channels", json=each).raise_for_status()
        begun = {number: _record(engine, number) for number in _paced(trials)}
        _wait(here, trials)
    engine.dispose()
    took = {kind: [1000 * (at - begun[number]) for number, at in heard.items()] for kind, heard in here.heard.items()}
    every = [each for values in took.values() for each in values]
    missing = trials * len(channels(here)) - len(every)
    return [
        Row("an alert to its receiver, p99", percentile(every, 0.99), "ms", len(every), Reach(below=10_000)),
        Row("an alert to its receiver, p50", percentile(every, 0.50), "ms", len(every)),
        Row("alerts that did not arrive", missing, "", trials * len(channels(here)), Reach(below=1)),
        *(
            Row(f"an alert by {kind}, p99", percentile(values, 0.99), "ms", len(values))
            for kind, values in took.items()
        ),
    ]


def _paced(trials: int) -> Iterator[int]:
    """One a second and a bit: what a channel tells of in a minute, none of it on a card. At any point of the second."""
    roll = Random(13)  # noqa: S311 — dice
    start = time.monotonic()
    for number in range(trials):
        time.sleep(max(0.0, start + number * (60 / PER_MINUTE + 0.1) + roll.uniform(0, 0.5) - time.monotonic()))
        yield number


def _record(engine: Any, number: int) -> float:  # noqa: ANN401 — an Engine
    """When it was committed."""
    one = Transition(
        alert_id=FIRST_ID + number,
        rule="bench",
        severity="critical",
        labels={},
        fingerprint=f"bench-{number}",
        group=f"bench-{number}",
        was=State.PENDING,
        now=State.FIRING,
        at=datetime.now(UTC),
        value=None,
        message=f"trial-{number:04d}",
        channels=(),
        escalation=None,
    )
    with transaction(engine) as connection:
        outbox.record(connection, [one])
    return time.monotonic()


def _wait(here: Receivers, trials: int) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until and any(len(here.heard[each["name"]]) < trials for each in channels(here)):
        time.sleep(0.1)
