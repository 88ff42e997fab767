"""The workflow file: YAML text to a document and back; ``parse(dump(document)) == document``.

Reading reports all problems at once, each with line, column, the offending value and a remedy. It is
kind to people who write by hand: an empty section (``outputs:`` with nothing after it) is as good as
none. Writing is in ``yaml_writer``.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError

from graphs.diagnostics import Diagnostic, DocumentError, finding
from graphs.document import (
    FORMAT_VERSION,
    Document,
    Edges,
    InputSpec,
    Limits,
    Node,
    OutputSpec,
    StateSpec,
)
from graphs.migrations.steps import FIRST_VERSION, VersionError, migrate
from graphs.names import nearest
from graphs.yaml_tree import MAX_PROBLEMS, Path, Tree, read
from graphs.yaml_writer import dump

__all__ = ["dump", "parse"]

MAX_NODES: Final = 5_000

_SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "inputs": InputSpec, "outputs": OutputSpec, "state": StateSpec, "nodes": Node,
}  # fmt: skip
_WANTED: Final = {
    "string_type": "text",
    "dict_type": "a mapping (`key: value` lines)",
    "model_type": "a mapping (`key: value` lines)",
    "list_type": "a list",
    "tuple_type": "a list",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
_NAME_RULE: Final = "Names are 1 to 64 lower-case letters, digits and _, beginning with a letter"


def parse(text: str | bytes) -> Document:
    """The document in a YAML (or JSON) text. Raises DocumentError with every problem found."""
    tree = read(text)
    if any(each.code != "DOC106" for each in tree.problems) or not isinstance(tree.data, dict):
        raise DocumentError(tree.problems or [_no_mapping(tree.data)])
    data = cast("dict[str, Any]", tree.data)
    problems = [*tree.problems, *_version(data, tree)]
    if any(each.code == "DOC109" for each in problems) and "nodeloom" in data:
        raise DocumentError(problems)
    document, found = _read(data, tree)
    if document is None or problems:
        raise DocumentError(sorted(problems + found, key=_line)[:MAX_PROBLEMS])
    return document


def _read(data: dict[str, Any], tree: Tree) -> tuple[Document | None, list[Diagnostic]]:
    try:
        clean = _without_empty(migrate({"nodeloom": FORMAT_VERSION, **data}))
    except VersionError as error:
        return None, [finding("DOC109", str(error), place=tree.place(("nodeloom",)))]
    nodes = clean.get("nodes")
    if isinstance(nodes, dict) and len(cast("dict[str, Any]", nodes)) > MAX_NODES:
        what = f"there are {len(cast('dict[str, Any]', nodes)):,} nodes; at most {MAX_NODES:,} are read"
        return None, [finding("DOC103", what, "Split the workflow.", place=tree.place(("nodes",)))]
    try:
        return Document.model_validate(clean), []
    except ValidationError as error:
        return None, [_explained(each, tree) for each in error.errors(include_url=False)[:MAX_PROBLEMS]]


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    """The data without keys that have no value, down to the keys of a node (settings keep theirs)."""
    kept = {key: value for key, value in data.items() if value is not None}
    for section in (*_SECTIONS, "edges", "limits"):
        if isinstance(kept.get(section), dict):
            kept[section] = {key: _part(section, value) for key, value in kept[section].items()}
    if isinstance(kept.get("edges"), dict):
        kept["edges"] = {key: value for key, value in kept["edges"].items() if value is not None}
    return kept


def _part(section: str, value: Any) -> Any:
    if section not in _SECTIONS:
        return value
    if value is None:
        return {}
    return {key: each for key, each in value.items() if each is not None} if isinstance(value, dict) else value


def _line(diagnostic: Diagnostic) -> tuple[int, int]:
    return diagnostic.place.line or 0, diagnostic.place.column or 0


def _no_mapping(data: Any) -> Diagnostic:
    remedy = f"A workflow file begins with `nodeloom: {FORMAT_VERSION}`."
    if data is None:
        return finding("DOC108", "the file is empty", remedy)
    return finding("DOC112", f"the file holds {_shown(data)}, not a workflow", remedy)


def _version(data: dict[str, Any], tree: Tree) -> list[Diagnostic]:
    version = data.get("nodeloom")
    readable = f"{FIRST_VERSION}" if FIRST_VERSION == FORMAT_VERSION else f"{FIRST_VERSION} to {FORMAT_VERSION}"
    if "nodeloom" not in data:
        what = "the key 'nodeloom' with the format version is missing"
        return [finding("DOC109", what, f"Begin the file with `nodeloom: {FORMAT_VERSION}`.", place=tree.place(()))]
    place = tree.place(("nodeloom",))
    if not isinstance(version, int) or isinstance(version, bool) or version < FIRST_VERSION:
        what = f"the format version is {_shown(version)}; this program reads version {readable}"
        return [finding("DOC109", what, f"Write `nodeloom: {FORMAT_VERSION}`.", place=place)]
    if version > FORMAT_VERSION:
        what = f"the file has format version {version}; this program reads version {readable}"
        return [finding("DOC109", what, "Update Nodeloom to open it.", place=place)]
    return []


# --- what pydantic found, in words ------------------------------------------------------------------


def _explained(error: Mapping[str, Any], tree: Tree) -> Diagnostic:
    kind: str = error["type"]
    path: Path = tuple(each for each in error["loc"] if each != "[key]")
    code, message, remedy = _words(kind, path, error)
    place = tree.place(path)
    if len(path) > 1 and path[0] == "nodes":
        place = place.model_copy(update={"node": str(path[1])})
    return finding(code, message, remedy, place=place)


def _words(kind: str, path: Path, error: Mapping[str, Any]) -> tuple[str, str, str]:
    where, value = ".".join(map(str, path)), _shown(error["input"])
    if kind == "extra_forbidden":
        return "DOC110", f"unknown key {str(path[-1])!r}{_of(path)}", nearest(str(path[-1]), _known(path))
    if kind == "missing" and isinstance(path[-1], int):
        return "DOC112", f"{where.rpartition('.')[0]} has too few numbers", "Write two: [x, y]."
    if kind == "missing":
        return "DOC111", f"{where} is missing", _missing_remedy(path)
    if kind == "string_pattern_mismatch":
        return "DOC113", f"{value} is no valid name", f"{_NAME_RULE}{_name_like(error['input'])}."
    if kind == "literal_error":
        expected = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
        return "DOC114", f"{where} is {value}", nearest(str(error["input"]), expected)
    if kind in _WANTED:
        quotes = f" Put it in quotes: '{error['input']}'." if kind == "string_type" and _plain(error["input"]) else ""
        return "DOC112", f"{where} should be {_WANTED[kind]}, not {value}", quotes.strip()
    return "DOC114", f"{where} is {value}: {str(error['msg'])[:1].lower()}{str(error['msg'])[1:]}", ""


def _known(path: Path) -> list[str]:
    """The keys that may stand where the last of ``path`` does."""
    if len(path) == 1:
        return list(Document.model_fields)
    section = str(path[0])
    model = {"limits": Limits, "edges": Edges}.get(section) or _SECTIONS.get(section)
    return list(model.model_fields) if model else []


def _of(path: Path) -> str:
    return f" in {'.'.join(map(str, path[:-1]))}" if len(path) > 1 else ""


def _missing_remedy(path: Path) -> str:
    return "Say what the node is: `kind: prompt`." if path[-1] == "kind" else f"Add `{path[-1]}: ...`."


def _name_like(name: Any) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", str(name).lower()).strip("_0123456789")[:64]
    return f": {slug!r}, say" if slug else ""


def _plain(value: Any) -> bool:
    return isinstance(value, int | float)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
