"""A writer that never stops, and remembers which rows it was told are safe."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import psycopg

BATCH = 25
PAUSE_S = 0.03


@dataclass
class Answer:
    status: int
    seconds: float
    at: float
    text: str


@dataclass
class Ledger:
    """Sends batch after batch; one that was not answered with a 2xx is sent again, with the same event ids."""

    url: str
    key: str
    safe: int = 0  # batches that were answered with a 2xx
    answers: list[Answer] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    WRITERS = 2

    def __enter__(self) -> Self:
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(self.WRITERS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        sent = 0
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=20) as client:
            while not self._over.is_set():
                if self._send(client, f"{number}-{sent}"):
                    sent += 1
                    self.safe += 1
                time.sleep(PAUSE_S)

    def _send(self, client: httpx.Client, batch: str) -> bool:
        sample = {"satellite_id": "LEDGER", "job_id": batch, "success_rate": 1, "response_time_ms": 1}
        rows = [sample | {"pages_per_minute": row, "event_id": f"{batch}-{row}"} for row in range(BATCH)]
        began = time.monotonic()
        try:
            answer = client.post("/api/v1/ingest/satellite_performance", json=rows)
        except httpx.HTTPError as error:
            self.answers.append(Answer(0, time.monotonic() - began, began, repr(error)))
            return False
        self.answers.append(Answer(answer.status_code, time.monotonic() - began, began, answer.text))
        return answer.status_code == 200

    def since(self, moment: float) -> list[Answer]:
        return [answer for answer in self.answers if answer.at >= moment]

    def check(self, database_url: str) -> None:
        """Every row that is safe is there exactly once, and nothing is there that was not sent."""
        assert self._over.is_set()
        with psycopg.connect(database_url) as connection:
            found: dict[str, tuple[Any, ...]] = {
                row[0]: row[1:]
                for row in connection.execute(
                    """select job_id, count(*), count(distinct pages_per_minute) from satellite_performance_logs
                       where satellite_id = 'LEDGER' group by 1"""
                )
            }
        torn = {batch: counts for batch, counts in found.items() if counts != (BATCH, BATCH)}
        assert torn == {}
        unanswered = self.WRITERS  # the last batch of each may be stored and not told
        assert self.safe <= len(found) <= self.safe + unanswered
