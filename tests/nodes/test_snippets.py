"""Snippets: what they can do, that every limit ends them, and that nothing they do harms the caller"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from nodes.errors import NodeError
from nodes.snippet_text import clipped, code_in, plain, program_in, shown, up_to_code, without_fence
from nodes.snippets import Bounds, CallRefused, SnippetResult, SnippetSession, run_snippet


def run(code: str, **given: Any) -> SnippetResult:
    return asyncio.run(run_snippet(code, **{"seconds": 1, "memory_mb": 32, **given}))


def test_value_and_prints_come_back():
    """The value of the last expression and what was printed are told."""
    result = run("print('hello')\n(1, {'a': [2]})")
    assert result == SnippetResult(ok=True, value=(1, {"a": [2]}), printed="hello\n", error="", line=None)


def test_inputs_are_names():
    """What is handed in stands ready under its name, and changing it changes nothing outside."""
    given = {"rows": [3, 1, 2]}
    assert run("rows.sort()\nrows", inputs=given).value == [1, 2, 3]
    assert given == {"rows": [3, 1, 2]}
    refused = run("1", inputs={"thing": object()})
    assert not refused.ok and "Cannot convert" in refused.error


def test_functions_are_called_in_the_event_loop():
    """A function runs where the caller's other work runs, by position and by name, with and without await."""
    seen: list[tuple[Any, ...]] = []

    async def run_it() -> SnippetResult:
        loop = asyncio.get_running_loop()

        async def search(query: str, limit: int = 3) -> dict[str, Any]:
            await asyncio.sleep(0.01)
            seen.append((query, limit, asyncio.get_running_loop() is loop))
            return {"hits": [query] * limit}

        code = "a = search('x', limit=2)\nb = await search('y')\nlen(a['hits']) + len(b['hits'])"
        return await run_snippet(code, seconds=1, memory_mb=32, functions={"search": search})

    assert asyncio.run(run_it()).value == 5
    assert seen == [("x", 2, True), ("y", 3, True)]


async def _fails(text: str = "no such page") -> None:
    raise CallRefused(text)


def test_a_refused_call_can_be_caught():
    """A refusal is a RuntimeError in the snippet: it may go on without, or end with its text and line."""
    functions = {"fetch": _fails}
    caught = run(
        "try:\n    fetch()\nexcept RuntimeError as e:\n    said = str(e)\n'told: ' + said", functions=functions
    )
    assert caught.value == "told: no such page"
    ended = run("x = 1\nfetch()", functions=functions)
    assert (ended.error, ended.line) == ("RuntimeError: no such page", 2)
    assert len(run("fetch('a' * 100000)", functions=functions).error) <= 2_100


def test_wrong_arguments_are_told_the_snippet():
    """A call that does not fit the function is the snippet's mistake, not the caller's."""
    result = run("fetch(1, 2, 3)", functions={"fetch": _fails})
    assert result.error == "TypeError: fetch(): too many positional arguments"


def test_other_errors_of_a_function_reach_the_caller():
    """What is not a refusal ends the snippet and is not hidden."""

    async def broken() -> None:
        raise NodeError("the budget is spent")

    with pytest.raises(NodeError, match="the budget is spent"):
        run("try:\n    broken()\nexcept BaseException:\n    pass", functions={"broken": broken})


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("while True: pass", "took longer than 1 s"),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "took longer than 1 s"),
        ("sum(range(10 ** 12))", "took longer than 1 s"),
        ("import time\ntime.sleep(1000)", "took longer than 2 s"),
        ("import asyncio\nasync def f(): await asyncio.sleep(1000)\nasyncio.run(f())", "took longer than 2 s"),
        ("x = [0]\nwhile True: x = x + x", "more than 32 MB"),
        ("'a' * 10 ** 9", "more than 32 MB"),
        ("'%1000000000d' % 1", "more than 32 MB"),
        ("10 ** 10 ** 8", "more than 32 MB"),
        ("[i for i in range(10 ** 12)]", "more than 32 MB"),
        ("def f(n): return 1 + f(n + 1)\nf(0)", "RecursionError"),
        ("while True: print('a' * 100)", "printed too much"),
        ("raise ValueError('a' * 10 ** 6)", "ValueError: aaa"),
        ("open('/etc/passwd').read()", "Permission denied"),
        ("open('stolen.txt', 'w').write('x')", "Permission denied"),
        ("import os\nos.system('id')", "has no attribute 'system'"),
        ("import os\nos.listdir('/')", "Error"),
        ("import os\nos.environ['HOME']", "not supported"),
        ("import sys\nsys.modules", "has no attribute 'modules'"),
        ("import sys\nsys._getframe()", "has no attribute '_getframe'"),
        ("import subprocess", "No module named 'subprocess'"),
        ("import socket", "No module named 'socket'"),
        ("import urllib.request", "No module named 'urllib'"),
        ("import ctypes", "No module named 'ctypes'"),
        ("__import__('os').system('id')", "'__import__' is not defined"),
        ("().__class__.__bases__[0].__subclasses__()", "has no attribute '__class__'"),
        ("object.__subclasses__()", "has no attribute '__subclasses__'"),
        ("(lambda: 0).__globals__", "has no attribute '__globals__'"),
        ("(i for i in [1]).gi_frame.f_back", "Error"),
        ("raise SystemExit", "SystemExit"),
        ("input()", "'input' is not defined"),
        ("import os\nwhile True:\n    try: os.getcwd(), missing\n    except BaseException: pass", "was stopped"),
        ("x =", "Expected an expression"),
    ],
)
def test_hostile_snippets_end(code: str, what: str):
    """Loops, bombs, files, network and reaches into the interpreter end in their limit, and the next one works."""
    started = time.monotonic()
    result = run(code, bounds=Bounds(wait_seconds=2, output=500))
    assert not result.ok
    assert what in result.error
    assert len(result.error) < 2_300 and len(result.printed) < 600
    assert time.monotonic() - started < 8
    assert run("1 + 1").value == 2


