"""The services as gunicorn serves them: what it refuses by itself, and whose forwarded headers it believes."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING

import pytest

from deploy import gunicorn
from deploy.embedded.ports import free_port
from deploy.headers import SECURITY_HEADERS
from tests.browser.site import Process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.services import Services

LINE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
# (what is sent, the status it deserves)
REFUSED = {
    "a path of 20 kB": (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    "a line that is none": (b"NONSENSE\r\n\r\n", 400),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a version that is none": (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", 400),
    "a header of 20 kB": (LINE + b"X-Large: " + b"x" * 20_000 + b"\r\n\r\n", 431),
    "a thousand headers": (LINE + b"".join(b"X-%d: 1\r\n" % n for n in range(1000)) + b"\r\n", 431),
    "a header without a name": (LINE + b": nothing\r\n\r\n", 400),
    "two lengths": (LINE + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
    "a coding that nobody knows": (LINE + b"Transfer-Encoding: nonsense\r\n\r\n", 400),
}


@pytest.fixture(scope="module")
def ports(opened: Services) -> Iterator[dict[str, int]]:
    """The web and the sockets service in processes of their own."""
    settings = opened.settings.model_copy(update={"port": free_port(), "sockets_port": free_port()})
    secrets = ("database_url", "redis_url", "secret_key")
    environment = os.environ | {name.upper(): getattr(settings, name).get_secret_value() for name in secrets}
    environment |= {"PORT": str(settings.port), "SOCKETS_PORT": str(settings.sockets_port)}
    found = {"web": settings.port, "sockets": settings.sockets_port or 0}
    services = [
        Process(gunicorn.web(settings), environment, found["web"]),
        Process(gunicorn.sockets(settings), environment, found["sockets"]),
    ]
    try:
        for service in services:
            service.start()
        yield found
    finally:
        for service in services:
            service.end()


def ask(port: int, sent: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of the answer to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as door:
        door.sendall(sent)
        door.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: door.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize("service", ["web", "sockets"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_gunicorn_refuses_by_itself_is_a_problem_with_our_headers(
    ports: dict[str, int], service: str, name: str
) -> None:
    sent, deserved = REFUSED[name]
    status, headers, body = ask(ports[service], sent)
    assert (status, headers["content-type"]) == (deserved, "application/problem+json")
    assert json.loads(body)["status"] == status
    assert {header: headers.get(header.lower()) for header in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.parametrize("service", ["web", "sockets"])
@pytest.mark.parametrize("path", [b"/ws/mission-control", b"/api/v1/nothing", b"/api/v1/missions", b"/healthz"])
def test_every_answer_of_both_services_carries_our_headers(ports: dict[str, int], service: str, path: bytes) -> None:
    status, headers, body = ask(ports[service], b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert {header: headers.get(header.lower()) for header in SECURITY_HEADERS} == SECURITY_HEADERS
    if status >= 400:
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(body)["status"] == status


@pytest.mark.parametrize("name", ["Proto", "Host", "For", "Port", "Prefix", "Ssl"])
def test_without_trusted_proxies_forwarded_headers_from_loopback_are_ignored(ports: dict[str, int], name: str) -> None:
    value = {"Proto": "https", "Ssl": "on"}.get(name, "evil.example")
    sent = f"GET /api/v1/ HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\nX-Forwarded-{name}: {value}\r\n"
    sent += "Forwarded: proto=https;host=evil.example\r\nX-Forwarded-Protocol: ssl\r\nScript-Name: /evil\r\n\r\n"
    status, headers, body = ask(ports["web"], sent.encode())
    assert status == 200
    assert "strict-transport-security" not in headers
    assert json.loads(body)["sockets_url"].startswith("ws://a:")


def test_a_trusted_proxy_is_believed(opened: Services) -> None:
    settings = opened.settings.model_copy(update={"port": free_port(), "sockets_port": None, "trusted_proxies": 1})
    secrets = ("database_url", "redis_url", "secret_key")
    environment = os.environ | {name.upper(): getattr(settings, name).get_secret_value() for name in secrets}
    service = Process(gunicorn.web(settings), environment | {"TRUSTED_PROXIES": "1"}, settings.port)
    try:
        service.start()
        sent = LINE.replace(b"/healthz", b"/api/v1/") + b"Connection: close\r\nX-Forwarded-Proto: https\r\n"
        _, headers, body = ask(settings.port, sent + b"X-Forwarded-Host: wall.example\r\n\r\n")
    finally:
        service.end()
    assert "strict-transport-security" in headers
    assert json.loads(body)["sockets_url"] == "wss://wall.example"
