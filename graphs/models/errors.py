"""What went wrong at a provider, in words of ours: every failure of a model becomes a NodeError.

LangChain's integrations sort failures into ``ModelError`` classes; what they leave unsorted is told
apart by the HTTP status and, last, by the exception's class name, so that no provider library has to
be imported here.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from langchain_core import exceptions as lc
from pydantic import ValidationError

from nodes.contract import NodeError

_KEY: Final = re.compile(r"\b(sk|key|gsk|xai|pk)-[\w*.-]{6,}|(?i:bearer)\s+\S+")
_DETAIL: Final = 300
_CONTEXT: Final = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too many tokens|prompt is too long", re.I
)
_REFUSED: Final = re.compile(r"content.?(filter|policy|management)|safety|moderation", re.I)
_CONNECTION: Final = ("ConnectError", "ConnectionError", "APIConnectionError", "ConnectionRefusedError")
_CUT: Final = ("RemoteProtocolError", "ReadError", "IncompleteRead", "StreamClosed", "ConnectionResetError")
_TIMEOUT: Final = ("TimeoutException", "ReadTimeout", "ConnectTimeout", "APITimeoutError", "TimeoutError")
_MALFORMED: Final = ("APIResponseValidationError", "LengthFinishReasonError", "JSONDecodeError", "DecodingError")
_NOTHING: Final = "No generation"
"""How LangChain says that a stream held no answer, as when a web page came instead."""
_REFUSALS: Final = ("ContentFilterFinishReasonError", "OpenAIRefusalError")


def model_error(reference: str, error: BaseException, *, secrets: Sequence[str] = ()) -> NodeError:
    """``error`` of a call to ``reference`` (``provider:model``) as a NodeError; ``secrets`` are struck out.

    Passing faults (unreachable, slow, rate limited, a failing or garbled server) are retryable.
    """
    if isinstance(error, NodeError):
        return error
    what, mend, retryable = _verdict(reference, error)
    detail = _redact(str(error), secrets)
    return NodeError(f"{what} ({detail})" if detail else what, mend=mend, retryable=retryable)


def _verdict(reference: str, error: BaseException) -> tuple[str, str, bool]:
    """What, how to mend, retryable."""
    provider, _, model = reference.partition(":")
    status = getattr(error, "status_code", None)
    text = str(error)
    if isinstance(error, lc.ContextOverflowError) or (status in (400, 413, 422, 500) and _CONTEXT.search(text)):
        return (
            f"The messages are too long for {reference}",
            "Shorten the prompt, recall less, or use a model with a larger context.",
            False,
        )
    if _is(error, _REFUSALS) or (status == 400 and _REFUSED.search(text)):
        return f"{reference} refused to answer this content", "Reword the prompt, or use another model.", False
    if isinstance(error, lc.ModelAuthenticationError | lc.ModelPermissionDeniedError) or status in (401, 403):
        return (
            f"{provider} refused the key for {model}",
            f"Check the key of {provider} in Settings under Keys, and that it may use {model}.",
            False,
        )
    if isinstance(error, lc.ModelNotFoundError) or status == 404:
        return (
            f'{provider} has no model "{model}"',
            "Check the spelling of the model, or the address of the server (it usually ends in /v1).",
            False,
        )
    if isinstance(error, lc.ModelRateLimitError) or status == 429:
        return _limited(provider, text)
    if isinstance(error, lc.ModelTimeoutError | TimeoutError) or _is(error, _TIMEOUT):
        return f"{reference} did not answer in time", "Try again; raise the node's timeout if the model is slow.", True
    if _is(error, _CUT):
        return f"The answer of {reference} broke off", "Try again.", True
    if isinstance(error, lc.ModelConnectionError | ConnectionError) or _is(error, _CONNECTION):
        return (
            f"{provider} cannot be reached",
            "Check that the server runs, its address in Settings, and the network.",
            True,
        )
    if isinstance(error, lc.OutputParserException | ValidationError | json.JSONDecodeError) or (
        _is(error, _MALFORMED) or _NOTHING in text
    ):
        return (
            f"The answer of {reference} is not of the form asked for",
            "Try again, simplify what is asked for, or use a stronger model.",
            True,
        )
    if isinstance(status, int) and status >= 500:
        return f"{provider} failed with status {status}", "Try again later.", True
    if isinstance(error, lc.ModelInvalidRequestError) or status in (400, 422):
        return (
            f"{provider} rejected the request to {model}",
            "Check that the model supports what the node asks for (tools, a schema, the temperature).",
            False,
        )
    return f"The call of {reference} failed: {type(error).__name__}", "The trace of the run shows what was sent.", False


def _limited(provider: str, text: str) -> tuple[str, str, bool]:
    if "insufficient_quota" in text or "billing" in text.lower():
        return f"The quota at {provider} is used up", f"Check plan and billing at {provider}.", False
    return (
        f"{provider} limits how often it may be called",
        "Wait a little, or lower how many items run in parallel.",
        True,
    )


def _is(error: BaseException, names: Sequence[str]) -> bool:
    """Whether the error, or what caused it, is of a class with one of these names."""
    chain: BaseException | None = error
    while chain is not None:
        if any(cls.__name__ in names for cls in type(chain).__mro__):
            return True
        chain = chain.__cause__
    return False


def _redact(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    text = " ".join(_KEY.sub("***", text).split())
    return text if len(text) <= _DETAIL else text[: _DETAIL - 1] + "…"
