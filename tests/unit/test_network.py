"""Which addresses anybody may be sent to: every disguise of a private address, and the public ones beside them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.network import is_public

PUBLIC = ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:2800:220:1::1", "2001:4860:4860::8888", "64:ff9b::808:808"]
PRIVATE = [
    *("10.0.0.1", "172.16.0.1", "192.168.0.1", "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3"),  # noqa: S104 — refused
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("ff0e::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "4000::1"),
    *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
    *("64:ff9b:1::808:808", "2002:0a00:0001::", "2002:7f00:1::1", "2001:0:53aa:64c:0:fbf0:808:808"),
    *("2001:470::5efe:7f00:1", "2001:470::200:5efe:a00:1", "", "localhost", "127.1", "0x7f.0.0.1", "2130706433"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_else_does(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_a_disguise_is_as_public_as_it_is_without(ip: IPv4Address) -> None:
    plain, number = is_public(str(ip)), int(ip)
    assert plain == (ip.is_global and not ip.is_multicast)
    for carrier in (0xFFFF << 32, 0x64FF9B << 96, (0x2002 << 112) | (number << 80) - number):
        assert is_public(str(IPv6Address(carrier + number))) is plain


@given(st.ip_addresses(v=6))
def test_only_global_unicast_passes(ip: IPv6Address) -> None:
    if is_public(str(ip)):
        assert ip_address(str(ip)).is_global
        assert int(ip) >> 125 == 1 or str(ip).startswith(("64:ff9b::", "::ffff:"))
