"""gunicorn's worker for the sockets: it ends quickly, and nobody dawdles at its door."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from callbacks.sockets.room import Room

DOOR_S = 7.0  # gunicorn itself waits five for the first byte
STUBBORN_S = 2.0
LOOK_S = 0.2


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, with a doorkeeper: who sends half a request would keep a thread for ever, and at
    the end every open socket would be waited for until the server is killed."""

    def load_wsgi(self) -> None:
        from callbacks.sockets import service  # only the worker needs it, the process above holds none of it

        super().load_wsgi()
        self._at_door: dict[Any, float] = {}
        service.start(self.wsgi)
        threading.Thread(target=self._keep_door, name="doorkeeper", daemon=True).start()

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 — gunicorn's own types
        self._at_door[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._at_door.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 — the same
        self._at_door.pop(conn, None)
        return super().handle_request(req, conn)

    def _keep_door(self) -> None:
        from callbacks.sockets.wire import abort

        while self.alive and self.ppid == os.getppid():
            time.sleep(LOOK_S)
            for conn, since in list(self._at_door.items()):
                if time.monotonic() - since > DOOR_S:
                    abort(conn.sock)
        room: Room = self.wsgi.extensions["room"]
        room.close()
        time.sleep(STUBBORN_S)
        for client in room.clients:
            client.put_out()
