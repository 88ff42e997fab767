"""A describer whose model answers from a script, and workflows to describe."""

import asyncio
from typing import Any

from langchain_core.language_models import BaseChatModel

from graphs.describing.accepting import operations
from graphs.describing.describe import describer, propose
from graphs.describing.proposal import Item, Proposal, Way
from graphs.diagnostics import Diagnostic
from graphs.document import Document
from graphs.models.script import Player, Script
from graphs.models.scripted import ScriptedChat
from graphs.operations import apply
from graphs.validate import validate


class ScriptedModels:
    """Every reference is one script; ``asked`` holds the last message of each call."""

    def __init__(self, replies: list[dict[str, Any]]) -> None:
        self._player = Player(Script.model_validate({"name": "test", "replies": replies}))
        self.given: list[tuple[str, float | None, int | None]] = []

    def chat_model(
        self, reference: str, *, temperature: float | None = None, max_tokens: int | None = None
    ) -> BaseChatModel:
        self.given.append((reference, temperature, max_tokens))
        return ScriptedChat(player=self._player, pace=0)

    def secret_values(self) -> list[str]:
        return []


def decided(**answers: Any) -> list[dict[str, Any]]:
    """A reply for each small decision: its name and its answer; several of one name as a list."""
    return [
        {"node": node, "data": {"answer": each}}
        for node, answer in answers.items()
        for each in (answer if isinstance(answer, list) else [answer])
    ]


def edited(*edits: dict[str, Any], said: str = "") -> dict[str, Any]:
    """A reply that holds a whole list of edits."""
    return {"node": "edits", "data": {"said": said, "edits": list(edits)}}


def proposed(
    document: Document, replies: list[dict[str, Any]], wish: str = "change it", way: Way = "steps", **more: Any
) -> Proposal:
    """What comes of a wish with these answers."""
    using = describer(ScriptedModels(replies))
    return asyncio.run(propose(using, document, wish, "scripted:test", way=way, **more))


def after(document: Document, proposal: Proposal, chosen: set[str] | None = None) -> Document:
    """The document with the items chosen, or with all."""
    ids = {each.id for each in proposal.items} if chosen is None else chosen
    return apply(document, operations(document, proposal.items, ids))


def words(proposal: Proposal) -> list[str]:
    return [each.words for each in proposal.items]


def item(proposal: Proposal, start: str) -> Item:
    """The item whose words begin so."""
    return next(each for each in proposal.items if each.words.startswith(start))


def worth(document: Document) -> list[Diagnostic]:
    """The errors and warnings of a document."""
    return [each for each in validate(document) if each.severity != "info"]
