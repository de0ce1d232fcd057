"""What is fetched, what is not, and what is found."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.sites import Answer, explore

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.satellite.conftest import Base
    from tests.sites import Site

PNG = {"Content-Type": "image/png"}


def tricky(site: Site, elsewhere: Site) -> None:
    """A small site with everything in it that a crawler meets."""
    out = elsewhere.url
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"})
    site.page(
        "/",
        f"""<title>Start</title><a href="/a.html">A</a> <a href="b/">B</a> <a href="/private/secret.html">secret</a>
        <a href="/old">moved</a> <a href="/away">away</a> <a href="/round">round</a> <a href="/broken">broken</a>
        <a href="/missing">missing</a> <a href="/picture">picture</a> <a href="/paper.pdf">paper</a>
        <a href="/messy.html">messy</a> <a href="/a.html#part">A again</a> <a href="mailto:x@example.org">mail</a>
        <a href="/latin.html">latin</a> <a href="/empty.html">empty</a> <a href="/query?b=2&amp;a=1">query</a>
        <a href="/query?a=1&amp;b=2">other query</a> <a href="javascript:void(0)">script</a>
        <a href="{out}/one#x" rel="nofollow ugc">the  <b>first</b> link</a> <a href="{out}/one">the same</a>""",
    )
    site.page("/a.html", f'<base href="{out}/based/"><a href="two">two</a><a href="{site.url}/b/c.html">home</a>')
    site.page("/b/", f'<a href="c.html">C</a><a href="{out}/one">one again, from here</a><a href="../">up</a>')
    site.page(
        "/b/c.html",
        f'<a href="https://acme.io">no path</a><a href="//acme.io/x">scheme of the page</a><a href="{out}">',
    )
    site.page("/new.html", f'<a href="{out}/new">new</a>')
    site.page(
        "/messy.html",
        f'<html><a href="{out}/m1">1<a href={out}/m2>2<div></a></p><td><A HREF=\'{out}/m3\'>3<a href="http://[bad">',
    )
    site.pages["/latin.html"] = Answer(
        f'<a href="{out}/caf\xe9">Caf\xe9</a>'.encode("latin-1"), headers={"Content-Type": "text/html; charset=latin-1"}
    )
    site.page("/empty.html", "")
    for query in ("/query?b=2&a=1", "/query?a=1&b=2"):
        site.page(query, "<p>No links here")
    site.redirect("/old", "/new.html", 301)
    site.redirect("/away", f"{out}/away")
    site.redirect("/round", "/round2")
    site.redirect("/round2", "/round")
    site.page("/broken", f'<a href="{out}/never">never</a>', status=500)
    site.pages["/picture"] = Answer(b"\x89PNG" * 1000, headers=dict(PNG))


def whole(url: str) -> str:
    """An address without a path is that of its first page: `http://x` is `http://x/`."""
    return url if urlsplit(url).path else f"{url}/"


def test_it_finds_what_an_independent_reader_finds(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    tricky(site, elsewhere)
    there = explore(f"{site.url}/", forbidden=("/private/",))
    site.hits.clear()
    elsewhere.hits.clear()
    base.satellite()
    mission = finished(base.crawl(site))
    assert mission["status"] == "completed", mission
    assert mission["pages_crawled"] == len(there.pages) == 10
    assert mission["links_found"] == len(there.links)
    assert {(start, end.replace("%C3%A9", "é")) for start, end in base.rows()} == {
        (start, whole(end.replace("�", "é"))) for start, end in there.links
    }
    assert mission["errors_count"] == 3  # broken, missing, round in a circle
    assert mission["message"] == (
        "3 could not be fetched; 1 forbidden by robots.txt; 1 addresses left out for their endings (.pdf 1); "
        "1 links to private addresses not followed; 1 links left out, to impossible addresses"
    )
    assert (mission["progress_percentage"], mission["pages_queued"]) == (100, 0)
    assert elsewhere.hits == [], "nothing off the site is fetched"
    once = [path for path in site.visited if path != "/broken"]  # a 500 is tried again
    assert len(once) == len(set(once)), "no page is fetched twice"
    assert not {"/private/secret.html", "/paper.pdf"} & set(site.visited)
    assert {hit.agent.split("/")[0] for hit in site.hits} == {"MissionControlSatellite"}


def test_a_row_says_where_and_when_and_how(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    out = elsewhere.url
    site.page("/", f'<a href="{out}/x#y" rel="nofollow  UGC"> the <b>link</b>\n</a><a href="{out}/z"></a>')
    base.satellite("--name", "crawler 1")
    mission = finished(base.crawl(site))
    columns = "url_from, url_to, anchor, rel, http_code, source, job_id, discovered_date = last_fetched_at"
    wanted = (f"{site.url}/", 200, "satellite", mission["job_id"], True)
    assert sorted(base.rows(columns)) == [
        (wanted[0], f"{out}/x", "the link", "nofollow ugc", *wanted[1:]),
        (wanted[0], f"{out}/z", None, None, *wanted[1:]),
    ]
    samples = base.rows("satellite_id, job_id, pages_crawled, success_rate", "satellite_performance_logs")
    assert samples == [("crawler-1", mission["job_id"], 1, 1.0)]


def endless(site: Site) -> None:
    """Every page links to three more that nobody wrote."""
    names = itertools.count(1)
    site.other = lambda path: (
        None if path == "/robots.txt" else Answer("".join(f'<a href="/p{next(names)}">' for _ in range(3)).encode())
    )


def test_it_fetches_exactly_as_many_pages_as_asked_for(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    endless(site)
    base.satellite()
    mission = finished(base.crawl(site, max_pages=37, concurrency=16))
    assert (mission["status"], mission["pages_crawled"], len(site.visited)) == ("completed", 37, 37)
    assert mission["pages_queued"] > 0, "what was found and not fetched is said"


def test_it_goes_no_deeper_than_asked_for(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    endless(site)
    base.satellite()
    assert finished(base.crawl(site, max_depth=2))["pages_crawled"] == 1 + 3 + 9


def test_listed_sites_are_crawled_too(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    site.page("/", f'<a href="{elsewhere.url}/there">there</a>')
    elsewhere.page("/there", f'<a href="{site.url}/back">back</a>')
    site.page("/back", "<p>Back")
    base.satellite()
    mission = finished(base.crawl(site, allowed_sites=[urlsplit(elsewhere.url).netloc]))
    assert (mission["pages_crawled"], mission["links_found"]) == (3, 2)


def test_requests_keep_their_distance(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    endless(site)
    base.satellite()
    finished(base.crawl(site, max_pages=5, delay_seconds=0.4))
    times = [hit.at for hit in site.hits]
    assert len(times) == 6, "robots.txt and five pages"
    assert all(later - earlier > 0.35 for earlier, later in itertools.pairwise(times))


def test_robots_txt_may_ask_for_more_distance(base: Base, site: Site, finished: Callable[..., dict[str, Any]]) -> None:
    endless(site)
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.5\n", headers={"Content-Type": "text/plain"})
    base.satellite()
    finished(base.crawl(site, max_pages=4))
    times = [hit.at for hit in site.hits if hit.path != "/robots.txt"]
    assert all(later - earlier > 0.45 for earlier, later in itertools.pairwise(times))


def test_a_page_that_asks_not_to_be_followed_is_not(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    site.page("/", f'<meta name=robots content=nofollow><a href="/x">x</a><a href="{elsewhere.url}/y">y</a>')
    base.satellite()
    mission = finished(base.crawl(site))
    assert (mission["pages_crawled"], mission["links_found"], site.visited) == (1, 1, ["/"])


def test_what_fails_once_behind_a_redirect_is_tried_again(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    answers = [Answer(b"wait", 503, {"Retry-After": "1"}), Answer(b"<p>here")]
    site.redirect("/", "/here")
    site.other = lambda path: answers.pop(0) if path == "/here" else None
    base.satellite()
    assert finished(base.crawl(site))["pages_crawled"] == 1
    first, again = (hit.at for hit in site.hits if hit.path == "/here")
    assert again - first >= 0.95, "the site asked for a second of rest"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"x", 500), "answered 500"),
        (Answer(b"x", 404), "answered 404"),
        (Answer(b"x", 200, dict(PNG)), "is no HTML page"),
        (Answer(b"", 302, {"Location": "http://other.example/x"}), "redirects to http://other.example/x, another site"),
        (Answer(b"", 302, {"Location": "/"}), "it redirects in a circle"),
        (Answer(b"x" * 9_000_000), "the page is too big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_start_that_gives_nothing_fails_with_a_reason(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], answer: Answer, words: str
) -> None:
    site.pages["/"] = answer
    base.satellite()
    mission = finished(base.crawl(site))
    assert mission["status"] == "failed"
    assert mission["message"].startswith("Nothing could be crawled: ")
    assert words in mission["message"]


def test_a_site_that_forbids_everything_is_left_alone(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
    base.satellite()
    mission = finished(base.crawl(site))
    assert (mission["status"], site.visited) == ("failed", [])
    assert mission["message"] == "Nothing could be crawled: Forbidden by robots.txt"


def test_a_site_whose_robots_txt_is_broken_is_left_alone(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    site.pages["/robots.txt"] = Answer(b"oh no", 503)
    base.satellite()
    mission = finished(base.crawl(site), seconds=90)
    assert mission["status"] == "failed"
    assert mission["message"] == (
        "Nothing could be crawled: robots.txt cannot be had (answered 503), so nothing may be fetched"
    )
    assert site.visited == []


def test_a_host_that_is_down_fails_with_a_reason(base: Base, finished: Callable[..., dict[str, Any]]) -> None:
    base.satellite()
    mission = finished(base.crew.submit(target_url="http://127.0.0.1:9/", config={"delay_seconds": 0}), seconds=90)
    assert (mission["status"], mission["message"]) == (
        "failed",
        "Nothing could be crawled: the connection was refused",
    )
    unknown = finished(base.crew.submit(target_url="http://nowhere.invalid/", config={"delay_seconds": 0}))
    assert unknown["message"] == "Nothing could be crawled: the host name is not known"


def test_addresses_are_read_as_browsers_read_them(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    """One link in many spellings is one, what leads on is asked for as a browser would, and a redirect too."""
    kind = {"Content-Type": "text/html; charset=windows-1251"}
    markup = r"""<a href="\\acme.io\a\..\b">1</a><a href="http://ACME.io:80/./b">2</a><a href="http://u:pw@acme.io/b#x">3</a>
        <a href="http://acme.io/?q=при">4</a><a href="\ws\a|b'c?q='при'">on</a><a href="http://exam<ple.com/">5</a>
        <a href="http://fa&szlig;.example.net">6</a><a href="/moved">moved</a>"""
    site.pages["/"] = Answer(markup.encode("windows-1251"), headers=dict(kind))
    site.page("/ws/a|b'c?q=%27%EF%F0%E8%27", '<a href="http://i❤.ws/">7</a>')
    site.redirect("/moved", "\\ws\\to|here")
    site.page("/ws/to|here", '<a href="http://xn--i-7iq.ws">8</a>')
    base.satellite()
    mission = finished(base.crawl(site))
    assert mission["message"] == "1 links left out, to impossible addresses"
    assert sorted(base.rows()) == sorted(
        [
            (f"{site.url}/", "http://acme.io/b"),
            (f"{site.url}/", "http://acme.io/?q=%EF%F0%E8"),
            (f"{site.url}/", "http://xn--fa-hia.example.net/"),
            (f"{site.url}/ws/a|b'c?q=%27%EF%F0%E8%27", "http://xn--i-7iq.ws/"),
            (f"{site.url}/ws/to|here", "http://xn--i-7iq.ws/"),
        ]
    )
