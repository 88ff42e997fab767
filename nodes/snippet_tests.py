"""Running a program against test snippets: each test in a process of its own, all within bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import Field

from nodes.bounded import together
from nodes.contract import NodeError
from nodes.snippet_text import without_fence
from nodes.snippets import run_snippet
from nodes.templating import as_text
from nodes.views import View, table_view

PARALLEL: Final = 2  # snippets at the same time: each is a process


@dataclass(frozen=True)
class Tested:
    """What came of one test."""

    test: str
    passed: bool
    error: str
    """Why it failed; '' when it passed."""
    printed: str


def seconds_field() -> Any:
    """The setting: how long a snippet may compute."""
    return Field(
        default=5, gt=0, le=60, title="Time", description="Longest time each snippet may compute.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip


def memory_field() -> Any:
    """The setting: how much a snippet may hold."""
    return Field(
        default=64, ge=8, le=1_024, title="Memory", description="The most each snippet may hold.",
        json_schema_extra={"unit": "MB", "advanced": True},
    )  # fmt: skip


async def run_tests(program: str, tests: Sequence[str], *, seconds: float, memory_mb: int) -> list[Tested]:
    """Each test after the program, in the order of ``tests``.

    A test passes when it runs to its end and the value of its last line is not False: ``assert f(2) == 4``
    and ``f(2) == 4`` are both tests. Raises NodeError where there is no program or no test.
    """
    program, tests = without_fence(program), [without_fence(test) for test in tests if test.strip()]
    if not program.strip() or not tests:
        raise NodeError(
            f"There is no {'test' if program.strip() else 'program'} to run",
            mend="Wire in a program, and tests such as: assert double(2) == 4",
        )

    async def run(test: str) -> Tested:
        result = await run_snippet(f"{program}\n\n{test}", seconds=seconds, memory_mb=memory_mb)
        error = result.error or ("its last line is False" if result.value is False else "")
        return Tested(test, not error, error, result.printed)

    return await together(run, tests, limit=PARALLEL)


def tests_of(value: Any) -> list[str]:
    """The tests in what is wired in: a list of them; or one text, parted by empty lines, or by lines where
    each is an assert.
    """
    if isinstance(value, list):
        return [as_text(each) for each in cast(list[Any], value)]
    text = without_fence(as_text(value))
    lines = [line for line in text.splitlines() if line.strip()]
    return lines if all(line.startswith("assert ") for line in lines) else text.split("\n\n")


def tests_view(results: Sequence[Tested]) -> View:
    """The tests as a table."""
    rows = [(result.test, result.passed, result.error) for result in results]
    return table_view(("test", "passed", "error"), rows, title="Tests")
