"""robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import pytest

from clients.satellite.robots import MOST_BYTES, Rules

ALL, NONE = "User-agent: *\nDisallow: /\n", "User-agent: *\nDisallow:\n"
US = "User-agent: MissionControlSatellite\n"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/x", True),
        (ALL, "/x", False),
        (ALL, "/robots.txt", True),
        (NONE, "/x", True),
        (f"{ALL}{US}Disallow: /a\n", "/x", True),
        (f"{US}Disallow: /a\n{ALL}{US}Disallow: /b\n", "/a", False),
        (f"{US}Disallow: /a\n{ALL}{US}Disallow: /b\n", "/b", False),
        (f"{US}Disallow: /a\n{ALL}{US}Disallow: /b\n", "/c", True),
        ("User-agent: badbot\n" + US + "Disallow: /a\n", "/a", False),
        ("User-agent: badbot\nDisallow: /\n", "/x", True),
        ("User-agent: missioncontrolsatellite\nDisallow: /a", "/a", False),
        ("User-agent: MissionControlSatellite/0.1\nDisallow: /a", "/a", False),
        ("user-agent : MISSIONCONTROLSATELLITE # us\ndisallow : /a", "/a", False),
        ("User-agent: MissionControl\nDisallow: /\n\nUser-agent: *\nDisallow: /b", "/a", True),
        ("User-agent: Satellite\nDisallow: /\n", "/a", True),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.php$", "/x/y.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x/y.php?z", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /café", "/caf%C3%A9/x", False),
        ("User-agent: *\nCrawl-delay: 2\n\nSitemap: /s.xml\nDisallow: /a", "/a", False),
        ("<html><body>Not found, sorry</body></html>", "/x", True),
    ],
)
def test_it_says_what_may_be_fetched(text: str, path: str, *, allowed: bool) -> None:
    assert Rules.of(text.encode()).allows(f"http://example.org{path}") is allowed


def test_what_lies_beyond_500_kib_is_not_read_nor_is_half_a_line() -> None:
    line = b"# a comment that fills the file\n"
    filler = line * (MOST_BYTES // len(line))
    assert not Rules.of(b"User-agent: *\nDisallow: /a\n" + filler + b"Disallow: /b\n").allows("http://e.org/a")
    assert Rules.of(b"User-agent: *\n" + filler + b"Disallow: /b\n").allows("http://e.org/b")
    cut = b"User-agent: *\n" + b"#" * (MOST_BYTES - 14 - 1 - 11) + b"\nDisallow: /abc\n"
    assert cut[:MOST_BYTES].endswith(b"Disallow: /")
    assert Rules.of(cut).allows("http://e.org/x"), "not everything is forbidden by half a rule"


def test_bytes_that_are_no_text_forbid_nothing() -> None:
    assert Rules.of(bytes(range(256)) * 100).allows("http://e.org/x")
