"""tool.calculator and its arithmetic"""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.tools.arithmetic import ArithmeticProblem, calculate, written
from nodes.tools.calculator import calculator
from tests.fakes import call_tool


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(12 + 30) * 4", 168),
        ("7 / 2", 3.5),
        ("8 / 2", 4),
        ("7 // 2", 3),
        ("7 % 4", 3),
        ("10 % (3)", 1),
        ("2 ** 10", 1024),
        ("2^3", 8),
        ("-3 + +5", 2),
        ("0.1 + 0.2", 0.3),
        ("1,234.5 + 1,000,000", 1001234.5),
        ("max(1,234)", 234),
        ("max((1,234), 3)", 1234),
        ("sum([1,234])", 235),
        ("15%", 0.15),
        ("200 * 15%", 30),
        ("20% of 50", 10),
        ("(5)% + 1", 1.05),
        ("50 % 3", 2),
        ("$5 * 3", 15),
        ("3 × 4 ÷ 2 − 1", 5),
        ("3 x 4", 12),
        ("2 + 2 =", 4),
        ("sqrt(16)", 4),
        ("round(2.567, 2)", 2.57),
        ("round(2.6)", 3),
        ("abs(-4)", 4),
        ("min(3, 1, 2)", 1),
        ("floor(2.9) + ceil(2.1)", 5),
        ("round(pi, 4)", 3.1416),
        ("2 ** -1", 0.5),
        ("1e3", 1000),
    ],
)
def test_reads_what_people_write(expression: str, expected: float):
    """Arithmetic, percent signs, thousand separators and currency signs mean what a person means."""
    assert calculate(expression) == expected


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("", "empty"),
        ("1 +", "not arithmetic"),
        ("1 / 0", "divides by zero"),
        ("__import__('os')", "no function '__import__'"),
        ("(1).__class__", "not arithmetic"),
        ("[1][0]", "not arithmetic"),
        ("lambda: 1", "not arithmetic"),
        ("'a' * 3", "not arithmetic"),
        ("True + 1", "not arithmetic"),
        ("x + 1", "not arithmetic"),
        ("1 << 3", "LShift"),
        ("9 ** 9 ** 9", "too large"),
        ("10 ** 100000", "too large"),
        ("10.0 ** 400", "too large"),
        ("2 ** 4000 * 2 ** 4000", "4096 bits"),
        ("(-8) ** 0.5", "not a real number"),
        ("sqrt(-1)", "not a real number"),
        ("sqrt(1, 2)", "cannot be called with 2"),
        ("round(1, 10 ** 9)", "-100 to 100"),
        ("max()", "cannot be called"),
        ("sum(x=1)", "not arithmetic"),
        ("1" * 600, "at most 500"),
        ("(" * 240 + "1" + ")" * 240, "not arithmetic"),
        ("-" * 499 + "1", "(?s).*"),
        ("1e999", "too large"),
        ("fact(3)", "there are sqrt, round"),
        ("0.0 ** -1", "divides by zero"),
        ("1.5e308 * 10", "too large"),
    ],
)
def test_everything_else_is_refused_in_words(expression: str, what: str):
    """Code, unknown names and results without end are refused at once, saying why."""
    started = time.monotonic()
    if set(expression) == {"-", "1"}:  # deep, but arithmetic: either an answer or a refusal is right
        with contextlib.suppress(ArithmeticProblem):
            assert calculate(expression) == -1
        return
    with pytest.raises(ArithmeticProblem, match=what):
        calculate(expression)
    assert time.monotonic() - started < 1


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 9999)), min_size=1, max_size=12), st.integers(0, 99))
def test_agrees_with_python(parts: list[tuple[str, int]], first: int):
    """On plain sums of whole numbers the result is Python's own."""
    expression = str(first) + "".join(f" {sign} {number}" for sign, number in parts)
    assert calculate(expression) == eval(expression)


@given(st.integers(0, 10**15))
def test_thousand_separators_change_nothing(number: int):
    """A number with separators is the number."""
    assert calculate(f"{number:,}") == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text: str):
    """No text breaks the calculator: a finite number comes back, or a problem in words."""
    try:
        value = calculate(text)
    except ArithmeticProblem as problem:
        assert str(problem)
    else:
        assert float(written(value)) == pytest.approx(float(value)) or value > 1e300


@given(st.text(alphabet="0123456789.,+-*/%()^ eosqrtmaxin", max_size=40))
def test_any_formula_is_a_number_or_refused(text: str):
    """The same for texts that look like formulas."""
    test_any_text_is_a_number_or_refused.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_the_tool_answers_and_refuses():
    """The tool gives the number as text and value; what is wrong with a call is in its result."""
    assert call_tool(calculator, {"expression": "2 * 21"}).text == "42"
    assert call_tool(calculator, {"expression": "1 / 3"}).text == "0.333333333333"
    assert call_tool(calculator, {"expression": "2 * 21"}).data == 42
    refused = call_tool(calculator, {"expression": "import os"})
    assert refused.failed and "not arithmetic" in refused.text
    wrong = call_tool(calculator, {"formula": "1"})
    assert wrong.failed and "expression: Field required" in wrong.text


def test_name_and_hint_can_be_set():
    """The designer may rename the tool and tell the model when to use it."""
    assert calculator.make_tool is not None
    made = calculator.make_tool(calculator.config.model_validate({"tool_name": "sums", "hint": "Use it always."}), None)  # type: ignore[arg-type]
    assert made.name == "sums"
    assert made.description.endswith("Use it always.")
    assert made.parameters["required"] == ["expression"]
    assert "title" not in str(made.parameters)
