"""`mission-control simulate`: plays, or removes everything that was played."""

from __future__ import annotations

import logging
import math
import os
import signal
import sys
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

DEFAULT_SEED = 7
DEFAULT_DAYS = 90


class Local(Protocol):
    """The instance that runs on this machine: it needs no key to be given."""

    def address_and_key(self) -> tuple[str, str]: ...

    def remove_simulation(self) -> dict[str, int]: ...


@click.command()
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed plays the same story.")
@click.option("--days", default=DEFAULT_DAYS, show_default=True, type=click.IntRange(0, 365), help="Days of history.")
@click.option("--live/--no-live", default=True, show_default=True, help="Live traffic after the history.")
@click.option("--remove", is_flag=True, help="Remove everything simulated and end.")
@click.pass_obj
def simulate(local: Local, *, seed: int, days: int, live: bool, remove: bool) -> None:
    """Play a believable fleet of satellites.

    It plays on the instance that runs here, or on MISSION_CONTROL_URL with MISSION_CONTROL_KEY.
    """
    from clients.sdk.client import MissionControl
    from clients.sdk.errors import SdkError
    from clients.simulator.satellites import StoryRemovedError
    from clients.simulator.session import OtherStoryError, play
    from clients.simulator.session import remove as remove_all

    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, _end)
    given = _given()
    if remove and not given:
        _tell(remove_all(local.remove_simulation))
        return
    try:
        with MissionControl(*(given or local.address_and_key()), patience=math.inf) as api:
            if remove:
                _tell(remove_all(api.remove_simulation))
            else:
                play(api, seed=seed, days=days, live=live, standins=os.environ.get("STANDINS_URL"))
    except StoryRemovedError:
        logging.getLogger("mission_control.simulator").info("the simulation was removed; a restart begins a new one")
        signal.pause()
    except (SdkError, OtherStoryError, ValueError) as error:
        raise click.ClickException(str(error)) from None


def _given() -> tuple[str, str] | None:
    url, key = os.environ.get("MISSION_CONTROL_URL"), os.environ.get("MISSION_CONTROL_KEY")
    if not key and not url:
        return None
    if not key or not url:
        raise click.ClickException("set both MISSION_CONTROL_URL and MISSION_CONTROL_KEY, or none of them")
    return url, key


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _tell(removed: Mapping[str, int]) -> None:
    click.echo("removed " + (", ".join(f"{count:,} {what}" for what, count in removed.items() if count) or "nothing"))
