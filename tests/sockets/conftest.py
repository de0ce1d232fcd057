"""A real sockets service: gunicorn in a process of its own, on a real PostgreSQL and Valkey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis import Redis

from data.db import create_engine
from data.migrations.run import migrate
from tests.sockets.support import Doors, Service, Studio, running_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.support import Services

SEATS = 24


@pytest.fixture(scope="session")
def engine(services: Services) -> Iterator[Engine]:
    url = services.create_database()
    engine = create_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()
    services.drop_database(url)


@pytest.fixture(scope="session")
def redis(services: Services) -> Iterator[Redis]:
    """A database of Valkey to ourselves: the names of the live channel are fixed."""
    with Redis.from_url(services.redis_url.rpartition("/")[0] + "/7") as client:
        yield client


@pytest.fixture(scope="session")
def service(engine: Engine, redis: Redis) -> Iterator[Service]:
    with running_service(engine, redis, seats=SEATS) as service:
        yield service


@pytest.fixture
def studio(redis: Redis) -> Studio:
    """Publishes: what the publisher does once a second happens here when a test says so."""
    redis.flushdb()
    studio = Studio(redis)
    studio.snapshot({"summary": {"active_jobs": 1}, "queue_depth": 3})
    return studio


@pytest.fixture(scope="session")
def doors(engine: Engine) -> Doors:
    return Doors(engine)