def test_calls_are_bounded():
    """A snippet that calls without end is stopped, though it catches everything."""
    made: list[int] = []

    async def tick() -> int:
        made.append(1)
        return len(made)

    code = "while True:\n    try:\n        tick()\n    except BaseException:\n        pass"
    result = run(code, functions={"tick": tick}, bounds=Bounds(calls=7))
    assert result.error == "It called functions more than 7 times and was stopped"
    assert len(made) == 7


def test_a_stuck_function_ends_with_the_waiting_time():
    """The waiting time counts over all calls, and the function that hangs is cancelled."""
    ended: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            ended.append("cancelled")

    started = time.monotonic()
    result = run("import time\ntime.sleep(0.2)\nhang()", functions={"hang": hang}, bounds=Bounds(wait_seconds=0.5))
    assert "longer than 0.5 s, waiting for functions" in result.error
    assert ended == ["cancelled"]
    assert time.monotonic() - started < 3


def test_a_timeout_inside_a_function_is_not_ours():
    """Only our own limit is told as ours; another timeout of the function reaches the caller."""

    async def late() -> None:
        raise TimeoutError("the page was late")

    with pytest.raises(TimeoutError, match="the page was late"):
        run("late()", functions={"late": late})


def test_cancelling_ends_the_process():
    """A cancelled snippet does not compute on."""

    async def cancel() -> float:
        task = asyncio.ensure_future(run_snippet("while True: pass", seconds=30, memory_mb=32))
        await asyncio.sleep(0.3)
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - started

    started = time.monotonic()
    assert asyncio.run(cancel()) < 5
    assert time.monotonic() - started < 10  # its thread is done too


def test_the_event_loop_goes_on():
    """While a snippet computes, other work of the process does too, and several compute at once."""

    async def both() -> tuple[list[SnippetResult], int]:
        tasks = [asyncio.ensure_future(run_snippet("while True: pass", seconds=0.5, memory_mb=32)) for _ in range(3)]
        ticks = 0
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0.02)
            ticks += 1
        return [task.result() for task in tasks], ticks

    results, ticks = asyncio.run(both())
    assert not any(result.ok for result in results)
    assert ticks > 5


def test_no_interpreter_is_a_node_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    """Where Monty's program is missing, that is said in words."""
    monkeypatch.setenv("MONTY_BIN", str(tmp_path / "none"))
    with pytest.raises(NodeError, match="The process for snippets does not start"):
        run("1")


def test_the_line_of_an_error_is_known():
    """The innermost line counts, of syntax too."""
    assert run("def half(x):\n    return x / 0\n\nhalf(1)").line == 2
    assert run("a = 1\nb = = 2").line == 2
    assert run("while True: pass").line is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("So:\n```python\nx = 1\nx\n```\nThat is it.", "x = 1\nx"),
        ("```\nx\n```", "x"),
        ("``` py\nx\n  ```", "x"),
        ("```python\nnever closed", "never closed"),
        ("```python\n\n```", None),
        ("no code", None),
        ("```json is not\nclosed", None),
        ("```json\n{}\n```\nand then\n```python\nx\n```", "x"),
        ("```json\n{}\n```\nand no more", None),
    ],
)
def test_code_is_found_in_an_answer(text: str, code: str | None):
    """The first fence counts, also one a short answer left open."""
    assert code_in(text) == code


def test_fences_around_an_argument_are_taken_off():
    """Code that is all fence is unwrapped; other code stays as it is."""
    assert without_fence("```python\n1\n```") == "1"
    assert without_fence("s = '''\n```\n'''") == "s = '''\n```\n'''"


@pytest.mark.parametrize("make", [shown, lambda value: str(plain(value))], ids=["shown", "plain"])
def test_any_value_can_be_told(make: Callable[[Any], str]):
    """Numbers too long for Python to write, very deep lists and classes of the snippet's own are told too."""
    assert "bits" in make(run("10 ** 100000").value)
    assert len(make(run("x = []\nfor i in range(100000): x = [x]\nx").value)) < 300_000
    assert "Point" in make(run("class Point: pass\nPoint()").value)
    assert make(run("x = []\nx.append(x)\nx").value)


