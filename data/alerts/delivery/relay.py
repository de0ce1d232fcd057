"""The relay: decides what is due, makes messages of it, sends them, and writes down what became of each.

Each channel is served by one relay at a time, under a lease; no transaction is open while a message is on its way.
Three commits stand around a message: it was made, it goes out, it arrived. Whoever ends in between loses nothing: what
was not marked as arrived is sent again, under the same key.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data import clock
from data.alerts.delivery import commands, composing, fallback, leases, ledger, links, records
from data.alerts.delivery.channels.channel import Envelope
from data.alerts.delivery.retries import Fate, Outcome
from data.alerts.delivery.transport import deliver
from data.db import transaction
from data.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from threading import Event

    from sqlalchemy import Engine

    from data.alerts.delivery.leases import Lease
    from data.alerts.delivery.ledger import Message
    from data.services import Services

log = logging.getLogger(__name__)

STAYS_S = 20.0  # a relay goes home after that; the next one has been told meanwhile
POLL_S = 1.0
LOOKS_S = 0.3  # while it waits for one channel, the others are looked at this often


@dataclass(frozen=True, slots=True)
class Relay:
    engine: Engine
    pepper: bytes
    base: str  # the address that people open
    now: Callable[[], datetime] = clock.now

    @classmethod
    def of(cls, services: Services, now: Callable[[], datetime] = clock.now) -> Relay:
        settings = services.settings
        base = settings.public_url or f"http://{settings.host}:{settings.port}"
        return cls(services.engine, services.pepper, base.rstrip("/"), now)

    def run(self, stays_s: float = STAYS_S) -> int:
        """Serve every channel that has something due, several at a time; returns how many messages arrived."""
        return asyncio.run(self._run(time.monotonic() + stays_s))

    async def _run(self, until: float) -> int:
        serving: set[asyncio.Task[int]] = set()
        arrived = 0
        while True:
            leases = self._lease() if time.monotonic() < until else []
            serving |= {asyncio.create_task(self._serve(each, until)) for each in leases}
            if not serving:
                return arrived
            done, serving = await asyncio.wait(serving, timeout=LOOKS_S, return_when=asyncio.FIRST_COMPLETED)
            arrived += sum(task.result() for task in done)

    def stay(self, stop: Event) -> None:
        """Serve until told to stop. What is away is logged once, and waited for."""
        asyncio.run(self._stay(stop))

    async def _stay(self, stop: Event) -> None:
        serving: set[asyncio.Task[int]] = set()
        well = True
        while not stop.is_set():
            try:
                leases = await asyncio.to_thread(self._tick)
                serving |= {asyncio.create_task(self._serve(each, math.inf)) for each in leases}
                await asyncio.sleep(POLL_S)
                done = {task for task in serving if task.done()}
                serving -= done
                for task in done:
                    task.result()
                well = True
            except Exception as error:  # whatever it is, the next alert must be told
                if well:
                    known = isinstance(error, Unavailable)
                    log.warning("the relay of alerts was held up: %s", error, exc_info=None if known else error)
                well = False
                await asyncio.sleep(POLL_S)

    def _tick(self) -> list[Lease]:
        with transaction(self.engine) as connection:
            commands.escalate(connection, self.now())
        return self._lease()

    def _lease(self) -> list[Lease]:
        with transaction(self.engine) as connection:
            fallback.reroute(connection)
            ledger.send_late_to_fallback(connection, self.now())
            return leases.acquire(connection, self.now())

    async def _serve(self, lease: Lease, until: float) -> int:
        """Critical ones are looked for again after every message."""
        arrived = 0
        try:
            while time.monotonic() < until:
                prepared = await asyncio.to_thread(self._prepare, lease)
                message = self._take(lease)
                if message is None:
                    if not prepared:
                        break
                    continue
                outcome = await self._send(lease, message)
                self._mark(lease, message, outcome)
                arrived += outcome.fate == Fate.SENT
        finally:
            with transaction(self.engine) as connection:
                leases.release(connection, lease, self.now())
        return arrived

    def _prepare(self, lease: Lease) -> int:
        """Of what is critical first; of the rest once nothing else waits to go out."""
        with transaction(self.engine) as connection:
            prepared = composing.prepare(connection, lease, self.now(), critical=True)
            if prepared or ledger.has_sendable(connection, lease, self.now()):
                return prepared
            return composing.prepare(connection, lease, self.now(), critical=False)

    def _take(self, lease: Lease) -> Message | None:
        with transaction(self.engine) as connection:
            return ledger.claim_message(connection, lease, self.now())

    async def _send(self, lease: Lease, message: Message) -> Outcome:
        if lease.record.kind == "canary":
            return Outcome(Fate.SENT)
        if lease.record.fields is None:
            return Outcome(Fate.PERMANENT, "the channel's fields are not readable: edit it")
        now = self.now()
        actions = links.message_links(self.pepper, self.base, message.content, lease.record.name, message.created_at)
        envelope = Envelope(message.key, message.content, now, actions, message.reference)
        try:
            return await deliver(lease.record, envelope)
        except Exception as error:  # one message that cannot be written must not stop those behind it
            log.exception("A message to %s could not be made", lease.record.name)
            return Outcome(Fate.PERMANENT, f"the message could not be made: {type(error).__name__}")

    def _mark(self, lease: Lease, message: Message, outcome: Outcome) -> None:
        now = self.now()
        with transaction(self.engine) as connection:
            if outcome.fate == Fate.SENT:
                known = outcome if composing.changes_in_place(lease.record) else Outcome(Fate.SENT)
                ledger.mark_sent(connection, lease, message, known, now)
            elif outcome.fate == Fate.PASSING:
                ledger.reschedule(connection, lease, message, outcome, now)
            else:
                ledger.mark_failed(connection, lease, message, outcome, now)
        if outcome.fate != Fate.SENT:
            log.warning("A message to %s did not arrive (%s): %s", lease.record.name, outcome.fate, outcome.reason)


def ensure_settings_channels(services: Services) -> None:
    """The channels that settings name are there."""
    with transaction(services.engine) as connection:
        records.ensure_settings_channels(connection, services.settings)
