"""The address the server listens on: loopback only, with a clear word where the port is taken."""

import errno
import ipaddress
import socket
from contextlib import suppress
from typing import Final

from ui.refusal import Refusal

DEFAULT_PORT: Final = 8501
DEFAULT_WORKERS: Final = 1
"""Processes that work on runs, beside the server."""
DEFAULT_ADDRESS: Final = "127.0.0.1"
BACKLOG: Final = 2048
_LOOK_AHEAD: Final = 100


def bind(address: str, port: int) -> socket.socket:
    """A listening socket on a loopback ``address``. ``port`` 0 to 65535; 0: any free one.

    The protocol is named, for asyncio sets TCP_NODELAY only where it is; without it each request on
    a kept connection takes 40 ms longer. Raises Refusal.
    """
    family = _family(address)
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((address, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise _refusal(address, port, error) from error
    bound.setblocking(False)
    return bound


def _family(address: str) -> socket.AddressFamily:
    if address == "localhost":
        return socket.AF_INET
    with suppress(ValueError):
        parsed = ipaddress.ip_address(address)
        if parsed.is_loopback:
            return socket.AF_INET if parsed.version == 4 else socket.AF_INET6
    raise Refusal(
        f"Nodeloom does not listen on {address}: whoever reaches that address could use your keys and files, "
        "for this version has no sign-in.",
        mend="Leave --address out. From another machine, use a tunnel: "
        f"ssh -L {DEFAULT_PORT}:localhost:{DEFAULT_PORT} <this machine>.",
    )


def _refusal(address: str, port: int, error: OSError) -> Refusal:
    if error.errno == errno.EADDRINUSE:
        free = _next_free(address, port)
        mend = f"Is Nodeloom running already? Else choose another port, for example: nodeloom --port {free}"
        return Refusal(f"Port {port} of {address} is taken by another program.", mend=mend)
    if error.errno == errno.EACCES:
        return Refusal(f"Port {port} is reserved for the system.", mend="Choose one above 1023 with --port.")
    return Refusal(f"Cannot listen on {address}, port {port}: {error.strerror}.", mend="Choose another with --port.")


def _next_free(address: str, port: int) -> int:
    for candidate in range(port + 1, min(port + _LOOK_AHEAD, 65535) + 1):
        with socket.socket(_family(address), socket.SOCK_STREAM) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, candidate))
            return candidate
    return 0
