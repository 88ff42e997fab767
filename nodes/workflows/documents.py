"""Workflow documents as nodes handle them: read from what is wired in, checked, and the prompts in them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from nodes.contract import Context, NodeError, Problem

PROMPT_KEYS: Final = ("prompt", "system", "instruction", "rubric", "advice")
_DEFAULT_PROMPTS: Final = {"prompt": "{{task}}", "agent": "{{task}}"}


class PromptPlace(NamedTuple):
    """A prompt in a document."""

    node: str
    key: str
    text: str


def document_of(value: Any, ctx: Context) -> dict[str, Any]:
    """A document from a record, from YAML, or saved under an id or title. Raises NodeError for anything else."""
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, str) or not value.strip():
        raise NodeError(
            f"{value!r} is no workflow", mend="Wire in a workflow document, its YAML, or the title of a saved one."
        )
    is_yaml = "\n" in value.strip() or value.lstrip().startswith("{")
    return ctx.workshop.parse(value) if is_yaml else ctx.workshop.load(value.strip())


def errors_of(document: Mapping[str, Any], ctx: Context) -> list[Problem]:
    """What keeps the document from running."""
    return [problem for problem in ctx.workshop.check(document) if problem.severity == "error"]


def told(problems: list[Problem]) -> str:
    """The first problems, a line each, for a model that mends them."""
    return "\n".join(f"- {each.place}: {each.message} {each.remedy}".rstrip() for each in problems[:8])


def prompts_of(document: Mapping[str, Any]) -> list[PromptPlace]:
    """Every prompt of the document that has words, in the order of its nodes."""
    places: list[PromptPlace] = []
    for id, node in document.get("nodes", {}).items():
        config = {**_default(node["kind"]), **node.get("config", {})}
        texts = ((key, config.get(key)) for key in PROMPT_KEYS)
        places += [PromptPlace(id, key, text) for key, text in texts if isinstance(text, str) and text.strip()]
    return places


def _default(kind: str) -> dict[str, str]:
    return {"prompt": _DEFAULT_PROMPTS[kind]} if kind in _DEFAULT_PROMPTS else {}


def short_hash(document: Mapping[str, Any]) -> str:
    """Eight hex digits of what the document says, places of its nodes left out."""
    nodes = {id: {k: v for k, v in node.items() if k not in ("position", "size")} for id, node in _nodes(document)}
    text = json.dumps({**document, "nodes": nodes}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _nodes(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(document.get("nodes", {}).items())
