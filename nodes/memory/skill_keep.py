"""Keep a snippet as a skill, once it has passed its tests.

Use it after a model wrote a function that may be needed again; "Find skills" brings it back. The code runs with
each test in a sealed interpreter (Monty: no files, no network); only when all pass is it kept, and a skill of
the same name is replaced. Wire in ``library`` where the code calls earlier skills: they are kept with it.
Calls no model.

Source: Nguyen et al. 2024, DynaSaur: Large Language Agents Beyond Predefined Actions
(https://arxiv.org/abs/2411.01747), functions that accumulate in a library, and the skills of Rethinking Agent
Design: From Top-Down Workflows to Bottom-Up Skill Evolution, 2025. We deviate: what is kept has passed tests,
where they keep what ran or what paid off.
"""

import ast
from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, Port, Route, node
from nodes.memory.attached import OWNER, memory_of
from nodes.snippet_tests import memory_field, run_tests, seconds_field, tests_of, tests_view
from nodes.snippet_text import without_fence

SKILL: Final = "skill"
_MOST: Final = 1_000  # skills looked through for one of the same name


class SkillKeepConfig(Config):
    """What a test may use, and how the skill is stored."""

    importance: float = Field(
        default=6, ge=1, le=10, title="Importance", description="With which the skill is stored, 1 to 10."
    )
    trusted: bool = Field(
        default=True, title="Trusted", description="No where the code comes from outside and nobody has approved it.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    seconds: float = seconds_field()
    memory_mb: int = memory_field()


@node(
    kind="memory.skill_keep", family="memory", title="Keep a skill", summary="Keep a snippet that passed its tests",
    config=SkillKeepConfig,
    inputs=(
        Port("code", "text", "The function or functions; a Markdown fence around them is taken off."),
        Port("tests", "any", "A list of tests or one text of them: assert double(2) == 4."),
        Port("description", "text", "What it is for; without it the docstring.", required=False),
        Port("library", "text", "Code of earlier skills that this one calls.", required=False),
        OWNER,
    ),
    outputs=(
        Port("record", "text", "Id of the skill; empty when it was rejected."),
        Port("name", "text", "Name of its last function."),
        Port("failed", "list[text]", "The tests that failed, each with its error."),
    ),
    outcomes=("kept", "rejected"), attaches=(Attach("memory", "memory", required=True),), side_effects=True,
    icon="wrench", source="Nguyen et al. 2024, DynaSaur, https://arxiv.org/abs/2411.01747",
)  # fmt: skip
async def skill_keep(inputs: Inputs, config: SkillKeepConfig, ctx: Context) -> Route:
    """Test it; keep it when every test passed."""
    memory, code, library = memory_of(ctx, inputs), without_fence(inputs["code"]), inputs.get("library", "").strip()
    tests = tests_of(inputs["tests"])
    program = f"{library}\n\n{code}" if library else code
    results = await run_tests(program, tests, seconds=config.seconds, memory_mb=config.memory_mb)
    ctx.show(tests_view(results))
    failed = [f"{result.test}: {result.error}" for result in results if not result.passed]
    name, doc = _named(code)
    if failed:
        ctx.progress(f"{name} rejected: {len(failed)} of {len(results)} tests failed")
        return Route("rejected", {"record": "", "name": name, "failed": failed})
    about = inputs.get("description", "").strip() or doc
    text = f"{name}: {about}" if about else name
    data = {"name": name, "code": code, "library": library, "tests": [result.test for result in results]}
    record = await _stored(memory, text, data, config)
    ctx.progress(f"{name} kept in {memory.space!r}: {len(results)} tests passed")
    return Route("kept", {"record": record, "name": name, "failed": []})


def _named(code: str) -> tuple[str, str]:
    """Name and first docstring line of the last function or class; 'snippet' where there is none."""
    try:
        parts = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError):
        return "snippet", ""
    defined = [part for part in parts if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    if not defined:
        return "snippet", ""
    return defined[-1].name, (ast.get_docstring(defined[-1]) or "").split("\n")[0]


async def _stored(memory: Memory, text: str, data: dict[str, Any], config: SkillKeepConfig) -> str:
    """In place of the skill of the same name, else as a new one."""
    skills: list[Hit] = await memory.records(kinds=(SKILL,), limit=_MOST) if data["name"] != "snippet" else []
    known = next((hit for hit in skills if hit.data.get("name") == data["name"]), None)
    if known:
        await memory.update(known.id, text=text, data=data, importance=config.importance, trusted=config.trusted)
        return known.id
    return await memory.add(text, kind=SKILL, importance=config.importance, data=data, trusted=config.trusted)
