"""Run a program against tests: all of them must pass.

Use it after a model wrote code; ``failed`` leads back to it, with ``report`` wired into its prompt. Each test runs
in a sealed interpreter (Monty: the core of Python, no files, no network), so that one that hangs stops no other.
A test passes when it runs to its end and its last line is not False. Calls no model.

Source: Huang et al. 2023, AgentCoder (https://arxiv.org/abs/2312.13010), its test executor. We deviate: every
test runs by itself, and all failures are reported, not the first alone.
"""

from typing import Final

from nodes.contract import Config, Context, Inputs, Port, Route, node
from nodes.snippet_tests import Tested, memory_field, run_tests, seconds_field, tests_of, tests_view
from nodes.snippet_text import code_in

FAILED: Final = "This test failed:\n{test}\n{error}"
_PRINTED: Final = 500  # characters of what a failed test printed


class VerifyByTestConfig(Config):
    """What each test may use."""

    seconds: float = seconds_field()
    memory_mb: int = memory_field()


@node(
    kind="reflection.verify_by_test", family="reflection", title="Verify by test",
    summary="Run a program against tests", config=VerifyByTestConfig,
    inputs=(
        Port("program", "text", "The program; of an answer with a code fence, the code in it."),
        Port("tests", "any", "A list of tests, or one text of them: assert double(2) == 4."),
    ),
    outputs=(
        Port("report", "text", "The failed tests with their errors; empty when all passed."),
        Port("failing", "text", "The first test that failed; empty when all passed."),
        Port("score", "number", "Share of the tests that passed, 0 to 1."),
        Port("program", "text", "The program as it was run."),
    ),
    outcomes=("passed", "failed"), icon="flask-conical",
    source="Huang et al. 2023, AgentCoder, https://arxiv.org/abs/2312.13010",
)  # fmt: skip
async def verify_by_test(inputs: Inputs, config: VerifyByTestConfig, ctx: Context) -> Route:
    """Run every test, report the failures."""
    program = code_in(inputs["program"]) or inputs["program"]
    results = await run_tests(
        program, tests_of(inputs["tests"]), seconds=config.seconds, memory_mb=config.memory_mb
    )  # fmt: skip
    ctx.show(tests_view(results))
    failed = [result for result in results if not result.passed]
    ctx.progress(f"{len(results) - len(failed)} of {len(results)} tests passed")
    outputs = {
        "report": "\n\n".join(_told(result) for result in failed), "failing": failed[0].test if failed else "",
        "score": 1 - len(failed) / len(results), "program": program,
    }  # fmt: skip
    return Route("failed" if failed else "passed", outputs)


def _told(result: Tested) -> str:
    printed = f"\nIt printed: {result.printed[:_PRINTED].strip()}" if result.printed.strip() else ""
    return FAILED.format(test=result.test, error=result.error) + printed
