"""Make a tool that is missing: write it, test it, and keep it once its tests pass.

Use it where the attached tools do not suffice and the same need will come again. The model first says what the
tool shall do and writes tests, then the function; both run sealed off. A function that fails its tests is
written again, told what failed. One that passes is kept in the attached memory space, from which "Kept tools"
and "Agent with fitting tools" offer it. A tool already kept under the name is only replaced by one that also
passes the old tests; so a tool never gets worse by them. "Take a tool back" undoes what proves worse in use.

Source: Qiu et al. 2025, Alita (https://arxiv.org/abs/2505.20286), for making and keeping tools; Zhang et al.
2024, Training Language Model Agents without Modifying Language Models (AgentOptimizer,
https://arxiv.org/abs/2402.11359), for rolling back changes that do harm. We deviate: nothing is searched on the
web, tools are pure functions, and what is measured are tests, not a set of training tasks.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, Field, model_validator

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, NodeError, Port, Route, node
from nodes.snippet_text import code_in
from nodes.templating import Template, as_text, render
from nodes.tools.snippet_tool import EARLIER, TOOL, Attempt, asserts, kept_as, parameters_of, tested, versions_before
from nodes.views import refinement_view

DESIGN: Final = """A tool is needed, one Python function, for this:
{need}

Give it a name like word_count, say in one sentence what it takes and gives back, and write {tests} tests, each one
line like: assert word_count("a b") == 2
Test only what you are sure of."""
WRITE: Final = """Write one Python function for this tool, with type hints. It can only use the standard library, no
files, no network. Answer with the function in a ```python block and nothing else.

Tool: {name} - {description}
Needed for: {need}
It must pass:
{tests}"""
MEND: Final = "These tests failed:\n{failures}\n\nWrite the whole function again, so that all tests pass."


class CreateToolConfig(Config):
    """What is needed, and how hard it is tried."""

    prompt: Template = Field(
        default="{{need}}", title="Need", description="What the tool shall do; {{name}} makes an input.",
        max_length=20_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    tests: int = Field(
        default=3, ge=1, le=10, title="Tests", description="How many the model writes; yours come on top of them.",
        json_schema_extra={"unit": "tests"},
    )  # fmt: skip
    max_attempts: int = Field(
        default=3, ge=1, le=10, title="Attempts", description="How often the function is written at most.",
        json_schema_extra={"unit": "attempts"},
    )  # fmt: skip
    approve: bool = Field(
        default=False, title="Approve first", description="Keep it as not trusted, until a person approves it."
    )
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time a test may compute.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip


class Design(BaseModel):
    """What the model says of the tool."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$", description="lower-case letters, digits and _")
    description: str = Field(min_length=1, max_length=300)
    tests: list[str] = Field(min_length=1, max_length=10, description="assert statements")

    @model_validator(mode="after")
    def _can_be_tested(self) -> "Design":
        self.tests = [test for test in asserts(self.tests) if self.name in test]
        if not self.tests:
            raise ValueError(f"no test is one line like: assert {self.name}(...) == ...")
        return self


@node(
    kind="tools.create_tool", family="tools", title="Create a tool",
    summary="Write a tool, test it, keep it if it passes",
    config=CreateToolConfig,
    inputs=(Port("tests", "any", "Tests of your own: assert statements, as lines or as a list.", required=False),),
    outputs=(
        Port("name", "text", "What the tool is called."),
        Port("description", "text", "What it takes and gives back."),
        Port("code", "text", "The function as last written."),
        Port("passed", "number", "How many of its tests it passed."),
        Port("failures", "list[text]", "The tests it failed, each with its error; empty when kept."),
    ),
    outcomes=("kept", "failed"),
    attaches=(Attach("model", "model"), Attach("memory", "memory", required=True)), template_fields=("prompt",),
    side_effects=True, model_calls="2 to max_attempts + 1", icon="hammer",
    source="Qiu et al. 2025, Alita, https://arxiv.org/abs/2505.20286; Zhang et al. 2024, AgentOptimizer, "
    "https://arxiv.org/abs/2402.11359",
)  # fmt: skip
async def create_tool(inputs: Inputs, config: CreateToolConfig, ctx: Context) -> Route:
    """Design with tests, write, test, mend; keep it when all tests pass."""
    need, memory = render(config.prompt, inputs).strip(), ctx.memory
    if memory is None:
        raise NodeError("There is no memory to keep the tool in", mend="Attach a memory space below this node.")
    if not need:
        raise NodeError("The need is empty once its values are written in", mend="Say what the tool shall do.")
    design = await ask_for(
        ctx.model, [{"role": "user", "content": DESIGN.format(need=need, tests=config.tests)}], Design, temperature=0
    )
    before = await kept_as(design.name, memory)
    old = [str(test) for test in before.data.get("tests", ())] if before else []
    tests = list(dict.fromkeys([*_lines(inputs.get("tests")), *old, *design.tests[: config.tests]]))
    attempt = await _write(need, design, tests, config, ctx)
    if not attempt.failures:
        await _keep(design, attempt, tests, before, memory, trusted=not config.approve)
    return Route("failed" if attempt.failures else "kept", {
        "name": design.name, "description": design.description, "code": attempt.code, "passed": attempt.passed,
        "failures": attempt.failures,
    })  # fmt: skip


async def _write(need: str, design: Design, tests: Sequence[str], config: CreateToolConfig, ctx: Context) -> Attempt:
    """Write the function until it passes, at most ``max_attempts`` times; the best attempt."""
    asked = WRITE.format(name=design.name, description=design.description, need=need, tests="\n".join(tests))
    messages: list[dict[str, Any]] = [{"role": "user", "content": asked}]
    attempts: list[Attempt] = []
    for number in range(1, config.max_attempts + 1):
        reply = await ctx.model.chat(messages, temperature=0 if number == 1 else None)
        attempt = await tested(code_in(reply.text) or reply.text, design.name, tests, config.seconds)
        attempts.append(attempt)
        ctx.progress(f"attempt {number}: {attempt.passed} of {len(tests)} tests passed")
        ctx.show(refinement_view([_version(each, len(tests)) for each in attempts]))
        if not attempt.failures:
            break
        messages += [
            {"role": "assistant", "content": reply.text},
            {"role": "user", "content": MEND.format(failures="\n".join(attempt.failures))},
        ]
    return max(attempts, key=lambda each: (not each.failures, each.passed))


async def _keep(
    design: Design, attempt: Attempt, tests: Sequence[str], before: Hit | None, memory: Memory, *, trusted: bool
) -> None:
    text = f"{design.name}: {design.description}"
    data: dict[str, Any] = {
        "name": design.name, "description": design.description, "code": attempt.code, "tests": list(tests),
        "parameters": parameters_of(attempt.code, design.name),
    }  # fmt: skip
    if before:
        data[EARLIER] = versions_before(before.data)
        await memory.update(before.id, text=text, data=data, trusted=trusted)
    else:
        await memory.add(text, kind=TOOL, importance=7, data=data, trusted=trusted)


def _version(attempt: Attempt, tests: int) -> dict[str, Any]:
    return {"draft": attempt.code, "critique": "\n".join(attempt.failures), "score": attempt.passed / max(tests, 1)}


def _lines(tests: Any) -> list[str]:
    """The user's tests; one that is no assert is refused, since it could not fail."""
    lines = [line.strip() for line in as_text(tests).splitlines()] if isinstance(tests, str) else list(tests or ())
    given = [str(line) for line in lines if str(line).strip()]
    wrong = [line for line in given if line not in asserts([line])]
    if wrong:
        raise NodeError(f"{wrong[0]!r} is no test", mend="Write one assert statement a line: assert f(1) == 2")
    return given
