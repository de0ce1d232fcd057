"""How a satellite behaves towards sites: robots.txt, pauses, answers that broke off, pages that say nothing."""

from __future__ import annotations

import gzip
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.sites import HTML, Answer, Site, ring, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.satellite.conftest import Base

PLAIN = {"Content-Type": "text/plain"}
CLOSED = b"User-agent: *\nDisallow: /private/\n"


def three_pages(site: Site) -> None:
    site.page("/", '<a href="/open">open</a><a href="/private/x">private</a>')
    site.page("/open", "<p>open")
    site.page("/private/x", "<p>private")


@pytest.mark.parametrize(
    ("answer", "visited"),
    [
        (Answer(CLOSED, headers=PLAIN), ["/", "/open"]),
        (Answer(b"\xef\xbb\xbf" + CLOSED, headers=PLAIN), ["/", "/open"]),
        (Answer(gzip.compress(CLOSED), headers=PLAIN | {"Content-Encoding": "gzip"}), ["/", "/open"]),
        (Answer(CLOSED + b"# filler\n" * 2_000_000, headers=PLAIN), ["/", "/open"]),
        (
            Answer(CLOSED, headers=PLAIN | {"Content-Length": "99999999"}, chunks=iter([b"#\n" * 400_000])),
            ["/", "/open"],
        ),
        (Answer(b"gone", 404), ["/", "/open", "/private/x"]),
        (Answer(b"no", 403), ["/", "/open", "/private/x"]),
        (Answer(b"no", 401), ["/", "/open", "/private/x"]),
        (Answer(b"", 302, {"Location": "/robots.txt"}), ["/", "/open", "/private/x"]),
        (Answer(b"oh no", 500), []),
        (Answer(CLOSED, headers=PLAIN | {"Content-Length": "1000"}), []),
    ],
    ids=["rules", "bom", "gzip", "long", "longer", "404", "403", "401", "circle", "500", "cut"],
)
def test_robots_txt_decides(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], answer: Answer, visited: list[str]
) -> None:
    three_pages(site)
    site.pages["/robots.txt"] = answer
    base.satellite()
    mission = finished(base.crawl(site))
    assert sorted(site.visited) == visited, mission
    assert (mission["status"] == "failed") is (not visited)


def test_a_robots_txt_may_lie_five_redirects_away_on_another_host(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base.crew.mc.settings, "private_targets", "allow")
    three_pages(site)
    site.redirect("/robots.txt", f"{elsewhere.url}/1", 301)
    for step in range(1, 5):
        elsewhere.redirect(f"/{step}", f"/{step + 1}")
    elsewhere.pages["/5"] = Answer(CLOSED, headers=PLAIN)
    base.satellite()
    mission = finished(base.crawl(site))
    assert site.visited == ["/", "/open"]
    assert mission["message"] == "1 forbidden by robots.txt"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_site_is_left_alone_until_the_moment_it_names(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], form: str
) -> None:
    until = time.time() + 9
    value = "7.5" if form == "seconds" else formatdate(until, usegmt=True)
    answers = [Answer(b"wait", 503, {"Retry-After": value}), Answer(b"<p>here")]
    site.other = lambda path: answers.pop(0) if path == "/" else None
    base.satellite()
    assert finished(base.crawl(site))["pages_crawled"] == 1
    first, again = (hit.at for hit in site.hits if hit.path == "/")
    assert again - first >= (7.4 if form == "seconds" else until - 1 - time.time() + time.monotonic() - first - 1)
    assert again - first < 14


