"""Which kinds can be exported, and that the modules of each stand on their own."""

import ast
import sys

import pytest

from graphs.export.modules import MOVES, closure, moved, path_of, rewritten
from graphs.export.names import home_of
from graphs.export.refusals import APPROVAL, FOREIGN, WORKSHOP, NotExportable, check, reason
from nodes.contract import NodeSpec
from nodes.registry import KINDS
from tests.graphs.engine.fakes import TEST_KINDS, workflow

REFUSED = {
    **dict.fromkeys((
        "workflows.draft", "workflows.check", "workflows.run", "workflows.find_fault", "workflows.score",
        "workflows.mutate", "workflows.archive_keep", "workflows.optimise_prompts", "control.subworkflow",
        "tool.workflow",
    ), WORKSHOP),
    "guards.approval": APPROVAL,
}  # fmt: skip
"""Every kind that cannot be exported, and why."""
LIBRARIES = {"httpx", "pydantic", "pydantic_monty", "pystache", "cel"}
"""What mechanisms may need beside LangGraph and LangChain."""
CODE = [spec for spec in KINDS.values() if spec.run is not None or spec.provides is not None]


def test_the_table_of_refusals_is_whole():
    """No kind more is refused, and none less."""
    assert {spec.kind: reason(spec) for spec in KINDS.values() if reason(spec)} == REFUSED


@pytest.mark.parametrize("spec", CODE, ids=lambda spec: spec.kind)
def test_its_modules_reach_each_other_and_few_libraries(spec: NodeSpec):
    """Rewritten, they are Python, import only modules that come along, and name no package of Nodeloom."""
    modules = closure([home_of(spec)[0]])
    places = {moved(name) for name in modules}
    for each in modules.values():
        tree = ast.parse(rewritten(each))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        ours = {name for name in imported if name.partition(".")[0] in MOVES.values()}
        assert ours <= places and not {name.partition(".")[0] for name in imported} & set(MOVES)
        assert each.foreign <= LIBRARIES and not each.foreign & sys.stdlib_module_names
        assert path_of(each.name).startswith("mechanisms/")


def test_a_node_that_cannot_is_named_with_its_reason():
    """All of them at once, before anything is written."""
    nodes = {"run": "workflows.run", "again": "workflows.score", "fine": "control.join"}
    with pytest.raises(NotExportable, match=r"run \(workflows.run\): .*; again \(workflows.score\)") as refused:
        check(workflow(nodes, "start -> run"), KINDS)
    assert [each.node for each in refused.value.reasons] == ["run", "again"]


def test_a_kind_of_someone_else_is_refused():
    """Its code is not Nodeloom's to copy."""
    assert reason(TEST_KINDS["t.step"]) == FOREIGN


def test_only_what_is_used_comes_along():
    """A prompt needs no CEL, no snippets, no memory."""
    names = set(closure([home_of(KINDS["prompt"])[0]]))
    assert not names & {"nodes.conditions", "nodes.snippets", "nodes.tools.agent"} and "nodes.templating" in names
