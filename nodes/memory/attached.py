"""What the memory nodes share: the attached space, a hit as a document, and searching by meaning alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from nodes.contract import Context, Hit, Inputs, Memory, NodeError, Port, Weights
from nodes.templating import as_text
from nodes.views import View, table_view

BY_MEANING: Final = Weights(similarity=0.9, recency=0, importance=0, keyword=0.1)
"""For finding the record of a thing (a case, an entity, a lesson) whatever its age and importance."""

CARRIED: Final = {
    "case": "attempts", "exemplar": "messages", "skill": "code", "query": "task", "insight": "queries",
    "entity": "facts", "fact": "subject",
}  # fmt: skip
"""Kind -> what a record of it must carry to be of use; one that a person or "Remember" wrote may not."""


OWNER: Final = Port("owner", "any", "Whose memory: a name, or a record with one; else everyone's.", required=False)
"""The input of a kind that can keep to one person's part of the space."""


def memory_of(ctx: Context, inputs: Inputs) -> Memory:
    """The attached space, or the part of it that is the ``owner``'s alone. Raises NodeError where there is none."""
    if ctx.memory is None:
        raise NodeError("No memory is attached", mend="Attach a memory space below this node.")
    owner = inputs.get("owner")
    if owner is None:
        return ctx.memory
    name = as_text(cast(Mapping[str, Any], owner).get("name") if isinstance(owner, Mapping) else owner).strip()
    if not name:
        raise NodeError(f"The owner {owner!r:.200} has no name", mend="Wire in a name, or a record with one.")
    return ctx.memory.owned_by(name)


async def alike(
    memory: Memory, query: str, *, top_k: int, kinds: Sequence[str], only_trusted: bool = False
) -> list[Hit]:
    """The records of ``kinds`` nearest to ``query`` in meaning, the nearest first; none for an empty query.

    Those that lack what their kind must carry are passed over.
    """
    if not query.strip():
        return []
    found = await memory.search(
        query.strip(), top_k=top_k, weights=BY_MEANING, half_life_days=30, kinds=kinds, only_trusted=only_trusted
    )
    return [hit for hit in found if hit.kind not in CARRIED or CARRIED[hit.kind] in hit.data]


async def same_text(memory: Memory, text: str, *, kind: str) -> Hit | None:
    """The record of ``kind`` whose text is ``text`` (spaces evened out); None where there is none."""
    found = await alike(memory, text, top_k=3, kinds=(kind,))
    return next((hit for hit in found if evened(hit.text) == evened(text)), None)


def evened(text: str) -> str:
    """The text with its spaces evened out and in lower case, to compare by."""
    return " ".join(text.split()).casefold()


def as_document(hit: Hit) -> dict[str, Any]:
    """A hit as an item of a documents port, with where it comes from and whether it is trusted."""
    return {
        "text": hit.text, "id": hit.id, "kind": hit.kind, "score": hit.score, "created_at": hit.created_at,
        "parts": {
            "similarity": hit.similarity, "recency": hit.recency,
            "importance": hit.importance, "keyword": hit.keyword,
        },
        "source": hit.source, "layer": hit.layer, "trusted": hit.trusted, "data": hit.data,
    }  # fmt: skip


def hits_view(documents: Sequence[Mapping[str, Any]], title: str) -> View:
    """Recalled records with the parts of their score and where they come from."""
    columns = ("record", "score", "similarity", "recency", "importance", "keyword", "from", "trusted")
    rows = [
        (
            each["text"], round(each["score"], 3), *(round(each["parts"][part], 3) for part in columns[2:6]),
            origin(each), each["trusted"],
        )
        for each in documents
    ]  # fmt: skip
    return table_view(columns, rows, title=title)


def origin(document: Mapping[str, Any]) -> str:
    """Where a document comes from, in words."""
    source = document.get("source") or {}
    said = [f"{key} {source[key]}" for key in ("number", "label", "node", "address") if source.get(key)]
    return ", ".join(said) or ("a person" if "trusted" in document else "unknown")
