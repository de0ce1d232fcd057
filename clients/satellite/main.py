"""The satellite as a process: Scrapy in the main thread, the work and the heartbeat each in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from threading import Thread, Timer
from typing import Any

from scrapy.utils.reactor import install_reactor

from clients.satellite.heartbeat import Heartbeat
from clients.satellite.station import Station
from clients.satellite.worker import Worker
from clients.sdk import ApiError, Interrupted, MissionControl, SdkError

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LAST_CALL = 4.5  # s from the signal to the end, whatever still hangs
QUIET = {"httpx": logging.WARNING, "scrapy": logging.WARNING, "twisted": logging.WARNING}
# A host that is down would print a traceback for its robots.txt; its pages say the same in one line.
QUIET["scrapy.downloadermiddlewares.robotstxt"] = logging.CRITICAL

log = logging.getLogger("clients.satellite")


def main(url: str, key: str, name: str | None = None, *, once: bool = False) -> int:
    """Runs until stopped, or for one mission; gives the exit code. Logs to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s satellite %(levelname)s %(message)s")
    for library, level in QUIET.items():
        logging.getLogger(library).setLevel(level)
    install_reactor(REACTOR)
    with MissionControl(url, key) as api:
        return Process(api, name, once=once).run()


class Process:
    def __init__(self, api: MissionControl, name: str | None, *, once: bool) -> None:
        self._api = api
        self._once = once
        self._code = 0
        self._reactor = _reactor()
        self._station = Station(api, name)

    def run(self) -> int:
        self._reactor.callWhenRunning(self._begin)
        self._reactor.run(installSignalHandlers=False)
        return self._code

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        Thread(target=self._work, args=(loop,), name="work", daemon=True).start()

    def _stop(self) -> None:
        log.info("stopping")
        last_call = Timer(LAST_CALL, os._exit, args=(0,))
        last_call.daemon = True
        last_call.start()
        self._station.stop()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._serve(loop)
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

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        station = self._station
        station.register()
        heartbeat = Heartbeat(self._api, station)
        heartbeat.start()
        Worker(self._api, station, loop).work(once=self._once)
        station.stop()
        with contextlib.suppress(ApiError, Interrupted):
            heartbeat.beat()


def _reactor() -> Any:  # noqa: ANN401 — Twisted has no types for it
    from twisted.internet import reactor

    return reactor
