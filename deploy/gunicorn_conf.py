"""What gunicorn reads for both of its services: `-c python:deploy.gunicorn_conf`. Names are gunicorn's own."""

from __future__ import annotations

import gc
import os
import signal

from deploy.embedded.launch import die_with_parent

worker_class = "deploy.timeout_worker.TimeoutWorker"
workers = 1
timeout = 60
graceful_timeout = 2  # the supervisor has ten seconds for everything; sockets leave at once by their own flag
keepalive = 30
control_socket_disable = True  # two services would share its one path in the user's home
forwarded_allow_ips = ""  # nobody by themselves: TRUSTED_PROXIES alone says whose X-Forwarded-* headers are believed
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 — a heartbeat, best kept in memory


def post_worker_init(_worker: object) -> None:
    """What was loaded stays for good: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def post_fork(_server: object, _worker: object) -> None:
    """A worker of a killed master would go on holding the port."""
    die_with_parent(signal.SIGKILL, os.getppid())
