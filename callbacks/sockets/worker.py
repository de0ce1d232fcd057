"""gunicorn's worker for the sockets: at the end it waits for nobody."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deploy.timeout_worker import TimeoutWorker

if TYPE_CHECKING:
    from callbacks.sockets.hub import Hub

STUBBORN_S = 2.0


class Worker(TimeoutWorker):
    """Without it, every open socket would be waited for until the server is killed."""

    request_s = None  # a socket stays as long as it likes

    def load_wsgi(self) -> None:
        from callbacks.sockets import service  # only the worker needs it, the process above holds none of it

        super().load_wsgi()
        service.start(self.wsgi)

    def at_end(self) -> None:
        hub: Hub = self.wsgi.extensions["hub"]
        hub.close()
        time.sleep(STUBBORN_S)
        for client in hub.clients:
            client.abort()
