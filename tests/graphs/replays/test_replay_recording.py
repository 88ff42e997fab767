"""Files that are no recording, or a broken one, are refused in words; runs without an end of their own too."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from graphs.document import Document
from graphs.replay_recording import Recording, recording_of_run
from nodes.contract import NodeError


def span(id: str, began: float, ended: float, parent: str | None = "r", **more: Any) -> dict[str, Any]:
    blank = dict.fromkeys(
        ("node_id", "kind", "visit", "item", "input", "output", "outcome", "error", "input_tokens", "output_tokens",
         "finish_reason", "attributes")
    )  # fmt: skip
    base = {"id": id, "parent_id": parent, "operation": "invoke_node", "name": id, "status": "ok"}
    return {**blank, **base, "started_at": began, "ended_at": ended, **more}


def run(**more: Any) -> Any:
    base = {"id": "1", "number": "r-0001", "title": "", "model": None, "status": "done", "inputs": {}, "limits": {}}
    return SimpleNamespace(**{**base, "outputs": {}, "error": None, **more})


ROOT = span("r", 0, 9, None, operation="invoke_workflow")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "it has no 'nodeloom_recording'"),
        ('{"replies": []}', "a model's script"),
        ('{"nodeloom_recording": 7}', "is of format 7"),
        ('{"nodeloom_recording": 1, "number": "r-1"}', "broken at run: Field required"),
    ],
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: str, words: str) -> None:
    """What it is instead is said."""
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(NodeError, match=words):
        Recording.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(NodeError, match="cannot be read: No such file"):
        Recording.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("document", "nodes", "solve", "kind"), 7, "document.nodes.solve.kind"),
        (("spans", 3, "operation"), "dance", r"spans.3.operation.*not 'dance'"),
        (("spans", 3, "parent"), 90, "span 4 at place 4 does not stand below an earlier one"),
        (("spans", 3, "id"), 9, "span 9 at place 4"),
        (("status",), "lost", "broken at status"),
    ],
)
def test_a_broken_recording_says_where(
    exported: Path, tmp_path: Path, place: tuple[Any, ...], value: Any, words: str
) -> None:
    """The place in the file and the offending value are named."""
    data = json.loads(exported.read_text())
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(data))
    with pytest.raises(NodeError, match=words):
        Recording.load(path)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "stopped"}, "is stopped and cannot be replayed"),
        ({"status": "limit", "error": {"limit": "seconds"}}, "ran out of time"),
    ],
)
def test_a_run_that_ended_by_chance_is_refused(fields: dict[str, Any], words: str) -> None:
    """Where a stop or the clock hit is not in the recording."""
    with pytest.raises(NodeError, match=words):
        recording_of_run(run(**fields), Document(), [ROOT])


def test_a_run_without_a_trace_is_refused() -> None:
    """There is nothing to answer from."""
    with pytest.raises(NodeError, match="has no trace"):
        recording_of_run(run(), Document(), [])


def test_a_visit_that_a_resumed_run_began_anew_does_not_count() -> None:
    """The last one of a visit stays, with what is below it."""
    lost = span("a", 1, 2, node_id="work", visit=1, status="error")
    its_call = span("b", 1.5, 1.8, "a", operation="chat", node_id="work", visit=1)
    again = span("c", 3, 5, node_id="work", visit=1)
    made = recording_of_run(run(), Document(), [ROOT, lost, its_call, again])
    assert [(each.id, each.name) for each in made.spans] == [(1, "r"), (2, "c")]


def test_what_happens_while_a_tool_works_is_marked() -> None:
    """A model call of the tool is told from one of the node after it."""
    node = span("n", 1, 8, node_id="work", visit=1)
    tool = span("t", 2, 4, "n", operation="execute_tool")
    inside = span("i", 3, 3.5, "n", operation="chat")
    after = span("u", 5, 6, "n", operation="chat")
    made = recording_of_run(run(), Document(), [after, inside, tool, node, ROOT])
    assert [(each.name, each.in_tool) for each in made.spans] == [
        ("r", False), ("n", False), ("t", False), ("i", True), ("u", False),
    ]  # fmt: skip
    assert [each.last for each in made.spans] == [5, 5, 4, 4, 5]
