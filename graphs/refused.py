"""What a document made during a run may not do, for the workflow that runs it was refused it.

A draft is written when nobody looks, so that it is held to the meaning of a refusal, not to its letters: a pattern
of hosts counts that reaches a refused one, a saved workflow under any of its names, the default model under its own.
"""

from collections.abc import Collection, Mapping
from typing import Final

from graphs.document import Document
from graphs.permissions import ANYWHERE, DEFAULT_MODEL, Permission, permissions_of
from nodes.contract import NodeSpec
from nodes.registry import KINDS

_WIDE: Final = "*."


def barred(
    document: Document, refused: Collection[str], default_model: str, kinds: Mapping[str, NodeSpec] = KINDS
) -> list[Permission]:
    """What the document may do and was refused, the most dangerous first; ``refused`` are keys of permissions.

    ``default_model``: the reference of the model that stands for the default in this run.
    """
    if not refused:
        return []
    keys = [(sort, about) for sort, _, about in (key.partition(":") for key in refused)]
    return [
        asked
        for asked in permissions_of(document, kinds)
        if any(sort == asked.sort and _meets(sort, asked.subject, about, default_model) for sort, about in keys)
    ]


def is_barred(sort: str, subject: str, refused: Collection[str]) -> bool:
    """Whether one thing, by its very name, was refused."""
    return f"{sort}:{subject}" in refused


def _meets(sort: str, asked: str, refused: str, default_model: str) -> bool:
    """Whether what is asked for is refused, or reaches what is."""
    if sort == "host":
        return _overlap(asked.rstrip("."), refused.rstrip("."))
    if sort == "model":
        return _model(asked, default_model) == _model(refused, default_model)
    # Whatever a draft runs was written by a model, also where the settings of a node hold it.
    return asked == refused or sort == "snippet"


def _model(reference: str, default_model: str) -> str:
    return default_model if reference == DEFAULT_MODEL else reference


def _overlap(one: str, other: str) -> bool:
    """Whether two patterns of hosts have a host in common: ``*``, ``*.example.org`` or a name."""
    if ANYWHERE in (one, other) or one == other:
        return True
    return _reaches(one, other) or _reaches(other, one)


def _reaches(pattern: str, name: str) -> bool:
    """Whether ``*.example.org`` takes in ``api.example.org``, ``example.org`` or ``*.api.example.org``."""
    return pattern.startswith(_WIDE) and (name.endswith(pattern[1:]) or name == pattern[2:])
