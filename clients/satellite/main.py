"""The satellite as a process: Scrapy in the main thread, the work and the heartbeat each in a thread of its own."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
from threading import Thread, Timer
from typing import Any

from twisted.internet import asyncioreactor

from clients.satellite.checks import Checks
from clients.satellite.client_state import ClientState
from clients.satellite.guard import GuardedResolver
from clients.satellite.heartbeat import Heartbeat
from clients.satellite.worker import Worker
from clients.sdk import Interrupted, MissionControl, SdkError

LAST_CALL = 4.5  # s from the signal to the end, whatever still hangs
QUIET = {"httpx": logging.WARNING, "scrapy": logging.WARNING, "twisted": logging.WARNING}

MALLOC = {-8: 1, -3: 64 * 1024, -1: 128 * 1024}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD of malloc.h

log = logging.getLogger("clients.satellite")


def main(url: str, key: str, name: str | None = None, *, once: bool = False) -> int:
    """Runs until stopped, or for one mission; gives the exit code. Logs to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s satellite %(levelname)s %(message)s")
    for library, level in QUIET.items():
        logging.getLogger(library).setLevel(level)
    _give_memory_back()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    with MissionControl(url, key) as api:
        return Process(api, name, loop, once=once).run()


class Process:
    def __init__(self, api: MissionControl, name: str | None, loop: asyncio.AbstractEventLoop, *, once: bool) -> None:
        self._api = api
        self._loop = loop
        self._once = once
        self._code = 0
        self._reactor = _reactor()
        self._reactor.installNameResolver(GuardedResolver(self._reactor.nameResolver))
        self._station = ClientState(api, name)

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stop)
        Thread(target=self._work, name="work", daemon=True).start()
        self._reactor.run(installSignalHandlers=False)
        return self._code

    def _stop(self) -> None:
        log.info("stopping")
        last_call = Timer(LAST_CALL, os._exit, args=(0,))
        last_call.daemon = True
        last_call.start()
        self._station.stop()

    def _work(self) -> None:
        try:
            self._serve()
        except Interrupted:
            pass
        except SdkError as error:
            log.error("%s", error)  # noqa: TRY400 — one line tells an operator all
            self._code = 1
        except Exception:
            log.exception("the satellite ends")
            self._code = 1
        finally:
            self._reactor.callFromThread(self._reactor.stop)

    def _serve(self) -> None:
        station = self._station
        station.register()
        heartbeat = Heartbeat(self._api, station)
        heartbeat.say()
        heartbeat.start()
        Checks(self._api, station, self._loop).start()
        Worker(self._api, station, self._loop).work(once=self._once)
        station.stop()
        heartbeat.say()


def _give_memory_back() -> None:
    """One heap instead of one for each thread, and what is freed goes back early: a fifth less memory with glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        for option, value in MALLOC.items():
            mallopt(option, value)


def _reactor() -> Any:  # noqa: ANN401 — Twisted has no types for it
    from twisted.internet import reactor

    return reactor
