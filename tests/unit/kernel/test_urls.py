"""Addresses as browsers read them. Against a browser itself they are held in tests/browser/test_addresses.py."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import urls

PAGE = "http://example.org/docs/index.html"


@pytest.mark.parametrize(
    ("spellings", "url"),
    [
        (["https://jz.example.net/отзыв"], "https://jz.example.net/%D0%BE%D1%82%D0%B7%D1%8B%D0%B2"),
        (["https://h/a b", "https://h/a%20b", " https://h/a b\n", "https://h/a\t b"], "https://h/a%20b"),
        (["https://h/?x='1'|2", "https://h?x=%271%27|2", "https:\\\\h\\?x='1'|2"], "https://h/?x=%271%27|2"),
        (
            ["http://x", "http://x/", "http://x:80/", "http://X:080", "http://x/.", "http://x/a/..", "http:x"],
            "http://x/",
        ),
        (["http://h/a/../b", "http://h/./b", "http://h/%2e%2E/b", "http://h\\b"], "http://h/b"),
        (["http://user:pw@h/", "http://user@h", "http://a@b@h/#top", "http://:@h"], "http://h/"),
        (["http://faß.example.net/", "http://FASS.example.net/".replace("SS", "ß")], "http://xn--fa-hia.example.net/"),
        (["http://i❤.ws", "http://xn--i-7iq.ws"], "http://xn--i-7iq.ws/"),
        (["http://127.1/", "http://0x7f000001/", "http://0177.0.0.1/"], "http://127.0.0.1/"),
        (["http://[::0:1]/", "http://[0:0:0:0:0:0:0:1]:80"], "http://[::1]/"),
    ],
)
def test_an_address_has_one_spelling(spellings: list[str], url: str) -> None:
    assert {urls.parse(each) for each in spellings} == {url}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://h/a", "http://h/a/"),
        ("http://h/", "https://h/"),
        ("http://h/", "http://www.h/"),
        ("http://h/?", "http://h/"),
        ("http://h/?a&b", "http://h/?b&a"),
        ("http://h/%7Ea", "http://h/~a"),
        ("http://h/%2f", "http://h/%2F"),
        ("http://h/", "http://h./"),
        ("http://h//a", "http://h/a"),
        ("http://h/A", "http://h/a"),
    ],
)
def test_what_the_standard_keeps_apart_stays_apart(one: str, other: str) -> None:
    assert urls.parse(one) != urls.parse(other)


@pytest.mark.parametrize(
    "text",
    [
        "http://exam<ple.com/",
        "http://a b/",
        "https://",
        "http://:80/",
        "http://[broken",
        "http://a:b/",
        "http://a:65536/",
        "http://1.2.3.4.5/",
        "http://a%00b/",
        "acme.io",
        "//acme.io",
        "",
        "\ud800://",
    ],
)
def test_what_browsers_refuse_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be an http or https address"):
        urls.parse(text)


@pytest.mark.parametrize("text", ["mailto:a@b.c", "javascript:void(0)", "tel:1", "ftp://x/y", "data:,x", "ws://h/"])
def test_another_scheme_is_no_mistake(text: str) -> None:
    with pytest.raises(urls.OtherScheme):
        urls.parse(text, PAGE)


def test_a_fragment_is_kept_where_it_is_asked_for() -> None:
    assert urls.parse("http://u@h#a b", fragment=True) == "http://h/#a%20b"
    assert urls.parse("http://h/#a") == "http://h/"


@pytest.mark.parametrize(
    ("encoding", "href", "url"),
    [
        ("windows-1251", "?q=при", "http://example.org/docs/index.html?q=%EF%F0%E8"),
        ("cp1251", "/при?q=при#при", "http://example.org/%D0%BF%D1%80%D0%B8?q=%EF%F0%E8"),
        ("windows-1251", "?q=日&r=ж", "http://example.org/docs/index.html?q=%26%2326085%3B&r=%E6"),
        ("windows-1251", " ?q=ж'\"<> \n", "http://example.org/docs/index.html?q=%E6%27%22%3C%3E"),
        ("windows-1251", "?q=%D0%BF&ж", "http://example.org/docs/index.html?q=%D0%BF&%E6"),
        ("shift_jis", "?表\\", "http://example.org/docs/index.html?%95\\\\"),
        ("utf-16-le", "?ж", "http://example.org/docs/index.html?%D0%B6"),
        ("nonsense", "?ж", "http://example.org/docs/index.html?%D0%B6"),
        ("windows-1251", "http://пример.рф/", "http://xn--e1afmkfd.xn--p1ai/"),
    ],
)
def test_a_query_goes_out_in_the_encoding_of_its_page(encoding: str, href: str, url: str) -> None:
    assert urls.parse(href, PAGE, encoding=encoding) == url


PIECES = [
    *("http://", "https:", "http:/", "//", "/", "\\", "..", ".", "%2e", "?", "#", "@", ":", ":80", ":443"),
    *(":8080", "[::1]"),
    *("user:pw@", "h", "example.com", "faß", "❤", "日本", "при", "xn--", "%", "%zz", "%E9", "'", '"', "<", "|"),
    *("^", "`"),
    *("{", "}", " ", "\t", "\n", "\r", "\x00", "\x7f", "\u200d", "\ufeff", "0x7f.1", "1.2", "\ud800", "&", ";"),
    *("=", "+"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=40)
ENCODINGS = st.sampled_from(["utf-8", "windows-1251", "shift_jis", "iso-2022-jp", "gb18030", "big5", "utf-16", "x"])


@given(text=TEXTS, base=TEXTS, encoding=ENCODINGS, fragment=st.booleans())
def test_a_spelling_is_the_last_one(text: str, base: str, encoding: str, *, fragment: bool) -> None:
    for start in (f"http://h/{base}", f"http://{base}", None):
        try:
            url = urls.parse(text, start, encoding=encoding, fragment=fragment)
        except ValueError:
            continue
        assert urls.parse(url, fragment=fragment) == url
        assert urls.parse(url, PAGE, encoding=encoding, fragment=fragment) == url
        assert url.isascii()
        assert url.startswith(("http://", "https://"))
        assert urls.host(url)
        assert "@" not in urls.host(url)


def test_a_very_long_query_is_read_in_one_go() -> None:
    url = urls.parse("?" + "日ж" * 500_000, PAGE, encoding="windows-1251")
    assert url.count("%26%2326085%3B%E6") == 500_000


def test_reading_leans_on_nothing_of_ours() -> None:
    """Satellites import this module of the product, and no other."""
    tree = ast.parse(Path(urls.__file__).read_text(encoding="utf-8"))
    lines = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(line, "module", None) or line.names[0].name for line in lines}
    assert names == {"__future__", "ada_url", "codecs", "re", "urllib.parse"}
