"""Search over whole programs: several ways of solving, each run against tests, the errors feed the next tries.

Use it for code that tests can judge. Strategies are written first and a program for each; then the program
that passes most is mended in several ways, told what failed, and so on. It ends ``solved`` when every test
passes, ``unsolved`` with the best program when the budget is spent. Without tests a program that runs to its
end is a solution: then only its errors guide the search. Programs and tests run sealed off, without files
and without network.

Costs 1 call for the strategies, then one for each program written.

Source: Li et al. 2025, CodeTree: Agent-guided Tree Search for Code Generation (https://arxiv.org/abs/2411.04329);
Ni et al. 2024, Tree-of-Code (https://arxiv.org/abs/2412.15305), for executability as the signal. We deviate:
the share of passed tests alone ranks and ends the search, where CodeTree adds a critic's opinion.
"""

from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Attach, Context, Inputs, Port, Route, node
from nodes.search.program_writing import PROPOSE, WritingConfig, written
from nodes.search.run import outputs_of, problem_of, show
from nodes.search.settings import EXPANDED, OUTCOMES
from nodes.search.tree import SearchNode, Tree
from nodes.snippet_tests import memory_field, run_tests, seconds_field, tests_of
from nodes.snippets import run_snippet


class ProgramsConfig(WritingConfig):
    """How wide and how long, and what a program may use."""

    width: int = Field(
        default=3, ge=1, le=20, title="Strategies", description="Ways of solving that are begun with.",
        json_schema_extra={"unit": "programs"},
    )  # fmt: skip
    fixes: int = Field(
        default=2, ge=1, le=10, title="Fixes", description="Ways in which a failing program is mended.",
        json_schema_extra={"unit": "programs"},
    )  # fmt: skip
    depth: int = Field(
        default=3, ge=1, le=20, title="Depth", description="Programs on one way, the first included.",
        json_schema_extra={"unit": "programs"},
    )  # fmt: skip
    programs: int = Field(
        default=10, ge=1, le=200, title="Programs", description="Programs written in all before it gives up.",
        json_schema_extra={"unit": "programs"},
    )  # fmt: skip
    seconds: float = seconds_field()
    memory_mb: int = memory_field()


@dataclass
class _Workbench:
    task: str
    tests: list[str]
    config: ProgramsConfig
    ctx: Context
    tree: Tree = field(default_factory=lambda: Tree(""))

    def left(self) -> int:
        """Programs that may still be written."""
        return self.config.programs - (len(self.tree.nodes) - 1) - self.tree.duplicates


@node(
    kind="search.programs", family="search", title="Search over programs",
    summary="Write, test, mend whole programs in a tree", config=ProgramsConfig,
    inputs=(
        Port("problem", "text", "What the program shall do."),
        Port("tests", "any", "Snippets that run after it, such as: assert double(2) == 4", required=False),
    ),
    outputs=(
        Port("program", "text", "The program that passes, else the one that passes most."),
        Port("value", "number", "Share of the tests it passes, 0 to 1."),
        Port("feedback", "text", "What is still wrong with it; '' when it passes."),
        EXPANDED,
    ),
    outcomes=OUTCOMES, attaches=(Attach("model", "model"), PROPOSE), model_calls="1 to 1 + programs",
    icon="file-code", source="Li et al. 2025, CodeTree, https://arxiv.org/abs/2411.04329",
)  # fmt: skip
async def programs(inputs: Inputs, config: ProgramsConfig, ctx: Context) -> Route:
    """Best first over programs: begin with the strategies, mend what passes most."""
    tests = [each for each in tests_of(inputs.get("tests", "")) if each.strip()]
    bench = _Workbench(problem_of(inputs), tests, config, ctx)
    frontier: list[tuple[float, int, SearchNode]] = [(0.0, 0, bench.tree.root)]
    while frontier and bench.left() > 0:
        current = heappop(frontier)[-1]
        if current.status != "open":
            continue  # the same program was written on a shorter way meanwhile
        made = await _expand(bench, current)
        if solution := next((each for each in made if each.value == 1.0), None):
            solution.status = "solution"
            return _end(bench, solution)
        for each in made:
            if each.depth < config.depth:
                heappush(frontier, (-(each.value or 0.0), each.number, each))
        show(bench.tree, ctx)
    return _end(bench, None)


async def _expand(bench: _Workbench, current: SearchNode) -> list[SearchNode]:
    """The new programs below ``current``, each run against the tests."""
    current.status = "expanded"
    bench.tree.expanded += 1
    count = min(bench.config.width if current.parent is None else bench.config.fixes, bench.left())
    made: list[SearchNode] = []
    for action, program in await written(bench.task, current, count, bench.config, bench.ctx):
        if program and (child := bench.tree.add(current, action, program)):
            made.append(child)
    await together(partial(_run, bench), made, limit=2)
    return made


async def _run(bench: _Workbench, program: SearchNode) -> None:
    """Set the share of tests it passes, and what went wrong."""
    seconds, memory_mb = bench.config.seconds, bench.config.memory_mb
    if not bench.tests:
        ran = await run_snippet(program.situation, seconds=seconds, memory_mb=memory_mb)
        program.value, program.feedback = float(ran.ok), ran.error
        return
    found = await run_tests(program.situation, bench.tests, seconds=seconds, memory_mb=memory_mb)
    program.value = sum(each.passed for each in found) / len(found)
    program.feedback = "\n".join(f"{each.test}\n{each.error}" for each in found if not each.passed)


def _end(bench: _Workbench, solution: SearchNode | None) -> Route:
    best = solution or bench.tree.best()
    show(bench.tree, bench.ctx, best)
    outputs = outputs_of(bench.tree, best)
    kept = {"program": best.situation, "value": outputs["value"], "feedback": best.feedback}
    return Route("solved" if solution else "unsolved", {**kept, "expanded": outputs["expanded"]})
