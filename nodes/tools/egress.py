"""The egress check: what a workflow may reach on the network.

An address a model or a stranger's document chose must not lead into the user's own network (server-side
request forgery, CWE-918). So: only http and https to allowed hosts; a name is resolved once, every
address it has must be public, and the connection goes to the checked address while Host and TLS still
carry the name - a second answer of the name server is never asked for. Each redirect is checked the same.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class EgressRefused(Exception):
    """An address that may not be reached, with the reason."""


@dataclass(frozen=True)
class Target:
    """Where to connect, and what to say there."""

    url: str
    """The address with the checked IP in place of the name."""
    host: str
    """Host header: name, and port when it is not the usual one."""
    name: str
    """The name TLS asks for and checks the certificate against."""


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, also behind IPv6 forms that carry an IPv4 one."""
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    # fec0::/10, once the private range of IPv6, which is_global lets pass
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not site_local and not (
        address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
        or address.is_reserved or address.is_unspecified
    )  # fmt: skip


def _inner(address: Address) -> Address | None:
    """The IPv4 address in a mapped, 6to4, Teredo or NAT64 one."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    teredo = address.teredo[1] if address.teredo else None
    nat64 = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or teredo or nat64


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, without blocking the event loop."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Egress:
    """Which hosts may be reached. ``allow`` and ``resolve`` are replaced in tests."""

    allowed_hosts: tuple[str, ...] = ("*",)
    """Names; ``*.example.org`` also allows those below it, ``*`` every public host."""
    allow: Callable[[Address], bool] = is_public
    resolve: Resolve = resolve

    async def check(self, url: str) -> Target:
        """Where to connect for ``url``. Raises EgressRefused with the reason."""
        try:
            parts = urlsplit(url.strip())
            given = parts.port
        except ValueError as error:
            raise EgressRefused(f"{url!r} is not a web address: {error}") from error
        usual = PORTS.get(parts.scheme)
        if usual is None:
            raise EgressRefused(f"{url!r} is not a web address; only http:// and https:// are fetched")
        if parts.username or parts.password or not parts.hostname:
            raise EgressRefused(f"{url!r} has {'a password in it' if parts.hostname else 'no host'}")
        name = parts.hostname.rstrip(".").lower()
        port = given or usual
        self._check_name(name)
        address = await self._checked_address(name, port)
        host = f"[{name}]" if ":" in name else name
        connect = f"[{address}]" if address.version == 6 else str(address)
        query = f"?{parts.query}" if parts.query else ""
        return Target(
            url=f"{parts.scheme}://{connect}:{port}{parts.path or '/'}{query}",
            host=host if port == usual else f"{host}:{port}",
            name=name,
        )

    def _check_name(self, name: str) -> None:
        if any(_covers(pattern.lower(), name) for pattern in self.allowed_hosts):
            return
        raise EgressRefused(f"{name!r} is not among the allowed hosts: {', '.join(self.allowed_hosts) or 'none'}")

    async def _checked_address(self, name: str, port: int) -> Address:
        try:
            found = [ipaddress.ip_address(text.split("%")[0]) for text in await self.resolve(name, port)]
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be encoded
            raise EgressRefused(f"there is no host {name!r}") from error
        refused = [address for address in found if not self.allow(address)]
        if refused or not found:
            where = str(refused[0]) if refused else "no address"
            raise EgressRefused(f"{name!r} leads to {where}, which is not on the public internet")
        return found[0]


def _covers(pattern: str, name: str) -> bool:
    if pattern == "*" or pattern == name:
        return True
    return pattern.startswith("*.") and (name.endswith(pattern[1:]) or name == pattern[2:])
