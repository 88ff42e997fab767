"""Searches the web through the service set up in Settings: SearXNG, Brave or Tavily.

Attach it where an answer needs what is on the web and no address is known; attach "Web fetch" beside it to
read what was found. Which service is asked, and with which key, only the user defines; a document cannot.

Source: Nodeloom, after the services' documentation: https://docs.searxng.org/dev/search_api.html,
https://api-dashboard.search.brave.com/docs, https://docs.tavily.com/api-reference/introduction.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, SearchProvider, Services, Tool, ToolResult
from nodes.tools.egress import Egress
from nodes.tools.exchange import ExchangeFailed, Reach, Request, exchange
from nodes.tools.page_text import page_text
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Search the web; gives title, address and a few lines of each page."
MAX_BYTES: Final = 2 * 2**20


class WebSearchConfig(ToolConfig):
    """How much comes back."""

    max_results: int = Field(
        default=5, ge=1, le=20, title="Results", description="The most one search returns.",
        json_schema_extra={"unit": "results"},
    )  # fmt: skip
    timeout: float = Field(
        default=15, gt=0, le=120, title="Time", description="Longest time for one search.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip
    max_snippet: int = Field(
        default=400, ge=50, le=4_000, title="Longest excerpt", description="Of each result; cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip


class WebSearchArguments(BaseModel):
    """What the model sends."""

    query: str = Field(description="what to search for", min_length=1, max_length=400)


@dataclass(frozen=True)
class Protocol:
    """How a service is asked, and where in its answer the results stand."""

    request: Callable[[SearchProvider, str, int], Request]
    results: tuple[str, ...]
    excerpt: str


def _searxng(provider: SearchProvider, query: str, count: int) -> Request:
    secret = {"Authorization": f"Bearer {provider.secret}"} if provider.secret else {}
    return Request(f"{_base(provider)}/search?{urlencode({'q': query, 'format': 'json'})}", secret_headers=secret)


def _brave(provider: SearchProvider, query: str, count: int) -> Request:
    url = f"{_base(provider)}/res/v1/web/search?{urlencode({'q': query, 'count': count})}"
    return Request(
        url, headers={"Accept": "application/json"}, secret_headers={"X-Subscription-Token": provider.secret}
    )


def _tavily(provider: SearchProvider, query: str, count: int) -> Request:
    return Request(
        f"{_base(provider)}/search", "POST", {"Content-Type": "application/json"},
        {"Authorization": f"Bearer {provider.secret}"},
        json.dumps({"query": query, "max_results": count}).encode(),
    )  # fmt: skip


PROTOCOLS: Final = {
    "searxng": Protocol(_searxng, ("results",), "content"),
    "brave": Protocol(_brave, ("web", "results"), "description"),
    "tavily": Protocol(_tavily, ("results",), "content"),
}


def make_web_search(config: Any, services: Services) -> Tool:
    """The tool. Raises NodeError when no web search is set up."""
    provider = services.search_provider()

    async def work(arguments: WebSearchArguments) -> ToolResult:
        protocol = PROTOCOLS.get(provider.name)
        if protocol is None:
            return failure(f"Not searched: {provider.name!r} is not a protocol; there is {', '.join(PROTOCOLS)}")
        # Only the host the user set up, which may well be on the user's own network.
        egress = Egress((urlsplit(provider.base_url).hostname or "",), allow=lambda address: True)
        request = protocol.request(provider, arguments.query, config.max_results)
        try:
            answer = await exchange(request, egress, Reach(config.timeout, MAX_BYTES, max_redirects=0))
        except ExchangeFailed as failed:
            return failure(f"Not searched: {failed}")
        if answer.status >= 400:
            return failure(
                f"Not searched: {provider.name} answered {answer.status} {answer.reason}: {answer.text[:200]}"
            )
        return _told(arguments.query, answer.text, protocol, config)

    return built(config, "web_search", DESCRIPTION, WebSearchArguments, work)


def _told(query: str, text: str, protocol: Protocol, config: WebSearchConfig) -> ToolResult:
    try:
        found = _results(json.loads(text), protocol)[: config.max_results]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return failure(f"Not searched: the answer is not what was expected: {text[:200]!r}")
    data = [
        {"title": _plain(each.get("title")), "url": str(each.get("url") or ""),
         "text": _plain(each.get(protocol.excerpt))[: config.max_snippet]}
        for each in found
    ]  # fmt: skip
    lines = [f"{n}. {each['title']}\n{each['url']}\n{each['text']}" for n, each in enumerate(data, start=1)]
    return ToolResult("\n\n".join(lines) or f"Nothing found for {query!r}.", data)


def _results(answer: Any, protocol: Protocol) -> list[dict[str, Any]]:
    for key in protocol.results:
        answer = answer.get(key) or {}
    return [each for each in answer or [] if each.get("url")]


def _plain(value: Any) -> str:
    """Excerpts come with <strong> around the words that were found."""
    return " ".join(page_text(str(value or ""))[1].split())


def _base(provider: SearchProvider) -> str:
    return provider.base_url.rstrip("/")


web_search = NodeSpec(
    kind="tool.web_search", family="resources", title="Web search",
    summary="Searches the web by the service you set up",
    config=WebSearchConfig, outcomes=(), provides="tool", make_tool=make_web_search, icon="search",
    doc=__doc__ or "", source="Nodeloom; the search interfaces of SearXNG, Brave and Tavily",
)  # fmt: skip
