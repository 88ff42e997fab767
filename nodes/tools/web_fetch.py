"""Fetches a page of the web and returns its text.

Attach it where an answer stands on a page whose address is known. Only public hosts are reached, and only
those its settings allow; size, time and redirects are bounded. It reads, it never sends a form.

Source: Nodeloom; the egress check follows OWASP's Server-Side Request Forgery Prevention Cheat Sheet
(https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html).
"""

from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.snippet_text import clipped
from nodes.tools.egress import Egress
from nodes.tools.exchange import Answer, ExchangeFailed, Reach, Request, exchange
from nodes.tools.page_text import page_text
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Fetch a web page by its address and read its text."
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

    reach = Reach(config.timeout, config.max_kb * 1_024, config.max_redirects)

    async def work(arguments: WebFetchArguments) -> ToolResult:
        request = Request(arguments.url, headers={"Accept": "text/html, text/*, application/json"})
        try:
            return _page(await exchange(request, checked, reach), config)
        except ExchangeFailed as failed:
            return failure(f"Not fetched: {failed}")

    return built(config, "web_fetch", DESCRIPTION, WebFetchArguments, work)


def _page(answer: Answer, config: WebFetchConfig) -> ToolResult:
    if answer.status >= 400:
        return failure(f"Not fetched: {answer.url} answered {answer.status} {answer.reason}")
    if not answer.kind.startswith(READABLE):
        return failure(f"Not fetched: {answer.url} is {answer.kind}, which is not text")
    title, text = page_text(answer.text) if "html" in answer.kind else ("", answer.text)
    cut = clipped(text, config.max_characters)
    data = {"url": answer.url, "title": title, "text": cut, "status": answer.status}
    return ToolResult(text=f"{title}\n{cut}".strip(), data=data)


web_fetch = NodeSpec(
    kind="tool.web_fetch", family="resources", title="Web fetch",
    summary="Fetches a public web page and reads its text", config=WebFetchConfig, outcomes=(),
    provides="tool", make_tool=make_web_fetch, icon="globe", doc=__doc__ or "",
    source="Nodeloom; OWASP, Server-Side Request Forgery Prevention Cheat Sheet",
)  # fmt: skip