def test_plain_is_json():
    """Tuples, sets, keys and numbers without a JSON form become what has one."""
    assert plain({1: (2, {3}), "n": float("nan"), "b": b"x"}) == {"1": [2, [3]], "n": "nan", "b": "b'x'"}
    assert shown(None) == "" and shown("a") == "a" and shown([1]) == "[1]"
    assert clipped("abcdef", 3) == "abc\n[cut: 6 characters in all]"


def test_a_session_keeps_names():
    """Snippets of a session share their names, past mistakes; one stopped at a limit takes them with it."""

    async def notebook() -> list[tuple[bool, Any, bool]]:
        async with SnippetSession(seconds=0.5, memory_mb=32) as session:
            told: list[tuple[bool, Any, bool]] = []
            for code in ("x = 2", "x / 0", "x = x + 1\nx", "while True: pass", "x", "1 + 1"):
                result = await session.run(code)
                told.append((result.ok, result.value, session.forgot))
            return told

    assert asyncio.run(notebook()) == [
        (True, None, False), (False, None, False), (True, 3, False),
        (False, None, True), (False, None, False), (True, 2, False),
    ]  # fmt: skip


def test_a_program_needs_no_fence():
    """An answer that is nothing but a program that prints or answers is one; prose that names print is not."""
    assert program_in("x = 2\nprint(x)") == "x = 2\nprint(x)"
    assert program_in("```python\nx\n```") == "x"
    assert program_in("Use\nprint(x)\nto see it.") is None
    assert program_in("x = 2") is None


def test_what_follows_the_code_is_left_out():
    """An output a model made up after its program is not kept."""
    assert up_to_code("So:\n```python\nx\n```\nOutput: 42") == "So:\n```python\nx\n```"
    assert up_to_code("no code") == "no code"


@pytest.mark.parametrize(
    "code", ["x = 1\nreturn 5", "if True:\n    return", "class A:\n    return", "try:\n    return\nfinally: pass"]
)
def test_a_stray_return_is_refused(code: str):
    """A program cannot end itself before the tests that stand after it, as Python would not let it either."""
    result = run(f"{code}\nassert False")
    assert result.error == "SyntaxError: 'return' outside function" and result.line
    assert run("def f():\n    return 5\nf()").value == 5
    assert run("f = lambda: 5\nasync def g():\n    return 6\nf()").value == 5


def test_first_snippets_may_start_at_once():
    """In a new process several snippets start side by side, call functions, and the process ends well."""
    code = """
import asyncio
from nodes.snippets import run_snippet
async def add(x): return x + 1
async def main():
    snippets = [run_snippet(f"add({i})", seconds=2, memory_mb=32, functions={"add": add}) for i in range(6)]
    endless = run_snippet("while True: pass", seconds=0.2, memory_mb=32)
    assert [each.value for each in await asyncio.gather(*snippets, endless)] == [1, 2, 3, 4, 5, 6, None]
asyncio.run(main())
"""
    for _ in range(4):
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\ndef look(a):\n    return 'made up'\nlook('a')", 2),
        ("async def look(a):\n    return 'made up'", 1),
        ("class look:\n    pass", 1),
        ("if True:\n    look = lambda a: 'made up'", 2),
        ("def other():\n    def look(a):\n        return 'made up'\n    return look('a')\nother()", 2),
        ("look = look('a')", 1),
        ("(x, look) = 1, 2", 1),
        ("for look in [1]: pass", 1),
        ("import math as look", 1),
        ("from math import look", 1),
        ("(look := 1)", 1),
        ("try:\n    1 / 0\nexcept ZeroDivisionError as look:\n    pass", 3),
    ],
)
def test_a_function_that_is_given_cannot_be_replaced(code: str, line: int):
    """Its calls would go nowhere, and nobody would see that they did: nothing of the snippet is run."""
    called: list[Any] = []

    async def look(a: Any) -> str:
        called.append(a)
        return "real"

    result = asyncio.run(run_snippet(code, seconds=1, memory_mb=32, functions={"look": look}))
    assert (result.ok, result.line, called) == (False, line, [])
    assert result.error.startswith("NameError: look is a function you are given")


@pytest.mark.parametrize(
    "code",
    [
        "look('a')",
        "[look(look_at) for look_at in 'a'][0]",
        "def run(f):\n    return f('a')\nrun(look)",
        "seen = look('a')\nseen",
        "for item in ['a']:\n    last = look(item)\nlast",
    ],
)
def test_a_function_that_is_given_may_be_handed_on(code: str):
    """Calling it, naming it and giving it to a function of one's own is what it is for."""

    async def look(a: Any) -> str:
        return "real"

    result = asyncio.run(run_snippet(code, seconds=1, memory_mb=32, functions={"look": look}))
    assert (result.value, result.error) == ("real", "")
