"""Web addresses, as pure functions: what a link means, which site it belongs to."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from w3lib.url import safe_url_string

LONGEST = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}


def absolute(base: str, href: str) -> str | None:
    """The http(s) address that `href` means on a page with this base, without its fragment; None for any other."""
    try:
        parts = urlsplit(safe_url_string(urljoin(base, href.strip())))
        parts.port  # noqa: B018 — raises on a port that is none
    except ValueError:
        return None
    return parts._replace(fragment="").geturl() if parts.scheme in DEFAULT_PORTS and parts.hostname else None


def page(url: str) -> str:
    """One form for the addresses that are certainly the same page: lower-case host, no default port, a path."""
    parts = urlsplit(url)
    return parts._replace(netloc=_host_and_port(parts), path=parts.path or "/", fragment="").geturl()


def site(url: str) -> str:
    """host[:port]; the port only where it is not the scheme's own."""
    return _host_and_port(urlsplit(url))


def named_site(name: str) -> str:
    """The site that a person wrote as a host, host:port or address."""
    return site(name if "://" in name else f"http://{name}")


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def same_but_www(one: str, other: str) -> bool:
    return one.removeprefix("www.") == other.removeprefix("www.")


def _host_and_port(parts: SplitResult) -> str:
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name
    return name if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{parts.port}"
