"""Hosts and domain names as the product counts them: registrable domains by the public suffix list."""

from __future__ import annotations

import re
from functools import lru_cache

import tldextract

from data import urls

# The bundled list: nothing is fetched at run time.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*")
_PORT = re.compile(r":\d+$")
LONGEST_NAME = 253  # what is longer is an address, and none of those comes often
NO_DOMAIN = "must be a domain name such as acme.io"
NO_SITE = "must be a domain name such as acme.io, or a host"


def host_of(text: str) -> str | None:
    """host[:port] of an http(s) address in any writing, or None for anything else."""
    try:
        return urls.host(urls.parse(text))
    except ValueError:
        return None


def domain_of(url: str) -> str:
    """The registrable domain of an address that `urls.parse` made; of an IP address or a local name host[:port]."""
    return _registrable(urls.host(url))


def parse_host(text: str) -> str:
    """host[:port] of what was typed, a name in any writing or an address on it. Raises ValueError."""
    text = text.strip()
    if "://" not in text:
        if "@" in text:
            raise ValueError(NO_SITE)
        text = f"http://{text}"
    try:
        return urls.host(urls.parse(text))
    except ValueError:
        raise ValueError(NO_SITE) from None


def parse_site(text: str) -> str:
    """What `domain_of` says of an address on what was typed: `www.acme.io`, `*.acme.io` and `https://acme.io/` are one.
    Raises ValueError."""
    return _site(text) if len(text) <= LONGEST_NAME else _site.__wrapped__(text)


@lru_cache(maxsize=16_384)
def _site(text: str) -> str:
    site = _registrable(parse_host(text))
    if not (is_ip(site) or _NAME.fullmatch(_PORT.sub("", site))):
        raise ValueError(NO_SITE)
    return site


def parse_domain(text: str) -> str:
    """The same, of what can be registered: no IP address and no local name. Raises ValueError."""
    try:
        name = parse_site(text)
    except ValueError:
        raise ValueError(NO_DOMAIN) from None
    if is_ip(name):
        raise ValueError(f"is an IP address and {NO_DOMAIN}")
    if "." not in name or ":" in name:
        raise ValueError(NO_DOMAIN)
    return name


def is_ip(host: str) -> bool:
    """Of a host as `urls` writes it, with or without a port."""
    return host.startswith("[") or _PORT.sub("", host).rpartition(".")[2].isdigit()


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str:
    if is_ip(host):
        return host
    name = _PORT.sub("", host).rstrip(".")
    return _SUFFIXES(name).top_domain_under_public_suffix or host.rstrip(".")
