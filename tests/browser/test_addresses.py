"""Chromium reads the same links as we do: what differs is named here, with its reason."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from data import urls
from tests.sites import Answer, website

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver import Chrome

    from tests.sites import Site

ENCODINGS = (
    *("utf-8", "windows-1251", "shift_jis", "windows-1252", "koi8-r", "iso-8859-2", "windows-1254"),
    *("windows-874", "euc-kr"),
    "gb18030",
)
PAIRS = 3_000
WEB = ("http:", "https:")
BASES = (
    "http://example.org/dir/page.html?old=1#top",
    *("https://user:pw@example.org:8443/a/b/../c", "http://[::1]:81/x/"),
    *("http://127.0.0.1/%7Ea/./b;c", "https://пример.рф/путь/", "http://example.org", "ftp://example.org/dir/"),
    *("http://example.org//a//b", "https://example.org/a?b/c/d", "http://example.org/a%2Fb/%2e/c"),
)
SCHEMES = (
    *("", "", "", "http:", "https:", "HTTP:", "hTTps:", "http:/", "http://", "https://", "http:///"),
    *("https:////", "//"),
    *("///", "\\\\", "http:\\\\", "\\", "/", "/\\", "mailto:", "javascript:", "tel:", "ftp://", "data:", "ws://"),
    "x-y:",
    *("ht\ntp://", " http://", "\thttps:/\t/", "http://http://", ":", "1http://", "http", "about:blank", "file:///"),
)
LOGINS = ("", "", "", "", "user@", "user:pw@", ":@", "a@b@", "ü:é@", "user:pa:ss@", "a%40b@", "us er@")
HOSTS = (
    *("example.com", "EXAMPLE.Com", "www.example.com", "example.com.", "a..b", "a_b.example", "-a.example"),
    "ab--c.example",
    *("faß.example", "FASS.example", "ẞ.example", "i❤.ws", "xn--i-7iq.ws", "xn--fa-hia.example", "bücher.de"),
    "BÜCHER.de",
    *("пример.рф", "日本語。jp", "ａｂｃ.example", "ς.example", "Σ.example", "א.example", "a\u200db.example"),
    "a\u00adb.com",
    *("क्\u200dष.example", "ex%41mple.com", "ex%2emple", "exam<ple.com", "a b.com", "a|b.com", "a^b.com"),
    *("a%00b", "a%zz"),
    *("a\tb.com", "a#b", "a?b", "127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "1.2.3.4.5", "256.1.1.1"),
    *("0x", "1.2.3.", "1.2..3", "09.1.1.1", "4294967296", "0.0.0.0x100", "[::1]", "[::ffff:1.2.3.4]"),
    "[1:2:0:0:5:0:0:8]",
    *("[::1", "[::G]", "[::1]x", "[fe80::1%25eth0]", "[1::2::3]", "[::127.0.0.1]", "", ".", "localhost"),
    "*.example.com",
    *("١٢٧.0.0.1", "１２７.0.0.1", "⑩.example", "ﬁ.example", "xn--bcher-kva.de", "e\u0301.example", "é.example"),
)
PORTS = ("", "", "", "", ":", ":80", ":443", ":8080", ":00080", ":65535", ":65536", ":a", ":8 0", ":-1", ":8\t0", ":０")
PARTS = (
    *("/", "/", "\\", "a", "b.html", ".", "..", "/.", "/..", "%2e", "%2E%2e", ".%2e", "...", "//", " ", "  "),
    *("%20", "%zz"),
    *("%", "%E9", "é", "при", "отзыв", "日本", "表", "ソ", "'", '"', "<", ">", "|", "^", "`", "{", "}", "[", "]"),
    *("~", "%7E"),
    *(";", ":", "@", "!", "$", "&", "(", ")", "*"),
    *("+", ",", "=", "\t", "\n", "\r", "\x0b", "\x7f", "\u00a0", "\u200b"),
    *("\u2028", "\ufeff", "😀", "e\u0301", "ー", "①", "～", "€", "ё", "Ⅷ", "C:", "|"),
)
ENDS = ("", "", "", " ", "\n", "\t ", "\x0c", "\x1f", "\u00a0", "\u3000")
# What differs, on purpose: `theirs` and `mine` are compared without fragment and login (no part of a page's identity,
# and a password is never stored), and addresses of other schemes count as none (there is nothing to fetch). The rest
# is the standard's word against Chromium's. In euc-jp, iso-2022-jp, big5 and gbk some rare letters of a query differ
# too: Python knows their tables of the last century.
DIFFERENCES: dict[str, Callable[[str | None, str | None], bool]] = {
    "Chromium escapes | in a path, the standard leaves it": lambda theirs, mine: (
        theirs is not None and mine is not None and _bare(theirs) == _bare(mine) and "%7C" in theirs
    ),
    "Chromium escapes a blank or * in a host, the standard refuses the one and leaves the other": lambda theirs, mine: (
        bool(re.search("%20|%2A", _host(theirs))) and (mine is None or "*" in _host(mine))
    ),
    "ada takes a host of both directions with signs that IDNA refuses": lambda theirs, mine: (
        theirs is None and "xn--4db." in _host(mine)
    ),
}

READ = """
const [pairs, done] = arguments;
const base = document.head.appendChild(document.createElement('base'));
const link = document.body.appendChild(document.createElement('a'));
done([document.characterSet, pairs.map(([href, page]) => {
  let plain = null;
  try { plain = new URL(href, page).href; } catch {}
  base.setAttribute('href', page);
  link.setAttribute('href', href);
  return [plain, link.protocol === ':' ? null : link.href];
})]);
"""


def hrefs(seed: int) -> Iterator[tuple[str, str]]:
    """Links and the bases that they are read against; the same ones for the same seed."""
    dice = random.Random(seed)

    def some(pieces: tuple[str, ...], most: int) -> str:
        return "".join(dice.choice(pieces) for _ in range(dice.randint(0, most)))

    def authority() -> str:
        return f"{dice.choice(LOGINS)}{dice.choice(HOSTS)}{dice.choice(PORTS)}" if dice.random() < 0.6 else ""

    for _ in range(PAIRS):
        query = f"?{some(PARTS, 4)}" if dice.random() < 0.5 else ""
        fragment = f"#{some(PARTS, 2)}" if dice.random() < 0.2 else ""
        href = f"{dice.choice(SCHEMES)}{authority()}{some(PARTS, 5)}{query}{fragment}{dice.choice(ENDS)}"
        yield href, dice.choice(BASES)


def ours(href: str, base: str, encoding: str) -> str | None:
    try:
        return urls.parse(href, urls.join(base, encoding=encoding), encoding=encoding)
    except ValueError:
        return None


def one_form(theirs: str | None) -> str | None:
    """What is left of a browser's address when the differences above are taken off; no code of ours."""
    if theirs is None or not theirs.startswith(WEB):
        return None
    scheme, _, rest = theirs.partition("#")[0].partition("://")
    return f"{scheme}://{re.sub(r'^[^/]*@', '', rest)}"


