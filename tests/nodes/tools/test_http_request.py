"""tool.http_request, against a server of the tests' own on the loopback"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from nodes.contract import NodeError, ToolResult
from nodes.idempotency import calling
from nodes.tools.http_request import HttpRequestConfig, http_request, make_http_request
from tests.fakes import FakeServices, call_tool
from tests.nodes.tools.loopback import Site, loopback_egress, serving

ANSWERS = {
    "/things": {"things": [1, 2]},
    "/text": "plain words",
    "/echo": "your key is s3cret",
    "/away": (302, {"Location": "http://other.test:{port}/text"}, ""),
    "/inward": (302, {"Location": "http://10.0.0.1/"}, ""),
    "/created": (201, {"Content-Type": "application/json"}, "{not json"),
    "/slow": 1.5,
    "/long": "x" * 5_000,
}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(ANSWERS) as site:
        status, headers, body = site.answers["/away"]
        site.answers["/away"] = (status, {"Location": headers["Location"].format(port=site.port)}, body)
        site.answers["/slow"] = (200, {}, 1.5)  # type: ignore[assignment]
        yield site


def send(site: Site, path: str, config: dict[str, Any] | None = None, **arguments: Any) -> ToolResult:
    settings = HttpRequestConfig.model_validate({"allowed_hosts": ["site.test", "other.test"], **(config or {})})
    services = FakeServices(secrets={"key": "s3cret"})
    tool = make_http_request(settings, services, loopback_egress(*settings.allowed_hosts))
    return asyncio.run(tool.call({"url": site.url(path), **arguments}))


def test_answers_come_back_as_text_and_data(site: Site):
    """JSON is parsed, text is told, and what claims to be JSON and is not is told as text."""
    assert send(site, "/things").data["json"] == {"things": [1, 2]}
    assert send(site, "/text").text == "200 OK\nplain words"
    broken = send(site, "/created")
    assert (broken.data["status"], broken.data["json"]) == (201, None) and "{not json" in broken.text


def test_method_body_and_headers_are_sent(site: Site):
    """What the settings and the model give is what the service gets."""
    config = {"methods": ["GET", "POST"], "headers": {"X-Team": "blue"}}
    send(site, "/things", config, method="post", body='{"a": 1}')
    asked = site.asked[-1]
    assert (asked.method, asked.body) == ("POST", '{"a": 1}')
    assert asked.headers["x-team"] == "blue" and asked.headers["content-type"] == "application/json"
    assert asked.headers["host"] == f"site.test:{site.port}"


def test_what_may_change_something_carries_the_key_of_its_call(site: Site):
    """The same request of the same call has the same key; reading has none, and outside of a run there is none."""
    config = {"methods": ["GET", "POST"]}
    with calling("k" * 32):
        for body in ("1", "1", "2"):
            send(site, "/things", config, method="post", body=body)
        send(site, "/things", config)
    send(site, "/things", config, method="post", body="1")
    keys = [asked.headers.get("idempotency-key") for asked in site.asked[-5:]]
    assert keys[0] == keys[1] and keys[0] and keys[2] and keys[2] != keys[0]
    assert keys[3:] == [None, None]


def test_only_the_methods_of_the_settings(site: Site):
    """A method the workflow did not allow is refused, and nothing is sent."""
    result = send(site, "/things", method="DELETE")
    assert result.failed and "DELETE is not allowed; there is GET" in result.text
    assert not site.asked


def test_a_secret_stays_with_its_host(site: Site):
    """The secret is sent where it was meant to go, not along a redirect to another host, and is never quoted."""
    assert send(site, "/echo", {"secret": "key"}).text == "200 OK\nyour key is [secret]"
    assert site.asked[-1].headers["authorization"] == "Bearer s3cret"
    assert send(site, "/away", {"secret": "key"}).text == "200 OK\nplain words"
    assert [("authorization" in asked.headers, asked.path) for asked in site.asked[-2:]] == [
        (True, "/away"), (False, "/text"),
    ]  # fmt: skip


def test_a_secret_needs_https_and_named_hosts():
    """Off this machine a secret is not sent in the clear, and never to every host."""
    with pytest.raises(ValueError, match="must not go to every host"):
        HttpRequestConfig.model_validate({"allowed_hosts": ["*"], "secret": "key"})
    settings = HttpRequestConfig(allowed_hosts=("93.184.215.14",), secret="key")
    tool = make_http_request(settings, FakeServices(secrets={"key": "s3cret"}))
    result = asyncio.run(tool.call({"url": "http://93.184.215.14/"}))
    assert result.failed and "a secret is only sent over https" in result.text
    with pytest.raises(NodeError, match="no secret 'key'"):
        make_http_request(settings, FakeServices())


def test_redirects_are_checked_or_left_alone(site: Site):
    """A redirect inward is refused; one of a request that changes something is the answer, not followed."""
    inward = send(site, "/inward", {"allowed_hosts": ["*"]})
    assert inward.failed and "10.0.0.1" in inward.text
    posted = send(site, "/away", {"methods": ["POST"]}, method="POST")
    assert posted.data["status"] == 302 and len(site.asked) == 2


def test_limits(site: Site):
    """Time, size and text are bounded; error pages are failures with their text."""
    slow = send(site, "/slow", {"timeout": 0.3})
    assert slow.failed and "Not sent" in slow.text
    assert send(site, "/long", {"max_characters": 100}).text.endswith("[cut: 5,000 characters in all]")
    assert len(send(site, "/long", {"max_kb": 1}).data["text"]) == 1_024
    missing = send(site, "/missing")
    assert missing.failed and missing.text == "404 Not Found\nnothing here"


def test_hosts_must_be_named(site: Site):
    """Without hosts there is no tool; other hosts and this machine are refused."""
    with pytest.raises(NodeError, match="no allowed hosts"):
        call_tool(http_request, {"url": "https://example.org"})
    assert "not among the allowed hosts" in send(site, "/text", {"allowed_hosts": ["example.org"]}).text
    shipped = call_tool(http_request, {"url": site.url("/text", "localhost")}, allowed_hosts=["*"])
    assert shipped.failed and "not on the public internet" in shipped.text
    assert not site.asked


def test_headers_that_frame_the_request_are_refused():
    """A workflow cannot send a request to one host in the name of another."""
    with pytest.raises(ValueError, match="'Host' is set by the request itself"):
        HttpRequestConfig.model_validate({"headers": {"Host": "bank.example"}})
    settings = HttpRequestConfig(allowed_hosts=("site.test",), headers={"X-A": "b\r\nHost: c"})
    tool = make_http_request(settings, FakeServices(), loopback_egress("site.test"))
    assert asyncio.run(tool.call({"url": "http://site.test:1/"})).failed
