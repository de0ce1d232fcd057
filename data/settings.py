"""Everything that can be set, from the environment (`.env` is read). Every secret may come from a file: NAME_FILE."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from data.errors import SettingsError

PROVIDER_KEYS = (
    "serpstack_api_key",
    "valueserp_api_key",
    "webscraping_ai_api_key",
    "hunter_io_api_key",
    "builtwith_api_key",
    "clearbit_api_key",
    "securitytrails_api_key",
)
SECRETS = (
    *PROVIDER_KEYS,
    "alert_slack_webhook",
    "alert_heartbeat_url",
    "smtp_url",
    "database_url",
    "migration_database_url",
    "redis_url",
    "secret_key",
    "admin_password",
)

_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost):\d{1,5}/?")

Words = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Field names are the environment's names in lower case; units stand in the comments."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    mission_control_enabled: bool = True
    websocket_enabled: bool = True
    dashboard_refresh_rate: int = Field(1000, ge=500, le=600_000)  # ms
    alert_slack_webhook: SecretStr | None = None
    alert_email_recipients: Words = ()
    alert_channels: Words = ()
    alert_email_from: str = "mission-control@localhost"
    alert_heartbeat_url: SecretStr | None = None  # asked every minute while alerts arrive
    smtp_url: SecretStr | None = None  # smtp://user:password@host:587, for the first e-mail channel
    serpstack_api_key: SecretStr | None = None
    valueserp_api_key: SecretStr | None = None
    webscraping_ai_api_key: SecretStr | None = None
    hunter_io_api_key: SecretStr | None = None
    builtwith_api_key: SecretStr | None = None
    clearbit_api_key: SecretStr | None = None
    securitytrails_api_key: SecretStr | None = None
    max_websocket_connections: int = Field(100, ge=1, le=5000)
    mission_control_cache_ttl: int = Field(60, ge=1, le=86_400)  # s
    dashboard_history_retention: int = Field(30, ge=1, le=3650)  # days
    metrics_retention_days: int = Field(90, ge=1, le=3650)  # days
    link_recheck_seconds: int = Field(21_600, ge=1, le=2_592_000)  # s between two looks at a page that lost a link

    rdap_url: str = Field(
        "https://rdap.org", pattern=r"^https?://\S+$"
    )  # the bootstrap server that registries are found by
    fetch_near: Words = ()  # hosts of our own network that feeds and registries may be fetched from
    private_targets: Literal["refuse", "own", "allow"] = "own"  # what of private networks satellites may crawl

    database_url: SecretStr | None = None
    migration_database_url: SecretStr | None = (
        None  # of the role that owns the database; only `migrate` signs in with it
    )
    redis_url: SecretStr | None = None
    secret_key: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(8050, ge=1, le=65_535)
    sockets_port: int | None = Field(None, ge=1, le=65_535)
    public_url: str | None = None  # the address people type, when a proxy stands before us
    trusted_proxies: int = Field(0, ge=0, le=5)  # hops whose X-Forwarded-* headers are believed
    mission_control_home: Path = Path(".mission-control")
    admin_email: str | None = None
    admin_password: SecretStr | None = None
    standins_url: str | None = None  # where simulated calls of paid APIs go: this machine, or nowhere
    simulate: bool | None = None  # unset: on in a fresh home, then as the home remembers
    hung_after_seconds: float = Field(30, ge=1, le=3600)  # of silence; then `run` replaces a process
    rate_limit_api: int = Field(3000, ge=1)  # requests a minute and caller
    rate_limit_ingest: int = Field(12_000, ge=1)  # requests a minute and caller
    rate_limit_login: int = Field(10, ge=1)  # attempts a minute and address
    rate_limit_sockets: int | None = Field(None, ge=1)  # handshakes a minute and address; see below

    @field_validator("standins_url")
    @classmethod
    def _on_loopback(cls, value: str | None) -> str | None:
        if value is not None and not _LOOPBACK.fullmatch(value):
            raise ValueError("must be http://127.0.0.1:PORT: what is simulated stays on this machine")
        return value

    @field_validator("alert_email_recipients", "alert_channels", "fetch_near", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @property
    def handshakes_a_minute(self) -> int:
        """Of one address. All seats may be taken from one: a control room behind one router comes back at once."""
        return self.rate_limit_sockets or max(600, self.max_websocket_connections)

    @property
    def home(self) -> Path:
        return self.mission_control_home.absolute()

    @classmethod
    def load(cls, **given: Any) -> Settings:  # noqa: ANN401 — any field, checked by the model
        """Settings of this process. Raises SettingsError: one line that names the variable."""
        try:
            return cls(**(_secret_files() | given))
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper() if first["loc"] else "settings"
            raise SettingsError(f"{name}: {first['msg']} (see docs/operations.md, Settings)") from None


def _secret_files() -> dict[str, str]:
    found = {}
    for field in SECRETS:
        name = field.upper()
        path = os.environ.get(f"{name}_FILE")
        if path and not os.environ.get(name):
            try:
                found[field] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(f"{name}_FILE: cannot read {path}: {error.strerror}") from None
    return found
