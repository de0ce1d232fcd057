"""/ws/mission-control: the live state to whoever watches, and commands from whoever may give them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from flask import g, request
from simple_websocket import ConnectionClosed

from callbacks.sockets.client import Client, CloseReason
from callbacks.sockets.framing import FLOODED, TOO_BIG, GuardedSocket, TokenBucket, text_frame
from callbacks.sockets.handshake import hub
from callbacks.sockets.messages import answer
from data.permissions import Permission

if TYPE_CHECKING:
    from simple_websocket import Server

PATH = "/ws/mission-control"
NEEDS = Permission.LIVE_READ
MESSAGE_BYTES = 64 * 1024
MESSAGES_S, MESSAGE_BURST = 10.0, 40.0
INBOX = 32
LOOK_S = 1.0
REPLY_S = 1.0
_NORMAL: CloseReason = (1000, "")


def mission_control(ws: Server) -> None:
    client = Client(g.actor, ws.event, ws.sock.abort)
    reason: CloseReason = _NORMAL
    try:
        hub().join(client, _since())
        reason = _serve(ws, client)
    except (OSError, ConnectionClosed):
        pass  # the client is gone, or does not read
    finally:
        hub().leave(client)
        _close(ws, reason)


def _since() -> int | None:
    since = request.args.get("since", "")
    return int(since) if since.isascii() and since.isdigit() and len(since) < 20 else None


def _serve(ws: Server, client: Client) -> CloseReason:
    """Send what is queued, answer what comes in, until somebody has enough; returns why."""
    bucket = TokenBucket(MESSAGES_S, MESSAGE_BURST)
    sock: GuardedSocket = ws.sock
    while ws.connected:
        ws.event.clear()
        if (reason := _answer_all(ws, client, bucket)) is not None:
            return reason
        _send_queued(sock, client)
        if client.close_reason is not None:
            return client.close_reason
        ws.event.wait(LOOK_S)
    return _NORMAL


def _answer_all(ws: Server, client: Client, bucket: TokenBucket) -> CloseReason | None:
    """Answer what came in; the reason to end where it was too much."""
    if len(ws.input_buffer) > INBOX:
        return FLOODED
    while (message := _received(ws)) is not None:
        if len(message if isinstance(message, bytes) else message.encode()) > MESSAGE_BYTES:
            return TOO_BIG
        if not bucket.take():
            return FLOODED
        ws.sock.send(text_frame(answer(client.actor, message)))
    return None


def _received(ws: Server) -> str | bytes | None:
    with contextlib.suppress(ConnectionClosed):
        message: str | bytes | None = ws.receive(timeout=0)
        return message
    return None


def _send_queued(sock: GuardedSocket, client: Client) -> None:
    if client.behind:
        hub().catch_up(client)
    while (frame := client.take()) is not None and client.close_reason is None:
        sock.send(frame)


def _close(ws: Server, reason: CloseReason) -> None:
    """Send the close frame, give the other side a moment to answer, and see that the reading thread has ended: after
    that the socket is closed, and the server that lent it to us need not wait for it."""
    sock: GuardedSocket = ws.sock
    if ws.connected:
        sock.send_close(*reason)
    ws.thread.join(REPLY_S)
    if ws.thread.is_alive():
        sock.abort()
        ws.thread.join(REPLY_S)
