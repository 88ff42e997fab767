"""The egress check."""

import asyncio
import ipaddress
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.tools.egress import Egress, EgressRefused, Target, is_public, resolve

PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "fec0::1",
    "100::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
NETWORKS = [
    ipaddress.ip_network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")
]


def answers(*addresses: str):
    async def resolved(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolved


def check(url: str, *addresses: str, hosts: tuple[str, ...] = ("*",)) -> Target:
    return asyncio.run(Egress(hosts, resolve=answers(*(addresses or ("8.8.8.8",)))).check(url))


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str):
    """Loopback, private, link-local, metadata, shared, multicast, reserved, and what carries them in IPv6."""
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(EgressRefused, match="not on the public internet"):
        check("http://example.org/", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_that_are_public(address: str):
    """Ordinary addresses pass."""
    assert is_public(ipaddress.ip_address(address))


@given(st.sampled_from(NETWORKS).flatmap(lambda network: st.integers(int(network[0]), int(network[-1]))))
def test_no_private_address_passes_in_any_form(number: int):
    """Whatever form carries it: plain, IPv4-mapped, 6to4 or NAT64, a private address is refused."""
    plain = ipaddress.IPv4Address(number)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    sixtofour = ipaddress.IPv6Address((0x2002 << 112) | (number << 80))
    nat64 = ipaddress.IPv6Address((0x64FF9B << 96) | number)
    assert not any(map(is_public, (plain, mapped, sixtofour, nat64)))


def test_one_private_address_refuses_the_name():
    """A name with a public and a private address is refused, in whatever order they come."""
    for addresses in (("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8")):
        with pytest.raises(EgressRefused, match=r"leads to 10\.0\.0\.1"):
            check("http://rebind.example/", *addresses)


def test_connects_to_the_checked_address():
    """The address stands in the URL, the name in Host and TLS; path and query stay, the fragment goes."""
    assert check("https://Example.org./a/b?q=1#part") == Target(
        "https://8.8.8.8:443/a/b?q=1", "example.org", "example.org"
    )
    assert check("http://example.org:8080") == Target("http://8.8.8.8:8080/", "example.org:8080", "example.org")
    assert check("http://[2606:4700:4700::1111]/", "2606:4700:4700::1111").url == "http://[2606:4700:4700::1111]:80/"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("ftp://example.org/", "only http"),
        ("file:///etc/passwd", "only http"),
        ("example.org", "only http"),
        ("http://", "no host"),
        ("http://user:pw@example.org/", "a password"),
        ("http://example.org:99999/", "Port out of range"),
        ("gopher://x", "only http"),
        ("//example.org/", "only http"),
        ("javascript:alert(1)", "only http"),
    ],
)
def test_other_addresses_are_refused(url: str, what: str):
    """Only plain web addresses are fetched."""
    with pytest.raises(EgressRefused, match=what):
        check(url)


@pytest.mark.parametrize(
    ("name", "hosts", "allowed"),
    [
        ("docs.example.org", ("*.example.org",), True),
        ("example.org", ("*.example.org",), True),
        ("evilexample.org", ("*.example.org",), False),
        ("example.org.evil.net", ("*.example.org",), False),
        ("EXAMPLE.org", ("example.org",), True),
        ("sub.example.org", ("example.org",), False),
        ("x.net", (), False),
    ],
)
def test_allowed_hosts(name: str, hosts: tuple[str, ...], allowed: bool):
    """A host is allowed by its name or by the name above it, and never by looking like it."""
    if allowed:
        assert check(f"http://{name}/", hosts=hosts).name == name.lower()
    else:
        with pytest.raises(EgressRefused, match="not among the allowed hosts"):
            check(f"http://{name}/", hosts=hosts)


def test_the_systems_names_are_checked():
    """What the system itself resolves is checked too: localhost and odd spellings of it are refused."""
    assert "127.0.0.1" in asyncio.run(resolve("127.0.0.1", 80))
    for host in ("localhost", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]"):
        with pytest.raises(EgressRefused):
            asyncio.run(Egress().check(f"http://{host}/"))


def test_a_name_that_leads_nowhere():
    """A name without an address, or that cannot be asked for, is refused in words."""

    async def fails(host: str, port: int) -> Sequence[str]:
        raise OSError("no such host")

    with pytest.raises(EgressRefused, match=r"there is no host 'nowhere\.example'"):
        asyncio.run(Egress(resolve=fails).check("http://nowhere.example/"))
    with pytest.raises(EgressRefused, match="leads to no address"):
        asyncio.run(Egress(resolve=answers()).check("http://nowhere.example/"))


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text: str):
    """No text breaks the check."""
    for url in (text, f"http://{text}"):
        try:
            assert check(url).url.startswith(("http://8.8.8.8:", "https://8.8.8.8:"))
        except EgressRefused as refused:
            assert str(refused)
