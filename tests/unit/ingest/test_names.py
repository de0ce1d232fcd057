"""Addresses and the domains they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.hosts import domain_of, host_of


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://www.acme.io/b?c#d", "www.acme.io", "acme.io"),
        ("https://a.b.example.co.uk/", "a.b.example.co.uk", "example.co.uk"),
        ("https://co.uk/", "co.uk", "co.uk"),
        ("HTTPS://WWW.Acme.IO", "www.acme.io", "acme.io"),
        ("https://user:pw@shop.acme.io:8443/x", "shop.acme.io:8443", "acme.io"),
        ("https://acme.io./", "acme.io.", "acme.io"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://127.0.0.1/", "127.0.0.1", "127.0.0.1"),
        ("http://[::1]:8080/", "[::1]:8080", "[::1]:8080"),
        ("http://[2001:DB8::1]/", "[2001:db8::1]", "[2001:db8::1]"),
        ("http://localhost:8000/", "localhost:8000", "localhost:8000"),
        ("http://intranet", "intranet", "intranet"),
        ("https://someone.github.io/", "someone.github.io", "github.io"),
        ("https://www.bücher.de/", "www.bücher.de", "xn--bcher-kva.de"),
        ("https://www.xn--bcher-kva.de/", "www.xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("https://BÜCHER.de:81/", "bücher.de:81", "xn--bcher-kva.de"),
        ("https://пример.рф/", "пример.рф", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_address_has_a_host_and_a_registrable_domain(url: str, host: str, domain: str) -> None:
    assert (host_of(url), domain_of(url)) == (host, domain)


@pytest.mark.parametrize(
    "url", ["", "acme.io", "//acme.io", "ftp://acme.io", "https://", "https:///x", "https://a b/", "http://:80/", "x"]
)
def test_what_is_no_web_address_has_no_host(url: str) -> None:
    assert host_of(url) is None


@given(st.text(max_size=60))
def test_any_text_behind_a_scheme_is_an_address_or_none(rest: str) -> None:
    host = host_of(f"https://{rest}")
    if host is not None:
        assert host
        assert not set(host) & set("/?#@ ")
        assert domain_of(f"https://{rest}")
