"""tool.web_search, against a server of the tests' own that speaks the three protocols"""

import json
from collections.abc import Iterator

import pytest

from nodes.contract import NodeError, SearchProvider, ToolResult
from nodes.tools.web_search import web_search
from tests.fakes import FakeServices, call_tool
from tests.nodes.tools.loopback import Site, serving

PAGES = [
    {"title": f"Page {n}", "url": f"https://example.org/{n}", "content": f"about <strong>{n}</strong> " + "x" * 900}
    for n in range(1, 9)
]
BRAVE = {"web": {"results": [{**page, "description": page["content"], "content": "wrong"} for page in PAGES]}}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving({
        "/search": {"results": PAGES}, "/res/v1/web/search": BRAVE, "/none/search": {"results": []},
        "/odd/search": {"results": "many"}, "/html/search": "<html>not JSON</html>",
        "/limit/search": (429, {}, "too many requests"), "/away/search": (302, {"Location": "/search"}, ""),
    }) as site:  # fmt: skip
        yield site


def search(site: Site, name: str, path: str = "", secret: str = "", **config: int) -> ToolResult:
    provider = SearchProvider(name, site.url(path, "127.0.0.1"), secret)
    return call_tool(web_search, {"query": "red pandas & co"}, FakeServices(provider=provider), **config)


@pytest.mark.parametrize("name", ["searxng", "brave", "tavily"])
def test_each_protocol_finds_the_same(site: Site, name: str):
    """The three services give the same results: title, address and a plain excerpt, cut to the settings."""
    result = search(site, name, secret="key", max_results=2, max_snippet=50)
    assert [each["url"] for each in result.data] == ["https://example.org/1", "https://example.org/2"]
    assert result.data[0]["title"] == "Page 1"
    assert result.data[0]["text"].startswith("about 1 x") and len(result.data[0]["text"]) == 50
    assert result.text.startswith("1. Page 1\nhttps://example.org/1\nabout 1")


def test_each_protocol_is_asked_as_it_wants(site: Site):
    """Address, query, number and key stand where each service looks for them."""
    search(site, "searxng")
    search(site, "brave", secret="key", max_results=3)
    search(site, "tavily", path="/", secret="key", max_results=3)
    searxng, brave, tavily = site.asked
    assert searxng.path == "/search?q=red+pandas+%26+co&format=json" and "authorization" not in searxng.headers
    assert brave.path == "/res/v1/web/search?q=red+pandas+%26+co&count=3"
    assert brave.headers["x-subscription-token"] == "key"
    assert (tavily.method, tavily.path) == ("POST", "/search")
    assert json.loads(tavily.body) == {"query": "red pandas & co", "max_results": 3}
    assert tavily.headers["authorization"] == "Bearer key"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/limit", "searxng answered 429 Too Many Requests: too many requests"),
        ("/html", "the answer is not what was expected: '<html>"),
        ("/odd", "the answer is not what was expected"),
        ("/away", "more than 0 redirects"),
    ],
)
def test_what_a_service_does_wrong_is_said(site: Site, path: str, what: str):
    """Refusals, odd answers and redirects are failures in words."""
    result = search(site, "searxng", path)
    assert result.failed and what in result.text


def test_nothing_found_is_no_failure(site: Site):
    """An empty list is told as such."""
    result = search(site, "searxng", "/none")
    assert (result.failed, result.text, result.data) == (False, "Nothing found for 'red pandas & co'.", [])


def test_a_provider_is_needed(site: Site):
    """Without one the tool cannot be built; an unknown protocol is named."""
    with pytest.raises(NodeError, match="No web search is set up"):
        call_tool(web_search, {"query": "x"})
    unknown = search(site, "bing")
    assert unknown.failed and "'bing' is not a protocol; there is searxng, brave, tavily" in unknown.text
