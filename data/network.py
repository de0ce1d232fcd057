"""Which addresses of the Internet anybody may be sent to. Pure, and leaning on nothing: satellites use it too.

What is allowed is listed, not what is forbidden: a disguise that nobody thought of is refused.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_UNICAST = IPv6Network("2000::/3")  # all that was ever given out
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is reached
_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, younger than our Python
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214: the middle of an address that ends in an IPv4 address


def is_public(address: str) -> bool:
    """True only of a globally routable unicast address; one that carries an IPv4 address is judged by that too.

    Teredo, IPv4-compatible, site-local, network-specific NAT64 and whatever lies outside 2000::/3 is refused.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return _global(ip)
    carried = _carried(ip)
    if ip.ipv4_mapped or ip in _NAT64:
        return carried is not None and _global(carried)
    return ip in _UNICAST and ip not in _DOCUMENTATION and ip.is_global and (carried is None or _global(carried))


def _global(ip: IPv4Address) -> bool:
    return ip.is_global and not ip.is_multicast


def _carried(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to `ip` end up at."""
    if ip in _NAT64 or (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour
