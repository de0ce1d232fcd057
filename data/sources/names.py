"""Domain names as the product counts them: registrable domains by the public suffix list."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import tldextract

# The bundled list: nothing is fetched at run time.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def domain_of(url: str) -> str:
    """The registrable domain of an address; of an IP address or a local name the host with its port."""
    return _domain(urlsplit(url).netloc.rpartition("@")[2].lower())


@lru_cache(maxsize=65_536)
def _domain(netloc: str) -> str:
    host = urlsplit(f"//{netloc}").hostname or netloc
    try:
        ip_address(host)
    except ValueError:
        return _SUFFIXES(host).top_domain_under_public_suffix or netloc
    return netloc