def test_retries_have_a_pause_between_them(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    site.page("/", "oh no", status=500)
    base.satellite()
    assert finished(base.crawl(site))["message"] == "Nothing could be crawled: answered 500"
    first, second, third = (hit.at for hit in site.hits if hit.path == "/")
    assert second - first >= 0.55
    assert third - second >= 1.1


def test_a_site_that_restarts_fails_no_mission(
    base: Base, eventually: Callable[..., None], finished: Callable[..., dict[str, Any]]
) -> None:
    """It refuses every connection for 25 seconds in the middle of a crawl: every page is fetched, none is an error."""
    site = Site("")
    ring(site, 40)
    base.satellite()
    with served(site):
        job_id = base.crawl(site, delay_seconds=0.25, concurrency=4)
        eventually(lambda: len(site.visited) > 5, seconds=20)
    time.sleep(25)
    assert base.status(job_id) == "running"
    with served(site, urlsplit(site.url).port or 0):
        mission = finished(job_id, seconds=60)
    assert (mission["status"], mission["pages_crawled"], mission["errors_count"]) == ("completed", 40, 0), mission


@pytest.mark.parametrize("cut", ["gzip", "length", "chunks"])
def test_a_page_that_broke_off_is_an_error_and_takes_no_link_away(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], cut: str
) -> None:
    whole = '<a href="/more">more</a>' + "<p>words</p>" * 300 + '<a href="https://acme.example/">Acme</a>'
    site.page("/", '<a href="/page">page</a>')
    site.page("/page", whole)
    base.satellite()
    assert finished(base.crawl(site))["links_found"] == 1
    broken = {
        "gzip": Answer(gzip.compress(whole.encode())[:-30], headers=HTML | {"Content-Encoding": "gzip"}),
        "length": Answer(whole[:500].encode(), headers=HTML | {"Content-Length": str(len(whole))}),
        "chunks": Answer(b"1f4\r\n" + whole[:500].encode() + b"\r\n", headers=HTML | {"Transfer-Encoding": "chunked"}),
    }
    site.pages["/page"] = broken[cut]
    mission = finished(base.crawl(site))
    assert (mission["status"], mission["pages_crawled"], mission["errors_count"]) == ("completed", 1, 1), mission
    assert base.rows("link_state") == [("live",)], "no loss is suspected of half a page"


def test_html_is_found_behind_any_ending_that_may_be_a_page(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    paths = ["/ext/Node.js", "/ASP.NET", "/wiki/File:Map.png", "/feed.xml", "/list.json", "/x.css"]
    files = ["/a.pdf", "/b.pdf", "/c.zip"]
    site.page("/", "".join(f'<a href="{path}">x</a>' for path in (*paths, *files, *files)))
    for path in paths[:3]:
        site.page(path, '<a href="/">up</a>')
    for path in paths[3:]:
        site.pages[path] = Answer(b"{}", headers={"Content-Type": "application/octet-stream"})
    base.satellite()
    mission = finished(base.crawl(site))
    assert set(site.visited) == {"/", *paths}
    assert mission["pages_crawled"] == 4
    assert mission["message"] == "3 addresses left out for their endings (.pdf 2, .zip 1)"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<frameset cols=50%,50%><frame src=/menu><frame src=/main></frameset>", "it is a frameset"),
        ("", "it is empty"),
        ("<div id=root></div><script src=/app.js></script>", "its content is made by scripts"),
        ("<meta http-equiv=refresh content='0;url=/there'>", "it sends visitors on to /there"),
    ],
)
def test_a_mission_that_saw_nothing_says_so(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], body: str, why: str
) -> None:
    site.page("/", body)
    base.satellite()
    mission = finished(base.crawl(site))
    assert (mission["status"], mission["pages_crawled"]) == ("completed", 1)
    assert mission["message"].startswith(f"Only the start page was read, and it links nowhere: {why}"), mission


def test_a_page_that_asks_not_to_be_followed_says_so_of_each_link(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    site.page(
        "/",
        '<a href="/badbot">b</a><a href="http://one.example/" rel=UGC>1</a>',
        headers=HTML | {"X-Robots-Tag": "badbot: nofollow"},
    )
    site.page("/badbot", '<a href="http://two.example/">2</a>', headers=HTML | {"X-Robots-Tag": "nofollow"})
    base.satellite()
    finished(base.crawl(site))
    assert sorted(base.rows("url_to, rel")) == [("http://one.example/", "ugc"), ("http://two.example/", "nofollow")]
