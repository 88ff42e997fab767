"""One HTTP exchange through the egress check: redirects followed and checked, size and time bounded."""

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from nodes.tools.egress import Egress, EgressRefused, Target

if TYPE_CHECKING:
    import httpx

AGENT: Final = "Nodeloom/0.1"
REDIRECTS: Final = (301, 302, 303, 307, 308)
FOLLOWED: Final = ("GET", "HEAD")


class ExchangeFailed(Exception):
    """Why there is no answer, in words."""


@dataclass(frozen=True)
class Request:
    """What is sent."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    secret_headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Only sent to the host of ``url``, and only over https (or to this machine)."""
    body: bytes | None = None


@dataclass(frozen=True)
class Reach:
    """How far an exchange may go."""

    seconds: float
    max_bytes: int
    """Of the answer, counted after decompression, so that a small bomb stays small; reading stops there."""
    max_redirects: int = 3
    """For GET and HEAD; a redirect of another method is the answer."""
    enough: Callable[[bytes], bool] | None = None
    """Whether what was read is all that is wanted, of an answer that is a stream; None: it is read to its end."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    url: str
    """The last one, after redirects."""
    status: int
    reason: str
    kind: str
    """Content type, in lower case."""
    body: bytes
    charset: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names in lower case."""

    @property
    def text(self) -> str:
        """The body as text; what does not fit its charset is marked."""
        return self.body.decode(self.charset, errors="replace")


async def exchange(request: Request, egress: Egress, reach: Reach) -> Answer:
    """Send ``request``, follow its redirects, read the answer. Raises ExchangeFailed."""
    import httpx  # 0.1 s to import, and only the web tools need it

    try:
        async with asyncio.timeout(reach.seconds):
            # trust_env=False: a proxy from the environment would resolve the name a second time.
            async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=reach.seconds) as client:
                return await _followed(client, request, egress, reach)
    except EgressRefused as refused:
        raise ExchangeFailed(str(refused)) from refused
    except TimeoutError as error:
        raise ExchangeFailed(f"{request.url} took longer than {reach.seconds:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ExchangeFailed(f"{request.url}: {error or type(error).__name__}") from error


async def _followed(client: "httpx.AsyncClient", request: Request, egress: Egress, reach: Reach) -> Answer:
    url = request.url
    for _ in range(reach.max_redirects + 1):
        target = await egress.check(url)
        headers = {"User-Agent": AGENT, **request.headers, **_secrets(request, url, target), "Host": target.host}
        async with client.stream(
            request.method, target.url, headers=headers, content=request.body, extensions={"sni_hostname": target.name}
        ) as response:
            if response.status_code not in REDIRECTS or request.method not in FOLLOWED:
                return await _read(url, response, reach)
            url = urljoin(url, response.headers.get("location", ""))
    raise ExchangeFailed(f"more than {reach.max_redirects} redirects, the last to {url}")


def _secrets(request: Request, url: str, target: Target) -> Mapping[str, str]:
    first, now = urlsplit(request.url), urlsplit(url)
    if not request.secret_headers or (first.scheme, first.netloc) != (now.scheme, now.netloc):
        return {}
    if now.scheme != "https" and not ipaddress.ip_address(urlsplit(target.url).hostname or "").is_loopback:
        raise ExchangeFailed(f"a secret is only sent over https, and {url} is {now.scheme}")
    return request.secret_headers


async def _read(url: str, response: "httpx.Response", reach: Reach) -> Answer:
    body = b""
    async for chunk in response.aiter_bytes(65_536):
        body += chunk
        if len(body) >= reach.max_bytes or (reach.enough is not None and reach.enough(body)):
            break
    kind = response.headers.get("content-type", "text/plain").lower()
    charset = response.charset_encoding or "utf-8"
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(url, response.status_code, response.reason_phrase, kind, body[: reach.max_bytes], charset, headers)
