"""Eight ways to lose a link, and what does not count as a loss."""

from __future__ import annotations

import pytest
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Response

from clients.satellite.link_verdict import judge, judge_failure

PAGE = "http://www.blog.example/post"
TARGET = "http://acme.example/?b=1"
LINK = '<a rel="nofollow" href="http://acme.example/?b=1#top">Acme</a>'


def html(body: str, *, url: str = PAGE, status: int = 200, **headers: str) -> HtmlResponse:
    return HtmlResponse(url, status=status, headers=headers, body=body.encode(), encoding="utf-8")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (html(LINK), "found"),
        (html(f'<base href="http://acme.example/"><a href="?b=1">A</a>{LINK}'), "found"),
        (html(LINK, url="https://blog.example/post/"), "found"),
        (html(f'<link rel="canonical" href="https://blog.example/post/">{LINK}'), "found"),
        (html('<a href="http://acme.example/?b=2">Acme</a>'), "link_removed"),
        (html(""), "link_removed"),
        (html(LINK, status=404), "not_found"),
        (html(LINK, status=410), "not_found"),
        (html(LINK, url="http://www.blog.example/other"), "redirected"),
        (html(LINK, url="http://elsewhere.example/post"), "redirected"),
        (html("", url="http://www.blog.example/other", status=404), "broken_redirect"),
        (html(f'<meta name="robots" content="noindex, follow">{LINK}'), "noindex"),
        (html(LINK, **{"X-Robots-Tag": "none"}), "noindex"),
        (html(f'<link rel="canonical" href="/other">{LINK}'), "not_canonical"),
        (html(LINK, status=503), "crawl_error"),
        (html(LINK, status=403), "dropped"),
        (Response(PAGE, headers={"Content-Type": "application/pdf"}), "dropped"),
    ],
)
def test_a_page_says_what_became_of_its_link(answer: Response, outcome: str) -> None:
    judged = judge(answer, PAGE, TARGET)
    assert judged.outcome == outcome, judged
    assert judged.http_code == answer.status


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DownloadTimeoutError(), "crawl_error"),
        (IgnoreRequest("max redirections reached"), "broken_redirect"),
        (IgnoreRequest("Forbidden by robots.txt"), "dropped"),
    ],
)
def test_so_does_a_page_that_gives_no_answer(error: Exception, outcome: str) -> None:
    assert judge_failure(error).outcome == outcome


@pytest.mark.parametrize(
    "written",
    [
        "http://acme.example:80/?b='1'|2",
        "http:\\\\ACME.example?b='1'|2",
        " http://user:pw@acme.example/x/..?b=%271%27|2#top",
        "http://acme.example/?b=\n%271'|2",
    ],
)
@pytest.mark.parametrize("stored", ["http://acme.example/?b=%271%27|2", "http://acme.example?b='1'|2"])
def test_another_spelling_of_the_link_is_the_link(written: str, stored: str) -> None:
    assert judge(html(f'<a href="{written}">Acme</a>'), PAGE, stored).outcome == "found"


@pytest.mark.parametrize(
    "stored",
    ["http://acme.example/?q=%EF%F0%E8", "http://acme.example/?q=при", "http://acme.example/?q=%D0%BF%D1%80%D0%B8"],
)
def test_a_query_beyond_ascii_is_found_in_either_encoding(stored: str) -> None:
    body = '<a href="http://acme.example/?q=при">Acme</a>'.encode("windows-1251")
    answer = HtmlResponse(PAGE, headers={"Content-Type": "text/html; charset=windows-1251"}, body=body)
    assert judge(answer, PAGE, stored).outcome == "found"


def test_a_stored_address_that_nobody_can_open_is_on_no_page() -> None:
    assert judge(html('<a href="http://exam<ple.com/">x</a>'), PAGE, "http://exam<ple.com/").outcome == "link_removed"
