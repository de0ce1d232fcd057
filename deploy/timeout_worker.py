"""gunicorn's threaded worker with time-outs: a thread serves whoever connects, so nobody may take long to ask.
What gunicorn refuses by itself is refused as everything of ours is: as a problem, with our headers.

gunicorn waits for the rest of a request for as long as it takes; sixteen strangers who send half a line each would
keep sixteen threads for ever.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from deploy.headers import SECURITY_HEADERS

REQUEST_LINE_S = 7.0  # to say what one wants; gunicorn itself waits five for the first byte
CROWDED_S = 1.0  # the same while half of the threads stand in the door
LOOK_S = 0.2
UNREAD_S = 1.0  # what is left of a refused request is thrown away: closing with unread input would lose the answer
_DETAIL = 300
_NOT_IMPLEMENTED = 501


class TimeoutWorker(ThreadWorker):  # type: ignore[misc]
    request_s: float | None = 60.0  # for a whole request, its body included

    def load_wsgi(self) -> None:
        super().load_wsgi()
        util.write_error = write_problem  # its page of HTML, without a header, cannot be had otherwise
        self._waiting: dict[Any, float] = {}
        self._serving: dict[Any, float] = {}
        threading.Thread(target=self._watch_times, name="timeouts", daemon=True).start()

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 — gunicorn's own types
        self._waiting[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._waiting.pop(conn, None)
            self._serving.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 — the same
        self._waiting.pop(conn, None)
        self._serving[conn] = time.monotonic()
        return super().handle_request(req, conn)

    def _watch_times(self) -> None:
        while self.alive and self.ppid == os.getppid():
            time.sleep(LOOK_S)
            crowded = len(self._waiting) > self.cfg.threads // 2
            _abort_overdue(self._waiting, CROWDED_S if crowded else REQUEST_LINE_S)
            if self.request_s is not None:
                _abort_overdue(self._serving, self.request_s)
        self.at_end()

    def at_end(self) -> None:
        """What has to be done when the worker was told to end."""


def write_problem(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """gunicorn's own refusal (no HTTP, a line or a header that is too long, a crash) as application/problem+json."""
    status = 400 if status == _NOT_IMPLEMENTED else status  # a coding that nobody knows is no fault of ours
    detail = message[:_DETAIL] if status < 500 else "Something went wrong; this is a defect of ours, the log has it"
    problem = {"type": "about:blank", "title": reason, "status": status, "detail": detail or reason, "errors": []}
    body = json.dumps(problem).encode()
    lines = [f"HTTP/1.1 {status} {reason}", "Content-Type: application/problem+json", f"Content-Length: {len(body)}"]
    lines += ["Connection: close", *(f"{name}: {value}" for name, value in SECURITY_HEADERS.items())]
    with suppress(OSError):
        sock.settimeout(UNREAD_S)
        sock.sendall("\r\n".join((*lines, "", "")).encode() + body)
        sock.shutdown(socket.SHUT_WR)
        _discard_input(sock, time.monotonic() + UNREAD_S)


def _discard_input(sock: socket.socket, until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        if not sock.recv(65_536):
            return


def _abort_overdue(since: dict[Any, float], patience_s: float) -> None:
    now = time.monotonic()
    for conn, began in list(since.items()):
        if now - began > patience_s:
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)
