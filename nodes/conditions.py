"""Conditions are CEL, the Common Expression Language (https://cel.dev): small, total, without side effects.

``score >= 8 && size(text) < 500``; what can be used are the names of the values given to it. CEL always
ends, but it can take long: macros over long lists multiply. So the length of an expression, the size of
its values, and what the two can come to together are bounded before anything is evaluated.

Deviation: CEL compares whole numbers with others (``1 == 1.0``, ``x > 0.5``) and refuses to calculate with both
(``x + 0.5`` for a whole x). JSON knows numbers alone, and a model may write 2 or 2.0, so an expression that fails for
that is evaluated once more with all numbers as doubles. ``7 / 2`` stays 3, as CEL has it for whole numbers.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, NamedTuple, cast

from pydantic import AfterValidator

from nodes.contract import NodeError

MAX_LENGTH: Final = 2_000  # characters of an expression
MAX_DEPTH: Final = 50  # brackets within brackets: the parser recurses
MAX_ENTRIES: Final = 100_000  # of all lists and records together
MAX_COST: Final = 1_000_000  # turns of the macros, times hundreds of characters added up in each
_MACRO: Final = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_POSITION: Final = re.compile(r"<input>:(\d+):(\d+): (.*)")
_WHOLE: Final = re.compile(r"(?<![\w.])(?<![\w\])]\[)(\d+)(?![\w.])")
_STRING: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")


class ConditionError(NodeError):
    """A condition that cannot be read or evaluated. ``line`` and ``column`` count from 1; 0 if unknown."""

    def __init__(self, what: str, *, line: int = 0, column: int = 0, mend: str = "") -> None:
        where = f" (line {line}, column {column})" if line else ""
        super().__init__(what + where, mend=mend or "Conditions look like: score >= 8 && text.contains('yes')")
        self.line = line
        self.column = column


def check(expression: str) -> None:
    """Raises ConditionError where ``expression`` is not CEL or is over the bounds."""
    _compiled(expression)


def checked(expression: str) -> str:
    """The expression itself; ValueError with the position where it is not CEL (for settings)."""
    try:
        check(expression)
    except ConditionError as error:
        raise ValueError(error.what) from error
    return expression


Condition = Annotated[str, AfterValidator(checked)]
"""A setting that holds a CEL condition."""


def names(expression: str) -> list[str]:
    """The names the expression reads, those bound by its macros included, sorted."""
    return list(_compiled(expression).variables())


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of ``expression`` with ``values`` as its names; records have their keys in alphabetical order."""
    program = _compiled(expression)
    _bound(expression, values)
    try:
        return _in_order(_calculated(program, expression, values))
    except KeyError as error:
        raise ConditionError(
            f"{expression!r} reads {error.args[0]!r}, which its value has not",
            mend=f"Test it first with has(...), or give the record an entry {error.args[0]!r}.",
        ) from error
    except ZeroDivisionError as error:
        raise ConditionError(f"{expression!r} divides by zero") from error
    except (RuntimeError, TypeError, ValueError, OverflowError) as error:
        raise ConditionError(f"{expression!r} cannot be evaluated: {_undefined(error, values)}") from error


def holds(expression: str, values: Mapping[str, Any]) -> bool:
    """Whether the condition is true. A value that is not a boolean is an error, not a guess."""
    result = evaluate(expression, values)
    if not isinstance(result, bool):
        raise ConditionError(
            f"{expression!r} is {result!r}, which is neither true nor false",
            mend="Compare it with something: ==, !=, <, >, contains(...).",
        )
    return result


def _calculated(program: Any, expression: str, values: Mapping[str, Any]) -> Any:
    """The value; where whole numbers and others are mixed, with all of them as doubles. Raises as the library."""
    try:
        return program.execute(dict(values))
    except TypeError as error:
        try:
            return _compiled(_with_doubles(expression)).execute(_as_doubles(dict(values)))
        except (ConditionError, RuntimeError, TypeError, ValueError, OverflowError, KeyError):
            raise error from None


def _with_doubles(expression: str) -> str:
    """Its whole numbers as doubles, but for those in texts and those that pick from a list."""
    texts = _STRING.findall(expression)
    parts = [_WHOLE.sub(r"\1.0", part) for part in _STRING.split(expression)]
    return "".join(each for pair in zip(parts, [*texts, ""], strict=True) for each in pair)


def _as_doubles(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_doubles(each) for key, each in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, list | tuple):
        return [_as_doubles(each) for each in cast(list[Any], value)]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _in_order(value: Any) -> Any:
    """The library gives the keys of a record in another order each time, and a run would not replay."""
    if isinstance(value, list):
        return [_in_order(each) for each in cast(list[Any], value)]
    if isinstance(value, dict):
        entries = cast(dict[Any, Any], value)
        return {key: _in_order(entries[key]) for key in sorted(entries, key=str)}
    return value


def _compiled(expression: str) -> Any:
    if not expression.strip():
        raise ConditionError("The condition is empty")
    if len(expression) > MAX_LENGTH:
        raise ConditionError(f"The condition has {len(expression):,} characters; at most {MAX_LENGTH:,} are read")
    if _depth(expression) > MAX_DEPTH:
        raise ConditionError(f"The condition has brackets {_depth(expression)} deep; at most {MAX_DEPTH} are read")
    import cel  # 0.5 s to import, and only conditions need it

    try:
        return cel.compile(expression)
    except ValueError as error:
        raise _parse_error(str(error)) from error


def _parse_error(text: str) -> ConditionError:
    match = _POSITION.search(text)
    if match is None:
        return ConditionError(text.splitlines()[0])
    line, column, what = match.groups()
    return ConditionError(what.split(" expecting ")[0], line=int(line), column=int(column))


def _undefined(error: Exception, values: Mapping[str, Any]) -> str:
    text = str(error).split(" Check that")[0]
    return f"{text} Known are: {', '.join(sorted(values)) or 'none'}." if "Undefined" in text else text


def _depth(expression: str) -> int:
    """Nesting of brackets and runs of unary signs, which is what the parser recurses on."""
    depth = deepest = run = 0
    for letter in expression:
        run = run + 1 if letter in "!-" else 0 if not letter.isspace() else run
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth + run)
    return deepest


def _bound(expression: str, values: Mapping[str, Any]) -> None:
    """The worst case: every macro over the longest list, adding up the longest text each time."""
    size = _measure(values)
    plain = _STRING.sub("''", expression)
    turns = max(size.list, plain.count(",") + 1) ** len(_MACRO.findall(plain))
    cost = turns * (1 + size.text // 100) * (1 + plain.count("+"))
    if size.entries > MAX_ENTRIES or cost > MAX_COST:
        raise ConditionError(
            f"{expression!r} could take too long on what is wired in ({size.entries:,} entries, "
            f"a list of {size.list:,}, a text of {size.text:,} characters)",
            mend="Let an earlier node cut the values down, or use fewer of all(), exists(), map(), filter().",
        )


class _Size(NamedTuple):
    """Entries of all lists and records together, the longest list, the longest text in characters."""

    entries: int
    list: int
    text: int


def _measure(value: Any) -> _Size:
    if isinstance(value, str):
        return _Size(1, 0, len(value))
    if not isinstance(value, Mapping | list | tuple):
        return _Size(1, 0, 0)
    parts = [_measure(item) for item in (value.values() if isinstance(value, Mapping) else value)]
    own = 0 if isinstance(value, Mapping) else len(value)
    return _Size(
        1 + sum(part.entries for part in parts),
        max([own, *(part.list for part in parts)]),
        max([0, *(part.text for part in parts)]),
    )
