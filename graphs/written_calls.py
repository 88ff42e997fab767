"""Tool calls that a model wrote as text instead of making them.

Small models do: the built-in one writes ``{"name": "calculator", "arguments": {...}}`` without the
fence that its server's parser looks for, and that text would pass for the answer. Only a text that is
nothing but such an object, and names a tool there is, is taken for a call.
"""

import json
import re
import uuid
from collections.abc import Container
from typing import Any, Final

_FENCED: Final = re.compile(r"^```(?:json)?\s*(.*?)\s*```$", re.DOTALL)


def written_call(text: str, tools: Container[str]) -> dict[str, Any] | None:
    """The LangChain tool call that ``text`` is, or None where it is an answer."""
    bare = text.strip()
    fenced = _FENCED.match(bare)
    try:
        said = json.loads(fenced.group(1) if fenced else bare)
    except ValueError:
        return None
    if not isinstance(said, dict) or set(said) - {"name", "arguments", "parameters"}:
        return None
    arguments = said.get("arguments", said.get("parameters", {}))
    name = said.get("name")
    if not isinstance(name, str) or name not in tools or not isinstance(arguments, dict):
        return None
    return {"type": "tool_call", "id": f"written-{uuid.uuid4().hex[:12]}", "name": name, "args": arguments}
