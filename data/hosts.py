"""Addresses and domain names as the product counts them: registrable domains by the public suffix list."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address

import idna
import tldextract

# The bundled list: nothing is fetched at run time.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
# Scheme, userinfo, host and port: all that is asked of an address, many thousand times a second.
_ADDRESS = re.compile(
    r"https?://(?:[^/?#@\s]*@)?((?:\[[0-9a-f:.]+\]|[^/?#@:\s\[\]]+)(?::\d{1,5})?)(?=[/?#]|$)", re.IGNORECASE
)


def host_of(url: str) -> str | None:
    """host[:port] of an http(s) address in lower case, or None for anything else."""
    match = _ADDRESS.match(url)
    return match[1].lower() if match else None


def domain_of(url: str) -> str:
    """The registrable domain of an address; of an IP address or a local name the host with its port."""
    return _domain(host_of(url) or url)


def plain(name: str) -> str:
    """A name in the one form that is counted: lower case, and xn--… for what is not ASCII."""
    name = name.lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return name


@lru_cache(maxsize=65_536)
def _domain(host: str) -> str:
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return _SUFFIXES(plain(name)).top_domain_under_public_suffix or host
    return host
