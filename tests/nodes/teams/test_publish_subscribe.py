"""teams.publish_subscribe"""

import pytest

from nodes.contract import NodeError
from nodes.teams.publish_subscribe import publish_subscribe
from tests.fakes import FakeContext, ScriptedModel, role, run_node

WRITER = {"name": "Writer", "watches": ["task", "review"], "publishes": "text", "job": "Write."}
EDITOR = {"name": "Editor", "watches": ["text"], "publishes": "review", "job": "Review."}


def test_roles_act_on_what_they_watch_until_nothing_is_new():
    """A review brings the writer back, who sees it and its own text; silence ends it."""
    writer, editor = role("Writer", "Draft.", "Final."), role("Editor", "Too short.", "NOTHING.")
    ctx = FakeContext(roles=[writer, editor])
    out = run_node(publish_subscribe, {"task": "A story"}, ctx, stations=[WRITER, EDITOR], result="text")
    assert out["answer"] == "Final."
    assert [(each["speaker"], each["topic"]) for each in out["pool"]] == [
        ("", "task"), ("Writer", "text"), ("Editor", "review"), ("Writer", "text"),
    ]  # fmt: skip
    again = writer.model.calls[1].text  # type: ignore[attr-defined]
    assert "REVIEW\nToo short." in again and "TEXT\nDraft." in again and "TASK\nA story" in again
    assert ctx.views[-1]["messages"][0]["speaker"] == "task"


def test_messages_are_bounded():
    """Writer and editor that never fall silent are stopped; the last text stands."""
    model = ScriptedModel("one", "hm", "two", "hm")
    out = run_node(publish_subscribe, {"task": "t"}, FakeContext(model=model), stations=[WRITER, EDITOR],
                   result="text", max_messages=4)  # fmt: skip
    assert out["answer"] == "two" and len(model.calls) == 4


def test_the_procedure_of_the_settings_works_as_dropped():
    """Requirements, design, code, review: the default stations write a program in order."""
    ctx = FakeContext(model=ScriptedModel("needs", "functions", "print(1)", "NOTHING"))
    out = run_node(publish_subscribe, {"task": "Print one"}, ctx)
    assert out["answer"] == "print(1)"
    assert [each["speaker"] for each in out["pool"][1:]] == ["Product manager", "Architect", "Engineer"]


def test_a_procedure_that_leads_nowhere():
    """An empty task, a role without a station, a result nobody wrote or publishes: errors that say so."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(publish_subscribe, {"task": ""})
    with pytest.raises(NodeError, match="The role 'Zed' has no station"):
        run_node(publish_subscribe, {"task": "t"}, FakeContext(roles=[role("Zed")]))
    with pytest.raises(NodeError, match="Nothing was published on 'review' in 1 messages"):
        run_node(publish_subscribe, {"task": "t"}, FakeContext(model=ScriptedModel("x")),
                 stations=[WRITER, EDITOR], result="review", max_messages=1)  # fmt: skip
    with pytest.raises(ValueError, match="nobody publishes 'poem'"):
        run_node(publish_subscribe, {"task": "t"}, result="poem")
