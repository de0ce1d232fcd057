"""`mission-control simulate`: plays, or removes everything that was played."""

from __future__ import annotations

import logging
import math
import os
import signal
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from types import FrameType

DEFAULT_SEED = 7
DEFAULT_DAYS = 90


@click.command()
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed plays the same story.")
@click.option("--days", default=DEFAULT_DAYS, show_default=True, type=click.IntRange(0, 365), help="Days of history.")
@click.option("--live/--no-live", default=True, show_default=True, help="Live traffic after the history.")
@click.option("--remove", is_flag=True, help="Remove everything simulated and end.")
@click.option("--url", envvar="MISSION_CONTROL_URL", default="http://127.0.0.1:8050", show_default=True)
def simulate(*, seed: int, days: int, live: bool, remove: bool, url: str) -> None:
    """Play a believable fleet of satellites. The key is read from MISSION_CONTROL_KEY."""
    from clients.sdk.client import MissionControl
    from clients.sdk.errors import SdkError
    from clients.simulator.satellites import StoryRemovedError
    from clients.simulator.session import OtherStoryError, play
    from clients.simulator.session import remove as remove_all

    key = _key()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _end)
    try:
        with MissionControl(url, key, patience=math.inf) as api:
            if remove:
                _tell(remove_all(api))
            else:
                play(api, seed=seed, days=days, live=live)
    except StoryRemovedError:
        logging.getLogger("mission_control.simulator").info("the simulation was removed; a restart begins a new one")
        signal.pause()
    except (SdkError, OtherStoryError, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _key() -> str:
    key = os.environ.get("MISSION_CONTROL_KEY")
    if not key:
        raise click.ClickException("set MISSION_CONTROL_KEY to an API key that is marked as simulated")
    return key


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _tell(removed: dict[str, int]) -> None:
    click.echo("removed " + (", ".join(f"{count:,} {what}" for what, count in removed.items() if count) or "nothing"))
