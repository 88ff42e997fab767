"""Tools that are snippets of Python, kept in a memory space as records of kind ``tool``.

A record's text is ``name: description``, for finding it; its data is ``{"name", "description", "parameters"
(JSON Schema), "code" (defines a function of that name), "tests" (list of assert statements), "earlier" (versions it
replaced)}``.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nodes.contract import Hit, Memory, ToolResult
from nodes.snippet_tests import run_tests
from nodes.snippet_text import plain, shown
from nodes.snippets import run_snippet
from nodes.tools.schema_check import misfits
from nodes.tools.tool import failure

TOOL: Final = "tool"
"""The kind of record a kept tool is."""
MAX_TOOLS: Final = 200
MEMORY_MB: Final = 64
EARLIER: Final = "earlier"
"""Of a kept tool's data: the versions it replaced, the oldest first."""
VERSIONS: Final = 5
NO_FUNCTION: Final = "there is no function {name!r} in a ```python block"
_JSON: Final = {
    "str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array", "tuple": "array",
    "dict": "object", "List": "array", "Dict": "object",
}  # fmt: skip


@dataclass(frozen=True)
class SnippetTool:
    """A kept tool: each call runs its function sealed off, without files and without network."""

    name: str
    description: str
    parameters: dict[str, Any]
    code: str
    seconds: float = 5
    memory_mb: int = MEMORY_MB

    async def call(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Run the function; what is wrong with the arguments or the code is said in the result."""
        wrong = misfits(self.parameters, arguments)
        if wrong:
            return failure(f"{self.name}: {'; '.join(wrong)}")
        result = await run_snippet(
            f"{self.code}\n{self.name}(**given)", seconds=self.seconds, memory_mb=self.memory_mb,
            inputs={"given": dict(arguments)},
        )  # fmt: skip
        if not result.ok:
            return failure(f"{self.name}: {result.error}")
        text = shown(result.value) or result.printed.strip() or "It gave nothing back."
        return ToolResult(text, plain(result.value))


def tool_of(hit: Hit) -> SnippetTool | None:
    """The tool in a record; None where the record holds none."""
    data = hit.data
    name, code, parameters = data.get("name"), data.get("code"), data.get("parameters")
    if not (isinstance(name, str) and name.isidentifier() and isinstance(code, str) and isinstance(parameters, dict)):
        return None
    return SnippetTool(name, str(data.get("description", "")), parameters, code)


async def kept_tools(memory: Memory, *, only_trusted: bool) -> list[SnippetTool]:
    """The tools kept in a space, the last kept first; of one name only the last."""
    found: dict[str, SnippetTool] = {}
    for hit in await memory.records(kinds=(TOOL,), limit=MAX_TOOLS):
        tool = tool_of(hit) if hit.trusted or not only_trusted else None
        if tool is not None:
            found.setdefault(tool.name, tool)
    return list(found.values())


async def kept_as(name: str, memory: Memory) -> Hit | None:
    """The record of the tool of that name; None where none is kept."""
    records = await memory.records(kinds=(TOOL,), limit=MAX_TOOLS)
    return next((hit for hit in records if hit.data.get("name") == name), None)


def versions_before(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a tool that is replaced now leaves behind: itself, after what it replaced; the oldest go first."""
    itself = {key: value for key, value in data.items() if key != EARLIER}
    return [*(data.get(EARLIER) or ()), itself][-VERSIONS:]


def parameters_of(code: str, name: str) -> dict[str, Any] | None:
    """JSON Schema of the arguments of the function ``name`` in ``code``; None where there is no such function."""
    try:
        defined = [each for each in ast.parse(code).body if isinstance(each, ast.FunctionDef) and each.name == name]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not defined:
        return None
    given = defined[-1].args
    names = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    properties = {each.arg: _entry(each.annotation) for each in names}
    return {"type": "object", "properties": properties, "required": _required(given)}


def _required(given: ast.arguments) -> list[str]:
    plain_ones = [*given.posonlyargs, *given.args]
    without = plain_ones[: len(plain_ones) - len(given.defaults)]
    named: Sequence[tuple[ast.arg, ast.expr | None]] = list(zip(given.kwonlyargs, given.kw_defaults, strict=True))
    return [each.arg for each in without] + [each.arg for each, default in named if default is None]


def _entry(annotation: ast.expr | None) -> dict[str, Any]:
    """The JSON type of an annotation; nothing where there is none, or one we do not know."""
    root = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    known = _JSON.get(root.id) if isinstance(root, ast.Name) else None
    return {"type": known} if known else {}


# --- tests ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """A function and what its tests said."""

    code: str
    failures: list[str]
    passed: int


async def tested(code: str, name: str, tests: Sequence[str], seconds: float) -> Attempt:
    """What ``tests`` say of the function ``name``."""
    if parameters_of(code, name) is None:
        return Attempt(code, [NO_FUNCTION.format(name=name)], 0)
    results = await run_tests(code, tests, seconds=seconds, memory_mb=MEMORY_MB)
    failures = [f"{result.test} -> {result.error}" for result in results if not result.passed]
    return Attempt(code, failures, len(results) - len(failures))


def asserts(tests: Sequence[str]) -> list[str]:
    return [test.strip() for test in tests if _is_assert(test)]


def _is_assert(test: str) -> bool:
    try:
        body = ast.parse(test.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(body) == 1 and isinstance(body[0], ast.Assert)
