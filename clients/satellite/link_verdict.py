"""Is the link still on its page? One of eight reasons where it is not, or that nobody may look. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse

from clients.satellite import addresses, links
from clients.satellite.outcome import FORBIDDEN, TOO_MANY_REDIRECTS, PrivateAddress, reason

if TYPE_CHECKING:
    from scrapy.http import Response

NOT_FOUND = (404, 410)
REFUSED = (401, 403, 451)


class LinkVerdict(NamedTuple):
    outcome: str
    detail: str
    http_code: int | None = None


def judge(response: Response, url_from: str, url_to: str) -> LinkVerdict:
    """What the answer to a request for `url_from` says of its link to `url_to`."""
    code, moved = response.status, not _same_page(response.url, url_from)
    if code >= 400:
        return _failed(response, moved=moved)
    if moved:
        return LinkVerdict("redirected", f"the page redirects to {response.url}"[:500], code)
    if not isinstance(response, HtmlResponse):
        return LinkVerdict("dropped", "the address is no HTML page any more", code)
    return _judge_page(response, url_from, url_to)


def judge_failure(error: BaseException | None) -> LinkVerdict:
    """What it says that there was no answer."""
    if str(error) == TOO_MANY_REDIRECTS:
        return LinkVerdict("broken_redirect", "the page redirects without end")
    if isinstance(error, PrivateAddress):
        return LinkVerdict("refused", str(error)[:500])
    if str(error) == FORBIDDEN:
        return LinkVerdict("dropped", "robots.txt forbids the page")
    return LinkVerdict("crawl_error", reason(error)[:500] if error else "no reason was given")


def _failed(response: Response, *, moved: bool) -> LinkVerdict:
    code, said = response.status, f"answered {response.status}"
    if moved:
        return LinkVerdict("broken_redirect", f"it redirects to {response.url}, which {said}"[:500], code)
    if code in NOT_FOUND:
        return LinkVerdict("not_found", said, code)
    return LinkVerdict("dropped" if code in REFUSED else "crawl_error", said, code)


def _judge_page(response: HtmlResponse, url_from: str, url_to: str) -> LinkVerdict:
    tags = response.headers.getlist("X-Robots-Tag")
    page = links.read(response.text, response.url, tags, encoding=response.encoding)
    if page.noindex:
        return LinkVerdict("noindex", "the page asks not to be indexed", response.status)
    if page.canonical and not any(_same_page(page.canonical, url) for url in (url_from, response.url)):
        return LinkVerdict("not_canonical", f"the page says that it is {page.canonical}"[:500], response.status)
    # Who read the markup without minding its encoding sent the query in UTF-8: that is the same link.
    found = _find(page, url_to) or _find(links.read(response.text, response.url), url_to)
    if found is None:
        return LinkVerdict("link_removed", "the page is there, without the link", response.status)
    return LinkVerdict("found", f"the link is there, rel {found.rel or 'none'}", response.status)


def _find(page: links.Page, url: str) -> links.Link | None:
    wanted = _spelling(url)
    return next((link for link in page.links if link.url == wanted), None)


def _spelling(url: str) -> str:
    """The one spelling of an address; what browsers refuse stays as it is, and equals nothing else."""
    try:
        return addresses.page(url)
    except ValueError:
        return url


def _same_page(one: str, other: str) -> bool:
    """The same but for http or https, www and a slash at the end."""
    first, second = urlsplit(_spelling(one)), urlsplit(_spelling(other))
    same_site = addresses.same_but_www(first.netloc, second.netloc)
    return same_site and (first.path.rstrip("/"), first.query) == (second.path.rstrip("/"), second.query)
