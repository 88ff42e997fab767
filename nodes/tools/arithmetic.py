"""Arithmetic from text, without ``eval``: Python's parser, and an evaluator of our own with bounds.

Read as a person writes: ``1,234.5 * 10%``, ``20% of 50``, ``2^10``, ``$5 * 3``, ``3 x 4`` are tolerated. ``%``
before a number or a bracket is the remainder, anywhere else it divides by 100 (``10% = 0.1``).
"""

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final

MAX_LENGTH: Final = 500  # characters
MAX_BITS: Final = 4_096  # of a whole number, about 1,233 digits
Number = int | float

_SIGNS: Final = str.maketrans(
    {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "^": "**", "$": " ", "€": " ", "£": " "}
)
_THOUSANDS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_PERCENT: Final = re.compile(r"%(?!\s*[\d.(a-zA-Z])|%(?=\s*of\b)")
_TIMES: Final = re.compile(r"(?<=[\d)])\s*[xX]\s*(?=[\d(])")
_CALL: Final = re.compile(r"[A-Za-z_]\w*\s*$")


class ArithmeticProblem(Exception):
    """What is wrong with an expression, in words for whoever wrote it."""


def calculate(expression: str) -> Number:
    """The value of ``expression``; whole when it is. Raises ArithmeticProblem."""
    if len(expression) > MAX_LENGTH:
        raise ArithmeticProblem(f"the expression has {len(expression):,} characters; at most {MAX_LENGTH} are read")
    text = _plain(expression)
    if not text:
        raise ArithmeticProblem("the expression is empty")
    try:
        value = _value(_parsed(text))
    except (SyntaxError, MemoryError, RecursionError) as error:
        raise ArithmeticProblem(f"{expression!r} is not arithmetic; write something like (3 + 4) * 2") from error
    except ZeroDivisionError as error:
        raise ArithmeticProblem(f"{expression!r} divides by zero") from error
    except OverflowError as error:
        raise ArithmeticProblem(f"{expression!r} is too large") from error
    return _tidy(value)


def written(value: Number) -> str:
    """The number as text: whole numbers in full, others to 12 significant digits."""
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _parsed(text: str) -> ast.expr:
    with warnings.catch_warnings():  # of "1or 2" and the like, which are refused anyway
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(text, mode="eval").body


def _plain(expression: str) -> str:
    """What a person writes, as Python would have it."""
    text = _without_thousands(expression.translate(_SIGNS).strip().rstrip("="))
    text = _PERCENT.sub("/100 ", text)
    text = re.sub(r"\bof\b", "*", text)
    return _TIMES.sub(" * ", text).strip()


def _without_thousands(text: str) -> str:
    """Without thousand separators, except between the arguments of a call: ``max(1,234)`` has two."""
    return _THOUSANDS.sub(
        lambda found: found[0] if _in_call(text[: found.start()]) else found[0].replace(",", ""), text
    )


def _in_call(before: str) -> bool:
    opened: list[bool] = []
    for index, letter in enumerate(before):
        if letter == "(":
            opened.append(bool(_CALL.search(before[:index])))
        elif letter == "[":
            opened.append(True)
        elif letter in ")]" and opened:
            opened.pop()
    return bool(opened) and opened[-1]


def _value(node: ast.expr) -> Number:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _combined(op, _value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, args)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case _:
            raise ArithmeticProblem(
                f"{ast.unparse(node)!r} is not arithmetic; only numbers, + - * / // % ** and {_known()}"
            )


def _combined(op: ast.operator, left: Number, right: Number) -> Number:
    apply = _OPERATORS.get(type(op))
    if apply is None:
        raise ArithmeticProblem(f"the operator {type(op).__name__} is not arithmetic; there are + - * / // % **")
    return _bounded(apply(left, right))


def _power(base: Number, exponent: Number) -> Number:
    """``base ** exponent``; the size of a whole result is known before it is computed."""
    whole = isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1
    if whole and abs(exponent) * math.log2(abs(base)) > MAX_BITS:
        raise ArithmeticProblem(f"{base} ** {exponent} is too large")
    result: Any = base**exponent
    if isinstance(result, complex):
        raise ArithmeticProblem(f"{written(base)} ** {written(exponent)} is not a real number")
    return result


def _called(name: str, args: list[ast.expr]) -> Number:
    function = _FUNCTIONS.get(name)
    if function is None:
        raise ArithmeticProblem(f"there is no function {name!r}; there are {_known()}")
    values = [_value(arg) for arg in _spread(args)]
    try:
        return _bounded(function(*values))
    except TypeError as error:
        raise ArithmeticProblem(f"{name} cannot be called with {len(values)} values") from error
    except ValueError as error:
        raise ArithmeticProblem(f"{name}({', '.join(map(written, values))}) is not a real number") from error


def _spread(args: list[ast.expr]) -> list[ast.expr]:
    """``sum([1, 2])`` means ``sum(1, 2)``."""
    match args:
        case [ast.List(elts=items) | ast.Tuple(elts=items)]:
            return items
        case _:
            return args


def _bounded(value: Number) -> Number:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise ArithmeticProblem(f"the result has more than {MAX_BITS} bits")
    if isinstance(value, float) and not math.isfinite(value):
        raise ArithmeticProblem("the result is not a number" if math.isnan(value) else "the result is too large")
    return value


def _rounded(value: Number, digits: Number = 0) -> Number:
    if not isinstance(digits, int) or abs(digits) > 100:
        raise ArithmeticProblem(f"round takes -100 to 100 digits, not {digits}")
    return round(value, digits)


def _absolute(value: Number) -> Number:
    return abs(value)


def _sum(*values: Number) -> Number:
    return sum(values)


def _tidy(value: Number) -> Number:
    """4.0 is 4, and 0.1 + 0.2 is 0.3."""
    if isinstance(value, float):
        value = float(f"{_bounded(value):.12g}")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return _bounded(value)


def _known() -> str:
    return ", ".join(_FUNCTIONS)


_CONSTANTS: Final[Mapping[str, float]] = {"pi": math.pi, "e": math.e}
_FUNCTIONS: Final[Mapping[str, Callable[..., Number]]] = {
    "sqrt": math.sqrt, "round": _rounded, "abs": _absolute, "min": min, "max": max, "sum": _sum,
    "floor": math.floor, "ceil": math.ceil,
}  # fmt: skip
_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Number]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power,
}  # fmt: skip
