"""The modules a program needs, found by following imports, with the imports rewritten to their new places.

``nodes.planning.plan`` becomes ``mechanisms.planning.plan``; what a mechanism is run by (``graphs.export.runtime``,
and modules of ``graphs`` it shares with the engine) becomes ``runtime``.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from graphs.export.literals import INDENT, WIDTH

MOVES: Final[Mapping[str, str]] = {"nodes": "mechanisms", "graphs.export.runtime": "runtime", "graphs": "runtime"}
"""Package -> where it goes; the first that fits counts."""
_OWN: Final = frozenset({"nodes", "graphs", "store", "templates", "ui"})
_LINT: Final = re.compile(r"# noqa: (?:S\d+|E501) - ")
"""Words to rules that are not among ruff's own choice; the reason beside them stays."""
_MENTION: Final = re.compile(r"``nodes\.")


@dataclass(frozen=True)
class Module:
    """One module as it stands here."""

    name: str
    source: str
    own: frozenset[str]
    """Modules of ours it imports, wherever in it."""
    foreign: frozenset[str]
    """Top-level names of the libraries it imports."""
    attributes: frozenset[str]
    """Names it reads behind a dot."""


def moved(name: str) -> str:
    """The module's name in the program."""
    for start, place in MOVES.items():
        if name == start or name.startswith(f"{start}."):
            return place + name.removeprefix(start)
    raise ValueError(f"{name!r} has no place in a program")


def closure(roots: Iterable[str]) -> dict[str, Module]:
    """The modules that ``roots`` reach, by name, sorted."""
    found: dict[str, Module] = {}
    pending = list(roots)
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = module(name)
            pending.extend(found[name].own)
    return dict(sorted(found.items()))


@cache
def module(name: str) -> Module:
    """A module of ours, read from its file."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ValueError(f"there is no module {name!r}")
    source = Path(spec.origin).read_text(encoding="utf-8")
    tree = ast.parse(source)
    imported = [each for node in ast.walk(tree) for each in _imported(node)]
    own = {each for each in imported if each.partition(".")[0] in _OWN}
    foreign = {each.partition(".")[0] for each in imported} - _OWN - sys.stdlib_module_names
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return Module(name, source, frozenset(own), frozenset(foreign), frozenset(attributes))


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module]
    return []


@cache
def rewritten(found: Module) -> str:
    """Its source with the imports of our modules led to their new places."""
    lines = found.source.splitlines(keepends=True)
    for block in reversed(_blocks(ast.parse(found.source))):
        moves = [_import(node, lines[(node.end_lineno or 0) - 1]) for node in block]
        lines[block[0].lineno - 1 : block[-1].end_lineno] = [text for _, text in sorted(moves)]
    text = _LINT.sub("# ", _MENTION.sub("``mechanisms.", "".join(lines)))
    rows = text.splitlines(keepends=True)
    for handler in _catch_alls(ast.parse(text)):
        code, _, why = rows[handler.lineno - 1].rstrip("\n").partition("  # ")
        rows[handler.lineno - 1] = f"{code}  # noqa: BLE001{' - ' + why if why else ''}\n"
    return "".join(rows)


def _catch_alls(tree: ast.Module) -> list[ast.ExceptHandler]:
    """Every ``except Exception`` that raises nothing on: ruff wants a word on each."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [each for each in handlers if ast.unparse(each.type or each) == "Exception" and not _raises_on(each)]


def _raises_on(handler: ast.ExceptHandler) -> bool:
    raised = [node for node in ast.walk(handler) if isinstance(node, ast.Raise)]
    same = [handler.name, None]
    return any(
        each.exc is None
        or (isinstance(each.exc, ast.Name) and each.exc.id in same)
        or (isinstance(each.cause, ast.Name) and each.cause.id in same)
        for each in raised
    )


def _blocks(tree: ast.Module) -> list[list[ast.ImportFrom]]:
    """Our imports in rows without a gap, in the order of the file."""
    blocks: list[list[ast.ImportFrom]] = []
    for node in sorted(_own_imports(tree), key=lambda node: node.lineno):
        if blocks and blocks[-1][-1].end_lineno == node.lineno - 1:
            blocks[-1].append(node)
        else:
            blocks.append([node])
    return blocks


def _own_imports(tree: ast.Module) -> list[ast.ImportFrom]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in _OWN
    ]


def _import(node: ast.ImportFrom, last: str) -> tuple[str, str]:
    """The module's new name, and the import on one line or one name a line; the comment behind it stays."""
    assert node.module is not None
    tail = last.encode()[node.end_col_offset or 0 :].decode().strip()
    indent, source = " " * node.col_offset, moved(node.module)
    listed = [each.name + (f" as {each.asname}" if each.asname else "") for each in node.names]
    comment = f"  {tail}" if tail and "fmt:" not in tail else ""
    line = f"{indent}from {source} import {', '.join(listed)}"
    if len(line) <= WIDTH:
        return source, f"{line}{comment}\n"
    rows = "".join(f"{indent}{INDENT}{each},\n" for each in listed)
    return source, f"{indent}from {source} import ({comment}\n{rows}{indent})\n"


def path_of(name: str) -> str:
    """The module's file in the program."""
    return moved(name).replace(".", "/") + ".py"
