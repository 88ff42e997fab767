"""Plans as pseudocode: read with Python's grammar, checked, and turned into steps. Nothing is executed.

Allowed are assignments, with or without a type, calls, ``if``, ``for x in xs``, ``return`` and ``pass``;
expressions of names, constants, calls, comparisons, arithmetic, ``and``, ``or``, ``not``, lists, indices and
f-strings. Callable are the tools, by their parameters' names, and ``ask("what to do", values...)``. Types are
text, number, boolean, list and record; a value of a tool has none unless it is written.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nodes.contract import Tool
from nodes.planning.steps import Step, new_step

ASK: Final = "ask"
TYPES: Final = ("text", "number", "boolean", "list", "record")
_EXPRESSIONS: Final = (
    ast.Name, ast.Constant, ast.Call, ast.Compare, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.List, ast.Subscript,
    ast.JoinedStr, ast.FormattedValue, ast.keyword, ast.operator, ast.cmpop, ast.boolop, ast.unaryop, ast.expr_context,
    ast.Slice,
)  # fmt: skip
_ORDER: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass
class Reading:
    """What was read: the steps, and what is wrong, a sentence with its line each."""

    steps: list[Step] = field(default_factory=list[Step])
    problems: list[str] = field(default_factory=list[str])


def read(code: str, tools: Sequence[Tool], known: Sequence[str] = ()) -> Reading:
    """Check ``code`` and make steps of it. ``known``: names it may use without defining them."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        return Reading(problems=[f"line {line}: cannot be read: {getattr(error, 'msg', None) or error}"])
    reader = _Reader({tool.name: tool.parameters for tool in tools}, {name: set() for name in known})
    reader.block(tree.body, parent=None)
    if not reader.reading.steps and not reader.reading.problems:
        reader.reading.problems.append("line 1: there are no steps")
    return reader.reading


class _Reader:
    def __init__(self, tools: Mapping[str, Mapping[str, Any]], defined: dict[str, set[str]]) -> None:
        self.tools, self.defined = tools, defined
        self.types: dict[str, str] = {}
        self.reading = Reading()

    def block(self, body: Sequence[ast.stmt], parent: str | None) -> None:
        for statement in body:
            self.statement(statement, parent)

    def statement(self, statement: ast.stmt, parent: str | None) -> None:
        """One statement: what it reads, what it defines, and what is inside it."""
        match statement:
            case ast.Pass():
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.define(name, self.step(statement, [value], parent), parent)
                self.types[name] = self.type_of(value)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
                self.define(name, self.step(statement, [value], parent), parent)
                self.types[name] = self.declared(annotation)
            case ast.Expr(value=ast.Call() as value) | ast.Return(value=ast.expr() as value):
                self.step(statement, [value], parent)
            case ast.If(test=test, body=body, orelse=orelse):
                inside = self.step(statement, [test], parent, title=f"if {ast.unparse(test)}")
                self.block(body, inside)
                if orelse:
                    other = self.step(
                        statement, [], parent, title=f"otherwise, if not: {ast.unparse(test)}", after=inside
                    )
                    self.block(orelse, other)
            case ast.For(target=ast.Name(id=name), iter=items, body=body, orelse=[]):
                inside = self.step(statement, [items], parent, title=f"for each {name} in {ast.unparse(items)}")
                self.define(name, inside, parent)
                self.block(body, inside)
            case _:
                self.wrong(statement, f"{ast.unparse(statement).splitlines()[0]!r} is not allowed here")

    def step(
        self, at: ast.stmt, reads: Sequence[ast.expr], parent: str | None, *, title: str = "", after: str = ""
    ) -> str:
        """Add a step that waits for what it reads, for what it stands in, and for ``after``; its id."""
        needs = {each for each in (parent, after) if each}
        for each in reads:
            needs |= self.expression(each)
        id = str(len(self.reading.steps) + 1)
        made = new_step(id, title or ast.unparse(at), needs=sorted(needs, key=int))
        self.reading.steps.append({**made, "parent": parent} if parent else made)
        return id

    def define(self, name: str, by: str, parent: str | None) -> None:
        """Inside a branch or a loop the earlier value may remain: what reads the name waits for both."""
        before = self.defined.get(name, set()) if parent else set[str]()
        self.defined[name] = before | {by}

    def expression(self, value: ast.expr) -> set[str]:
        """Ids of the steps that define what ``value`` reads."""
        needs: set[str] = set()
        functions = {id(each.func) for each in ast.walk(value) if isinstance(each, ast.Call)}
        for each in ast.walk(value):
            if not isinstance(each, _EXPRESSIONS):
                self.wrong(value, f"{ast.unparse(each)!r} is not allowed")
            elif isinstance(each, ast.Call):
                self.call(each)
            elif isinstance(each, ast.Name) and id(each) not in functions:
                if each.id not in self.defined:
                    self.wrong(each, f"{each.id!r} is read before it is defined")
                needs |= self.defined.get(each.id, set())
            elif isinstance(each, ast.Compare | ast.BinOp):
                self.numbers(each)
        return needs

    def call(self, call: ast.Call) -> None:
        """The function is known, and its arguments are its parameters."""
        name = call.func.id if isinstance(call.func, ast.Name) else ast.unparse(call.func)
        if name == ASK:
            first = call.args[0] if call.args else None
            if call.keywords or not isinstance(first, ast.Constant | ast.JoinedStr):
                self.wrong(call, 'ask is written ask("what to do", values...)')
            return
        if name not in self.tools:
            known = ", ".join([ASK, *self.tools])
            self.wrong(call, f"there is no function {name!r}; there are: {known}")
            return
        parameters: Mapping[str, Any] = self.tools[name].get("properties", {})
        given = {keyword.arg for keyword in call.keywords}
        unknown = sorted(str(each) for each in given - set(parameters))
        missing = [each for each in self.tools[name].get("required", []) if each not in given]
        if call.args or unknown or missing:
            written = ", ".join(f"{each}=..." for each in parameters)
            self.wrong(call, f"{name} is written {name}({written})")

    def numbers(self, value: ast.Compare | ast.BinOp) -> None:
        """What is ordered or calculated with is not of another type."""
        if isinstance(value, ast.Compare):
            parts = [value.left, *value.comparators] if any(isinstance(each, _ORDER) for each in value.ops) else []
        else:
            parts = [value.left, value.right]
        for part in parts:
            kind = self.type_of(part)
            if kind not in ("number", "any"):
                self.wrong(value, f"{ast.unparse(part)!r} is a {kind}, and {ast.unparse(value)!r} needs a number")

    def type_of(self, value: ast.expr) -> str:
        """The type where it can be told, else ``any``."""
        match value:
            case ast.Constant(value=bool()) | ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return "boolean"
            case ast.Constant(value=int() | float()) | ast.BinOp():
                return "number"
            case ast.Constant(value=str()) | ast.JoinedStr():
                return "text"
            case ast.List():
                return "list"
            case ast.Name(id=name):
                return self.types.get(name, "any")
            case _:
                return "any"

    def declared(self, annotation: ast.expr) -> str:
        name = ast.unparse(annotation)
        if name not in TYPES:
            self.wrong(annotation, f"there is no type {name!r}; there are: {', '.join(TYPES)}")
        return name

    def wrong(self, at: ast.stmt | ast.expr, what: str) -> None:
        self.reading.problems.append(f"line {at.lineno}: {what}")
