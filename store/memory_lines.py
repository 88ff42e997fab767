"""The file of a memory space: JSON Lines, a header first, then a record a line.

    {"nodeloom_memory": 1, "space": "lessons", "embedding_model": "...", "records": 2, "policy": {}}
    {"text": "Check the units.", "kind": "lesson", "importance": 8, "created_at": 1790000000.0}

Only ``text`` is needed. Vectors are not in it: they are made anew. Neither are figures of use, which
belong to the runs of one workspace. Times are seconds since the epoch.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from store.errors import StoreError
from store.memory_records import LONGEST

FORMAT: Final = 1
_MARK: Final = "nodeloom_memory"
_LONGEST_LINE: Final = 2_000_000  # bytes
_SHOWN: Final = 80
_Part = TypeVar("_Part", bound=BaseModel)
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class Header(BaseModel):
    """The first line."""

    model_config = ConfigDict(extra="ignore", strict=True)

    nodeloom_memory: int
    space: str = ""
    description: str = ""
    embedding_model: str = ""
    records: int | None = None
    policy: dict[str, Any] = Field(default_factory=dict)


class Line(BaseModel):
    """A record. An unknown field is refused: it would be lost in silence."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"\S")]
    kind: Name = "note"
    importance: float = Field(default=5.0, ge=1, le=10)
    layer: Annotated[str, StringConstraints(max_length=100)] = ""
    trusted: bool = True
    data: dict[str, Any] = Field(default_factory=dict)
    source: dict[str, Any] = Field(default_factory=dict)
    owner: str | None = None
    created_at: float | None = Field(default=None, ge=0)
    updated_at: float | None = Field(default=None, ge=0)
    expires_at: float | None = Field(default=None, ge=0)


@dataclass(frozen=True)
class BadLine:
    """What is wrong with a line: its number from 1, the field ('' for the whole line), the value, and why."""

    line: int
    field: str
    value: str
    what: str

    @property
    def place(self) -> str:
        """``line 3, importance``."""
        return f"line {self.line}, {self.field}" if self.field else f"line {self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f" (it is {self.value})" if self.value else "")


class BadLines(StoreError):
    """A file that cannot be imported; ``problems`` names every bad line."""

    def __init__(self, file: str, problems: list[BadLine]) -> None:
        some = "; ".join(str(problem) for problem in problems[:3])
        more = f"; and {len(problems) - 3:,} more" if len(problems) > 3 else ""
        super().__init__(
            f"Nothing was imported: {some}{more}", file, "Mend these lines, or leave them out, and import again."
        )
        self.problems = problems


def written(header: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of a file, each with its end of line."""
    for each in ({_MARK: FORMAT} | dict(header), *records):
        yield json.dumps(each, ensure_ascii=False, allow_nan=False) + "\n"


def read(file: str, lines: Iterable[bytes]) -> tuple[Header, list[Line]]:
    """The header and the records. Raises BadLines that names every line that cannot be read."""
    problems: list[BadLine] = []
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = next(numbered, None)
    if first is None:
        raise BadLines(file, [BadLine(1, "", "", "the file is empty; its first line must be the header")])
    header = _parsed(Header, *first, problems)
    if header is not None and header.nodeloom_memory != FORMAT:
        version = header.nodeloom_memory
        problems.append(BadLine(first[0], _MARK, str(version), f"this program reads format {FORMAT}"))
    records = [_parsed(Line, number, line, problems) for number, line in numbered]
    if problems or header is None:
        raise BadLines(file, problems)
    return header, [record for record in records if record is not None]


def _parsed(part: type[_Part], number: int, line: bytes, problems: list[BadLine]) -> _Part | None:
    """The line as ``part``; None where it is bad, which ``problems`` then says."""
    try:
        return part.model_validate(_json(line))
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            field = ".".join(str(each) for each in fault["loc"])
            missing = fault["type"] == "missing"
            problems.append(BadLine(number, field, "" if missing else _short(fault["input"]), fault["msg"]))
    except (ValueError, RecursionError) as error:
        problems.append(BadLine(number, "", _short(line[:_SHOWN].decode("utf-8", "replace")), _why(error)))
    return None


def _json(line: bytes) -> Any:
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"{len(line):,} bytes are more than a line may have ({_LONGEST_LINE:,})")
    return json.loads(line.decode("utf-8"))


def _why(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return f"it is not UTF-8 from byte {error.start}"
        case json.JSONDecodeError():
            return f"it is not JSON: {error.msg} at character {error.pos + 1}"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            return str(error)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
