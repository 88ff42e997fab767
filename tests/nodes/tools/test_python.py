"""tool.python: what a snippet can do, and that nothing it does harms the caller"""

import asyncio
import subprocess
import sys
import time

import pytest

from nodes.contract import ToolResult
from nodes.tools.python import python
from tests.fakes import FakeServices, call_tool


def run(code: str, **config: object) -> ToolResult:
    return call_tool(python, {"code": code}, seconds=1, memory_mb=32, **config)


def test_prints_and_value_come_back():
    """What is printed and the value of the last line are told, the value as data too."""
    result = run("import math\nprint('hello')\n[math.factorial(5), (1, 2)]")
    assert result.text == "hello\n[120, (1, 2)]"
    assert result.data == [120, [1, 2]]
    assert run("x = 1").text == "It printed nothing and has no value."
    assert run("{'a': {1}}").data == {"a": [1]}
    assert run("'just text'").text == "just text"


def test_a_fence_around_the_code_is_tolerated():
    """Models wrap code in Markdown."""
    assert run("```python\n1 + 1\n```").data == 2


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("while True: pass", "took longer than 1 s"),
        ("import time\ntime.sleep(60)", "took longer than 1 s"),
        ("x = [0]\nwhile True: x = x + x", "held more than 32 MB"),
        ("'a' * 10 ** 9", "held more than 32 MB"),
        ("10 ** 10 ** 8", "held more than 32 MB"),
        ("def f(): return f()\nf()", "RecursionError"),
        ("open('/etc/passwd').read()", "Permission denied"),
        ("import os\nos.listdir('/')", "Error"),
        ("import pathlib\npathlib.Path('/etc/passwd').read_text()", "Error"),
        ("import socket", "No module named 'socket'"),
        ("import urllib.request", "No module named 'urllib'"),
        ("import subprocess", "No module named 'subprocess'"),
        ("import os\nos.environ", "not supported"),
        ("1 / 0", "ZeroDivisionError"),
        ("x =", "Expected an expression"),
    ],
)
def test_it_is_sealed_off(code: str, what: str):
    """Endless loops, memory bombs, files, network and mistakes end with a clear error, and the caller lives."""
    started = time.monotonic()
    result = run(code)
    assert result.failed
    assert what in result.text
    assert time.monotonic() - started < 10
    assert run("1 + 1").data == 2


def test_endless_output_is_cut():
    """A snippet that prints without end is stopped, and what comes back is short."""
    result = run("while True: print('a' * 50)", max_output=200)
    assert result.failed
    assert len(result.text) < 500
    assert "[cut:" in result.text
    assert result.text.endswith(")")  # and the error is still told


def test_what_was_printed_before_an_error_is_kept():
    """The output up to the error helps to find it."""
    assert run("print('before')\n1 / 0").text.startswith("before\nZeroDivisionError")


def test_snippets_know_nothing_of_each_other():
    """Each snippet has a process of its own."""
    assert run("secret = 1\nsecret").data == 1
    assert "NameError" in run("secret").text


def test_the_event_loop_goes_on():
    """While a snippet runs, other work of the process does too."""
    assert python.make_tool is not None
    tool = python.make_tool(python.config.model_validate({"seconds": 1}), FakeServices())

    async def both() -> tuple[ToolResult, int]:
        task = asyncio.ensure_future(tool.call({"code": "while True: pass"}))
        ticks = 0
        while not task.done():
            await asyncio.sleep(0.02)
            ticks += 1
        return await task, ticks

    result, ticks = asyncio.run(both())
    assert result.failed
    assert ticks > 10


def test_the_process_ends_well():
    """A program that used the tool ends with code 0, not with an abort at exit."""
    code = """
import asyncio
from nodes.tools.python import PythonConfig, make_python
tool = make_python(PythonConfig(), None)
assert asyncio.run(tool.call({"code": "print(1)"})).text == "1"
"""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_code_is_needed():
    """A call without code is refused in words."""
    result = call_tool(python, {})
    assert result.failed and "code: Field required" in result.text


def test_values_are_read_by_name():
    """What is given as values needs not be written into the code: texts with quotes, lists, records."""
    values = {"rows": [{"n": 2}, {"n": 3}], "text": 'it\'s "so"'}
    result = call_tool(python, {"code": "[sum(row['n'] for row in rows), len(text)]", "values": values})
    assert result.data == [5, 9]


@pytest.mark.parametrize("name", ["two words", "class", "1st"])
def test_values_need_names_python_reads(name: str):
    """A name that cannot stand in code is told to the model."""
    result = call_tool(python, {"code": "1", "values": {name: 1}})
    assert result.failed and repr(name) in result.text
