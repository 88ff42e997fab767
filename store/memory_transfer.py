"""Taking a space out as a file and into another workspace."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from store import memory_lines
from store.errors import NotFound, StoreError
from store.memories import Draft, Memories
from store.memory_lines import Line
from store.memory_policies import as_data, from_data
from store.memory_records import content_hash

_CHUNK: Final = 500


@dataclass(frozen=True)
class Imported:
    """What became of the records of a file."""

    added: int
    known: int
    """Texts the space had already, or the file twice: left as they are."""
    expired: int
    """Records whose end has passed."""


def export(memories: Memories, space: str) -> Iterator[str]:
    """The lines of the space's file, the oldest record first. Raises NotFound."""
    info = next((each for each in memories.spaces() if each.name == space), None)
    if info is None:
        raise NotFound(f"There is no memory space {space!r}", "memory", "`nodeloom memory spaces` lists them.")
    header = {
        "space": space,
        "description": info.description,
        "embedding_model": memories.embedding_model,
        "records": info.records,
        "exported_at": time.time(),
        "policy": as_data(info.policy),
    }
    return memory_lines.written(header, _records(memories, space))


def take_in(memories: Memories, space: str, file: str, lines: Iterable[bytes], *, trusted: bool = False) -> Imported:
    """Import a file, all or nothing; ``file`` is its name, which the records get as their provenance.

    With ``trusted`` the records keep the trust they had; else none has it. What the space knows already
    stays as it is: a stranger's file changes no record. A space that is not there yet is made, with the
    file's description and policy. Raises ``memory_lines.BadLines``, or StoreError where they would not fit.
    """
    header, records = memory_lines.read(file, lines)
    now = time.time()
    alive = [each for each in records if each.expires_at is None or each.expires_at > now]
    new = {content_hash(each.text, each.kind, each.owner): each for each in reversed(alive)}
    for known in memories.known(space, list(new)):
        del new[known]
    _make_room(memories, space, header, len(new))
    drafts = [_draft(each, file, now, trusted) for each in reversed(new.values())]
    _add(memories, space, drafts)
    return Imported(len(drafts), len(alive) - len(drafts), len(records) - len(alive))


def _records(memories: Memories, space: str) -> Iterator[Mapping[str, Any]]:
    last = 0
    while page := memories.after(space, last, _CHUNK):
        for number, record in page:
            values = asdict(record)
            yield {name: values[name] for name in Line.model_fields if values[name] not in (None, {}, "")}
            last = number


def _make_room(memories: Memories, space: str, header: memory_lines.Header, more: int) -> None:
    """Make the space where there is none; refuse what its limit would forget again."""
    info = next((each for each in memories.spaces() if each.name == space), None)
    policy = from_data(header.policy) if info is None else info.policy
    held = 0 if info is None else info.records
    if policy.max_records is not None and held + more > policy.max_records:
        raise StoreError(
            f"{more:,} new records do not fit: {space!r} keeps at most {policy.max_records:,} and has {held:,}",
            "memory import",
            "Raise the limit in the space's policy, or import into another space.",
        )
    if info is None:
        memories.create_space(space, header.description)
        memories.set_policy(space, policy)


def _draft(line: Line, file: str, now: float, trusted: bool) -> Draft:
    created = now if line.created_at is None else min(line.created_at, now)
    updated = created if line.updated_at is None else min(line.updated_at, now)
    return Draft(
        line.text,
        line.kind,
        line.importance,
        {"import": file},
        line.owner,
        line.data,
        line.layer,
        trusted and line.trusted,
        line.expires_at,
        created,
        updated,
    )


def _add(memories: Memories, space: str, drafts: list[Draft]) -> None:
    """Write in parts, so that runs are not kept waiting; take all back where a part fails."""
    written: list[str] = []
    try:
        for start in range(0, len(drafts), _CHUNK):
            written += memories.add_all(space, drafts[start : start + _CHUNK])
    except BaseException:
        memories.forget_all(written)
        raise
