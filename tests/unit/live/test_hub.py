"""What one process does for all who watch: the same work for one viewer and for a thousand."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from callbacks.sockets import hub as rooms
from callbacks.sockets.client import Client
from callbacks.sockets.hub import Hub
from data.live.channel import Frame
from data.permissions import SCOPE_PERMISSIONS, Actor, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


def viewer(scope: Scope) -> Client:
    actor = Actor(kind="key", id="k", name="k", permissions=SCOPE_PERMISSIONS[scope])
    return Client(actor, threading.Event(), lambda: None)


def frame(seq: int) -> Frame:
    return Frame(seq, "snapshot" if seq == 1 else "delta", {"tick": seq, "queue_depth": seq}, seq)


def made_for(viewers: Sequence[Client], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many frames are put together while a state and three changes are handed to all of them."""
    made = []
    wire = rooms.text_frame
    monkeypatch.setattr(rooms, "text_frame", lambda text: made.append(text) or wire(text))
    hub = Hub(len(viewers))
    for seq in range(1, 5):
        hub.broadcast(frame(seq), frame(seq).encoded())
        for client in viewers:
            if seq == 1:
                hub.join(client, None)
            assert client.take()
    monkeypatch.undo()
    return len(made)


def test_the_work_does_not_depend_on_how_many_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [viewer(Scope.READ), viewer(Scope.DASHBOARD)]
    many = [viewer(scope) for scope in (Scope.READ, Scope.DASHBOARD) for _ in range(200)]
    assert made_for(few, monkeypatch) == made_for(many, monkeypatch) == 8
    assert made_for([viewer(Scope.READ), viewer(Scope.KIOSK)], monkeypatch) == 4
