"""Hosts, and the domains they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import urls
from data.hosts import domain_of, host_of, is_ip, parse_domain, parse_host, parse_site


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
        ("http://0x7f.1/", "127.0.0.1", "127.0.0.1"),
        ("http://[::1]:8080/", "[::1]:8080", "[::1]:8080"),
        ("http://[2001:DB8:0::1]/", "[2001:db8::1]", "[2001:db8::1]"),
        ("http://localhost:8000/", "localhost:8000", "localhost:8000"),
        ("http://intranet", "intranet", "intranet"),
        ("https://someone.github.io/", "someone.github.io", "github.io"),
        ("https://www.bücher.de/", "www.xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("https://www.xn--bcher-kva.de/", "www.xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("https://BÜCHER.de:81/", "xn--bcher-kva.de:81", "xn--bcher-kva.de"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"),
        ("http://faß.de/", "xn--fa-hia.de", "xn--fa-hia.de"),
        ("https://i❤.ws/", "xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("https://xn--i-7iq.ws:443/", "xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("https:///acme.io", "acme.io", "acme.io"),
        ("http:\\\\acme.io\\x", "acme.io", "acme.io"),
    ],
)
def test_an_address_has_a_host_and_a_registrable_domain(url: str, host: str, domain: str) -> None:
    assert (host_of(url), domain_of(urls.parse(url))) == (host, domain)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme.io",
        "//acme.io",
        "ftp://acme.io",
        "https://",
        "https://a b/",
        "http://:80/",
        "x",
        "http://exam<ple.com/",
    ],
)
def test_what_is_no_web_address_has_no_host(url: str) -> None:
    assert host_of(url) is None


@pytest.mark.parametrize(
    "text",
    [
        "example-dup.com",
        "Example-Dup.COM",
        " example-dup.com. ",
        "https://example-dup.com/",
        "http://user:pw@example-dup.com:8080/x?y#z",
        "www.example-dup.com",
        "*.example-dup.com",
        "example-dup.com/about",
        "blog.shop.example-dup.com",
        "ＥＸＡＭＰＬＥ-dup。com",
    ],
)
def test_a_domain_has_one_name_however_it_is_written(text: str) -> None:
    assert parse_domain(text) == parse_site(text) == "example-dup.com"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "not a domain",
        "exam<ple.com",
        "https://",
        "https://exam ple.com/",
        "ftp://acme.io/",
        "javascript:alert(1)",
        "someone@acme.io",
        ".",
        "a..b",
        "-acme.io",
        "acme-.io",
        f"{'a' * 64}.io",
        f"{'ü' * 60}.io",
        ".".join(["a" * 60] * 5),
        "{acme}.",
        "100%",
        "a\nb c",
        "*",
    ],
)
def test_what_can_be_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a domain name such as acme"):
        parse_site(text)
    with pytest.raises(ValueError, match="must be a domain name such as acme"):
        parse_domain(text)


@pytest.mark.parametrize("text", ["localhost", "localhost:8000", "127.0.0.1", "127.1", "[::1]:8080", "12"])
def test_a_site_may_be_a_host_that_nobody_can_register(text: str) -> None:
    assert parse_site(text) == parse_host(text)
    with pytest.raises(ValueError, match="must be a domain name"):
        parse_domain(text)


LETTERS = st.sampled_from(
    [*"abcxyz019-_.", *"ßéЖ日❤üİ。．", "xn--", "www.", "*.", ".com", ".co.uk", ":80", ":8080", "[::1]", "%41"]
)
NAMES = st.lists(LETTERS, min_size=1, max_size=12).map("".join) | st.text(max_size=30)


@given(NAMES)
def test_any_text_is_a_name_in_its_last_spelling_or_is_refused(text: str) -> None:
    try:
        name = parse_site(text)
    except ValueError:
        return
    assert parse_site(name) == name
    assert name.isascii()
    assert name == name.lower()
    assert is_ip(name) or not set(name) & set("/?#@ %*")
    assert parse_site(f"http://{name}/") == name


@given(NAMES)
def test_a_page_and_its_domain_agree(text: str) -> None:
    host = host_of(f"https://{text}")
    if host is not None:
        assert host_of(f"https://{host}/") == host
        assert domain_of(f"https://{host}/")
