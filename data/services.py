"""What a process of Mission Control leans on, opened once at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.cache import Cache, create_redis
from data.db import create_engine
from data.errors import SettingsError
from data.view_cache import ViewCache

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from data.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    engine: Engine
    cache: Cache
    pepper: bytes  # the secret below every digest of a key, a session or a link
    view_cache: ViewCache = field(default_factory=ViewCache)

    @classmethod
    def open(cls, settings: Settings) -> Services:
        """Connects to nothing yet; raises SettingsError when an address or the secret is missing."""
        database, redis, secret = settings.database_url, settings.redis_url, settings.secret_key
        if not (database and redis and secret):
            missing = "DATABASE_URL" if not database else "REDIS_URL" if not redis else "SECRET_KEY"
            raise SettingsError(f"{missing}: missing; `mission-control run` provides it, or set it")
        if len(secret.get_secret_value()) < 32:
            raise SettingsError("SECRET_KEY: must have at least 32 characters")
        return cls(
            settings,
            create_engine(database.get_secret_value()),
            Cache(create_redis(redis.get_secret_value())),
            secret.get_secret_value().encode(),
        )
