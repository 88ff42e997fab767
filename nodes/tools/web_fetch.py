"""Fetches a page of the web and returns its text.

Attach it where an answer stands on a page whose address is known. Only public hosts are reached, and only
those its settings allow; size, time and redirects are bounded. It reads, it never sends a form.

Source: Nodeloom; the egress check follows OWASP's Server-Side Request Forgery Prevention Cheat Sheet
(https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html).
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.tools.egress import Egress, EgressRefused
from nodes.tools.page_text import page_text
from nodes.tools.tool import ToolConfig, built, failure

if TYPE_CHECKING:
    import httpx

DESCRIPTION: Final = "Fetch a web page by its address and read its text."
AGENT: Final = "Nodeloom/0.1 (web fetch tool)"
REDIRECTS: Final = (301, 302, 303, 307, 308)
READABLE: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/xhtml",
    "application/ld+json",
    "application/rss",
)


class WebFetchConfig(ToolConfig):
    """What may be reached, and how much of it."""

    allowed_hosts: tuple[str, ...] = Field(
        default=("*",), title="Allowed hosts",
        description="Names; *.example.org with those below it; * is every public host.",
        max_length=100,
    )  # fmt: skip
    timeout: float = Field(
        default=15, gt=0, le=120, title="Time", description="Longest time for one page, redirects included.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    max_kb: int = Field(
        default=1_024, ge=1, le=10_240, title="Largest page", description="Reading stops there.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip
    max_characters: int = Field(
        default=8_000, ge=100, le=200_000, title="Longest text", description="The text given back is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip
    max_redirects: int = Field(
        default=3, ge=0, le=10, title="Redirects", description="The most that are followed; each is checked.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class WebFetchArguments(BaseModel):
    """What the model sends."""

    url: str = Field(description="the address, beginning with https://", min_length=1, max_length=2_000)


def make_web_fetch(config: Any, services: Services, egress: Egress | None = None) -> Tool:
    """The tool. ``egress`` is replaced in tests, which have only their own machine to fetch from."""
    checked = egress or Egress(tuple(config.allowed_hosts))

    async def work(arguments: WebFetchArguments) -> ToolResult:
        import httpx  # 0.1 s to import, and only this tool needs it

        try:
            async with asyncio.timeout(config.timeout):
                return await fetch(arguments.url, config, checked)
        except EgressRefused as refused:
            return failure(f"Not fetched: {refused}")
        except TimeoutError:
            return failure(f"Not fetched: {arguments.url} took longer than {config.timeout:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return failure(f"Not fetched: {arguments.url}: {error or type(error).__name__}")

    return built(config, "web_fetch", DESCRIPTION, WebFetchArguments, work)


async def fetch(url: str, config: WebFetchConfig, egress: Egress) -> ToolResult:
    """Follow redirects, each checked, to a page and read it."""
    import httpx

    # trust_env=False: a proxy from the environment would resolve the name a second time.
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=config.timeout) as client:
        for _ in range(config.max_redirects + 1):
            target = await egress.check(url)
            headers = {"Host": target.host, "User-Agent": AGENT, "Accept": "text/html, text/*, application/json"}
            extensions = {"sni_hostname": target.name}
            async with client.stream("GET", target.url, headers=headers, extensions=extensions) as response:
                if response.status_code not in REDIRECTS:
                    return await _read(url, response, config)
                url = urljoin(url, response.headers.get("location", ""))
    return failure(f"Not fetched: more than {config.max_redirects} redirects, the last to {url}")


async def _read(url: str, response: "httpx.Response", config: WebFetchConfig) -> ToolResult:
    kind = response.headers.get("content-type", "text/plain").lower()
    if response.status_code >= 400:
        return failure(f"Not fetched: {url} answered {response.status_code} {response.reason_phrase}")
    if not kind.startswith(READABLE):
        return failure(f"Not fetched: {url} is {kind}, which is not text")
    body = await _body(response, config.max_kb * 1_024)
    text = body.decode(response.charset_encoding or "utf-8", errors="replace")
    title, text = page_text(text) if "html" in kind else ("", text)
    cut = text[: config.max_characters]
    if len(text) > len(cut):
        cut += f"\n[cut: {len(text):,} characters in all]"
    data = {"url": url, "title": title, "text": cut, "status": response.status_code}
    return ToolResult(text=f"{title}\n{cut}".strip(), data=data)


async def _body(response: "httpx.Response", limit: int) -> bytes:
    """At most ``limit`` bytes, counted after decompression, so that a small bomb stays small."""
    body = b""
    async for chunk in response.aiter_bytes(65_536):
        body += chunk
        if len(body) >= limit:
            return body[:limit]
    return body


web_fetch = NodeSpec(
    kind="tool.web_fetch", family="resources", title="Web fetch",
    summary="Fetches a public web page and reads its text", config=WebFetchConfig, outcomes=(),
    provides="tool", make_tool=make_web_fetch, icon="globe", doc=__doc__ or "",
    source="Nodeloom; OWASP, Server-Side Request Forgery Prevention Cheat Sheet",
)  # fmt: skip