def _host(url: str | None) -> str:
    return url.split("/", 3)[2] if url else ""


def _bare(url: str) -> str:
    path, mark, query = url.partition("?")
    return path.replace("%7C", "|") + mark + query


@pytest.fixture(scope="module")
def pages() -> Iterator[Site]:
    with website() as site:
        for encoding in ENCODINGS:
            headers = {"Content-Type": f"text/html; charset={encoding}"}
            site.pages[f"/{encoding}"] = Answer(b"<!doctype html><title>.</title><body>", headers=headers)
        yield site


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_link_is_read_as_chromium_reads_it(driver: Chrome, pages: Site, encoding: str) -> None:
    pairs = list(dict.fromkeys(hrefs(ENCODINGS.index(encoding))))
    assert len(pairs) > 2_000
    driver.get(f"{pages.url}/{encoding}")
    name, read = driver.execute_async_script(READ, pairs)
    assert name.lower() == encoding
    outcomes: Counter[str] = Counter()
    wrong = []
    for (href, base), (plain, shown) in zip(pairs, read, strict=True):
        for how, answer, mine in (
            ("new URL", plain, ours(href, base, "utf-8")),
            ("a.href", shown, ours(href, base, encoding)),
        ):
            theirs = one_form(answer)
            reason = "equal" if theirs == mine else next((n for n, so in DIFFERENCES.items() if so(theirs, mine)), None)
            outcomes[reason or "wrong"] += 1
            if reason is None:
                wrong.append((how, href, base, theirs, mine))
    assert wrong == []
    assert outcomes["equal"] > 0.9 * outcomes.total()
    hosts = {_host(one_form(plain)) for plain, _ in read}
    assert len(hosts) > 200  # the generator reaches what it is to reach
    assert sum(plain is None for plain, _ in read) > 100
