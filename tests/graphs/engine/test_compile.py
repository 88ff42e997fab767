"""From document to graph: what is without errors compiles, and what has errors is refused in words."""

import sys

import pytest
from hypothesis import HealthCheck, given, settings

from graphs.cache import GraphCache, registry_version
from graphs.document import Document
from graphs.intermediate import LoweringError
from graphs.joins import joins_of
from graphs.lower import lower
from graphs.validate import has_errors, validate
from nodes.registry import KINDS
from tests.documents import documents
from tests.graphs.engine.fakes import TEST_KINDS, workflow


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_compiling_never_raises_on_a_document_without_errors(document: Document) -> None:
    """Whatever validation lets through can be compiled; whatever it does not is refused by LoweringError alone."""
    clean = not has_errors(validate(document, kinds=KINDS))
    try:
        GraphCache(KINDS).get(document)
    except LoweringError:
        assert not clean


@pytest.mark.parametrize(
    ("nodes", "flow", "what"),
    [
        ({"a": "t.nope"}, "", "unknown kind 't.nope'"),
        ({"a": ("t.step", {"sleep": "long"})}, "", "settings of node 'a' are not valid"),
        ({}, "start -> gone", "'gone'"),
    ],
)
def test_a_document_with_errors_is_refused(nodes: dict[str, object], flow: str, what: str) -> None:
    """Lowering names the node and the value."""
    with pytest.raises(LoweringError, match=what):
        lower(workflow(nodes, flow), TEST_KINDS)


def test_a_new_version_of_a_kind_compiles_anew() -> None:
    """The registry's version is part of the cache's key."""
    changed = {**TEST_KINDS, "t.more": TEST_KINDS["t.step"]}
    assert registry_version(changed) != registry_version(TEST_KINDS)


def test_the_join_further_along_yields() -> None:
    """Of two joins in one loop only the second waits for the first."""
    document = workflow(
        {"a": "t.step", "b": "t.step", "j1": "control.join", "j2": "control.join"},
        "start -> a, a -> j1, a -> b, j1 -> j2, b -> j2, j2 -> a",
    )
    joins = joins_of(lower(document, TEST_KINDS).graph)
    assert "j1" in joins["j2"].upstream
    assert "j2" not in joins["j1"].upstream


def test_lowering_needs_no_engine() -> None:
    """The intermediate form is engine-neutral: its modules import nothing of LangGraph."""
    import subprocess

    code = "import sys, graphs.lower, graphs.joins; print('langgraph' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
