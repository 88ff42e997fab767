"""The built-in model as a LangChain chat model. Importing it takes 1.6 s, for the OpenAI client."""

from functools import lru_cache
from typing import Any

from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from graphs.models.builtin.bounds import bounded


class BuiltinChat(ChatOpenAI):
    """A compatible model on loopback, whose answers by schema are bounded."""

    def _get_request_payload(self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        payload = super()._get_request_payload(input_, stop=stop, **kwargs)
        asked = payload.get("response_format")
        if isinstance(asked, type) and issubclass(asked, BaseModel):
            payload["response_format"] = _bounded_kind(asked)
        return payload


@lru_cache(maxsize=256)
def _bounded_kind(kind: type[BaseModel]) -> type[BaseModel]:
    """``kind`` as it is, but for the schema that is sent: OpenAI's client takes a class and gives an object of it."""

    def model_json_schema(cls: type[BaseModel], *args: Any, **kwargs: Any) -> dict[str, Any]:
        return bounded(kind.model_json_schema(*args, **kwargs))

    return type(
        kind.__name__, (kind,), {"__module__": kind.__module__, "model_json_schema": classmethod(model_json_schema)}
    )
