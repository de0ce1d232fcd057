"""`mission-control satellite`: one crawler, for as long as it is left running."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--url",
    envvar="MISSION_CONTROL_URL",
    default="http://127.0.0.1:8050",
    show_default=True,
    help="Mission Control's address [MISSION_CONTROL_URL].",
)
@click.option("--key", envvar="MISSION_CONTROL_KEY", help="An API key with scope satellite [MISSION_CONTROL_KEY].")
@click.option("--name", help="Unique in the fleet, the same after a restart. Without one the server gives an id.")
@click.option("--once", is_flag=True, help="Work on one mission, then end.")
def satellite(*, url: str, key: str | None, name: str | None, once: bool) -> None:
    """Crawl what Mission Control asks for. The key can also stand in the file that MISSION_CONTROL_KEY_FILE names."""
    from clients.satellite.main import main

    key = key or _key_file()
    if not key:
        raise click.ClickException("set MISSION_CONTROL_KEY to an API key with scope satellite")
    try:
        sys.exit(main(url, key, name, once=once))
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _key_file() -> str | None:
    path = os.environ.get("MISSION_CONTROL_KEY_FILE")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else None
    except OSError as error:
        raise click.ClickException(f"MISSION_CONTROL_KEY_FILE: cannot read {path}: {error.strerror}") from None
