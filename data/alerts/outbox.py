"""Where transitions are handed to delivery, in the transaction that stores them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from data.alerts.transition import Transition


def record(connection: Connection, transitions: Sequence[Transition]) -> None:
    """Nothing where no delivery is installed: then alerts are seen, and told to nobody."""
    if transitions and find_spec("data.alerts.delivery") is not None:
        import_module("data.alerts.delivery.outbox").record(connection, transitions)
