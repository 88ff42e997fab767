"""Sends a request to a web service, and only to the hosts its settings name.

Attach it where a service has an interface of its own: look something up, create a ticket, send a message. The
workflow names the hosts, the methods and the secret; the model only chooses address, method and body. The
secret is sent to the host it was meant for, over https, and never shown to the model. A request that may change
something carries the header Idempotency-Key, which is the same when a crashed run sends it again.

Source: Nodeloom; the egress check follows OWASP's Server-Side Request Forgery Prevention Cheat Sheet
(https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html).
"""

import json
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from nodes.contract import NodeError, NodeSpec, Services, Tool, ToolResult
from nodes.idempotency import idempotency_key
from nodes.snippet_text import clipped
from nodes.tools.egress import Egress
from nodes.tools.exchange import Answer, ExchangeFailed, Reach, Request, exchange
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Send an HTTP request to {hosts}; methods: {methods}."
READING: Final = ("GET", "HEAD")
FIXED: Final = ("host", "content-length", "transfer-encoding", "connection", "upgrade")
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class HttpRequestConfig(ToolConfig):
    """What may be reached, how, and with which secret."""

    allowed_hosts: tuple[str, ...] = Field(
        default=(), title="Allowed hosts", max_length=100,
        description="Names; *.example.org with those below it; * is every public host.",
    )  # fmt: skip
    methods: tuple[Method, ...] = Field(
        default=("GET",), title="Methods", description="The methods the model may use.", min_length=1, max_length=6
    )
    headers: dict[str, str] = Field(
        default_factory=dict, title="Headers", description="Sent with every request; name -> value.", max_length=30
    )
    secret: str = Field(
        default="", title="Secret", description="Name of a secret sent with every request; empty: none.",
        max_length=64, json_schema_extra={"widget": "secret"},
    )  # fmt: skip
    secret_header: str = Field(
        default="Authorization", title="Secret's header", description="The header that carries the secret.",
        pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$", json_schema_extra={"advanced": True},
    )  # fmt: skip
    secret_prefix: str = Field(
        default="Bearer ", title="Before the secret", description="Written before the secret in its header.",
        max_length=32, json_schema_extra={"advanced": True},
    )  # fmt: skip
    timeout: float = Field(
        default=15, gt=0, le=120, title="Time", description="Longest time for one request, redirects included.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    max_kb: int = Field(
        default=256, ge=1, le=10_240, title="Largest answer", description="Reading stops there.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip
    max_characters: int = Field(
        default=4_000, ge=100, le=200_000, title="Longest text", description="The text given back is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip

    @field_validator("headers")
    @classmethod
    def _headers_are_free(cls, headers: dict[str, str]) -> dict[str, str]:
        for name in headers:
            if name.lower() in FIXED:
                raise ValueError(f"the header {name!r} is set by the request itself; leave it out")
        return headers

    @model_validator(mode="after")
    def _secret_has_hosts(self) -> "HttpRequestConfig":
        if self.secret and "*" in self.allowed_hosts:
            raise ValueError("a secret must not go to every host: name the allowed hosts instead of '*'")
        return self


class HttpRequestArguments(BaseModel):
    """What the model sends."""

    url: str = Field(description="the address, beginning with https://", min_length=1, max_length=4_000)
    method: str = Field(default="GET", description="GET, POST, ...", max_length=10)
    body: str = Field(default="", description="what to send, as JSON text", max_length=200_000)


def make_http_request(config: Any, services: Services, egress: Egress | None = None) -> Tool:
    """The tool; ``egress`` is replaced in tests. Raises NodeError without hosts, or without the secret."""
    if not config.allowed_hosts:
        raise NodeError("HTTP request has no allowed hosts", mend="Name the hosts it may reach in its settings.")
    checked = egress or Egress(tuple(config.allowed_hosts))
    secret = services.secret(config.secret) if config.secret else ""
    description = DESCRIPTION.format(hosts=", ".join(config.allowed_hosts), methods=", ".join(config.methods))

    async def work(arguments: HttpRequestArguments) -> ToolResult:
        method = arguments.method.upper()
        if method not in config.methods:
            return failure(f"Not sent: {method} is not allowed; there is {', '.join(config.methods)}")
        request = _request(method, arguments, config, secret)
        try:
            answer = await exchange(request, checked, Reach(config.timeout, config.max_kb * 1_024))
        except ExchangeFailed as failed:
            return failure(f"Not sent: {failed}")
        return _told(answer, secret, config.max_characters)

    return built(config, "http_request", description, HttpRequestArguments, work)


def _request(method: str, arguments: HttpRequestArguments, config: HttpRequestConfig, secret: str) -> Request:
    body = arguments.body.encode() if arguments.body else None
    kind = {} if body is None else {"Content-Type": "application/json"}
    key = idempotency_key(method, arguments.url, arguments.body)
    once = {} if method in READING or not key else {"Idempotency-Key": key}
    secret_headers = {config.secret_header: config.secret_prefix + secret} if secret else {}
    return Request(arguments.url, method, {**kind, **once, **config.headers}, secret_headers, body)


def _told(answer: Answer, secret: str, limit: int) -> ToolResult:
    """Status and text; a service that repeats the secret is not quoted."""
    whole = answer.text.replace(secret, "[secret]") if secret else answer.text
    text = clipped(whole, limit)
    data: dict[str, Any] = {"url": answer.url, "status": answer.status, "type": answer.kind, "text": text}
    if "json" in answer.kind:
        try:
            data["json"] = json.loads(whole)
        except ValueError:
            data["json"] = None  # cut, or not JSON: its text says so
    said = f"{answer.status} {answer.reason}\n{text}".strip()
    return ToolResult(said, data, failed=answer.status >= 400)


http_request = NodeSpec(
    kind="tool.http_request", family="resources", title="HTTP request",
    summary="Sends requests to the web services you name", config=HttpRequestConfig, outcomes=(), provides="tool",
    make_tool=make_http_request, side_effects=True, icon="arrow-left-right", doc=__doc__ or "",
    source="Nodeloom; OWASP, Server-Side Request Forgery Prevention Cheat Sheet",
)  # fmt: skip
