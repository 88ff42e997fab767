"""A workflow as it is handed on: what every form of sharing carries, and what is wrong with a stranger's file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphs.diagnostics import Diagnostic, DocumentError
from graphs.document import Document, content_hash
from graphs.yaml_format import parse
from nodes.contract import NodeError
from templates.sharing.signing import Signature


class NotReadable(NodeError):
    """A shared file that is refused. ``diagnostics``: what is wrong with the workflow in it, where that is why."""

    def __init__(self, what: str, mend: str = "", diagnostics: list[Diagnostic] | None = None) -> None:
        super().__init__(what, mend=mend)
        self.diagnostics = diagnostics or []


@dataclass(frozen=True)
class Shared:
    """A workflow and what came with it."""

    document: Document
    readme: str = ""
    examples: tuple[dict[str, Any], ...] = ()
    """``{"inputs": {...}, "expected": {...}}`` each."""
    recording: bytes | None = None
    """A recorded run as ``graphs.replay_recording`` writes it."""
    workflows: Mapping[str, Document] = field(default_factory=dict[str, Document])
    """The saved workflows that it runs, by the name it calls them."""
    signature: Signature | None = None
    """Checked already: a bundle with a signature that does not fit is refused."""

    @property
    def hash(self) -> str:
        return content_hash(self.document)


def read_workflow(text: str | bytes, name: str) -> Document:
    """The workflow in a text. Raises NotReadable with all that is wrong in it."""
    try:
        return parse(text)
    except DocumentError as error:
        first = error.diagnostics[0]
        what = f"{name} holds no workflow: {first.message} ({first.place})"
        raise NotReadable(what, first.remedy, error.diagnostics) from None
