"""What an address is to a crawl: what a link means, which site it belongs to. How it is read stands in `data.urls`, the
one reading that satellites share with the product."""

from __future__ import annotations

from urllib.parse import urlsplit

from data import urls

LONGEST = 2048
NO_BASE = ("data:", "javascript:")  # browsers pass over such a base element
AS_IT_IS = {"verbatim_url": True}  # asks Scrapy to send an address as it stands: its own escaping is not browsers'


def resolve(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """The http(s) address that `href` means on a page in this encoding with this base; None for any other scheme.
    Raises ValueError for what browsers refuse."""
    try:
        return urls.parse(href, base, encoding=encoding)
    except urls.OtherScheme:
        return None


def absolute(base: str, href: str) -> str | None:
    """The same, and None for what browsers refuse."""
    try:
        return resolve(base, href)
    except ValueError:
        return None


def base_of(url: str, href: str | None, encoding: str = "utf-8") -> str:
    """What the links of the page `url` are relative to, by the base element's `href`."""
    try:
        base = urls.join(href or "", url, encoding=encoding)
    except ValueError:
        return url
    return url if base.startswith(NO_BASE) else base


def page(url: str) -> str:
    """The one spelling of an http(s) address. Raises ValueError for anything else."""
    return urls.parse(url)


def site(url: str) -> str:
    """host[:port]; the port only where it is not the scheme's own. Of an address in its one spelling."""
    return urls.host(url)


def host_and_port(url: str) -> str:
    """Where a request for this address connects to. Raises ValueError."""
    return urls.host_and_port(page(url))


def named_page(name: str) -> str:
    """The page that a person wrote as a host, host:port or address. Raises ValueError."""
    return page(name.strip() if "://" in name else f"http://{name.strip()}")


def named_site(name: str) -> str:
    return site(named_page(name))


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def same_but_www(one: str, other: str) -> bool:
    return one.removeprefix("www.") == other.removeprefix("www.")
