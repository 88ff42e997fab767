"""Two people's edits of one workflow: what is brought together, and where they have to choose."""

from typing import Any

import pytest

from graphs.document import Document
from graphs.merging.merge import brought, merge
from graphs.operations import apply, parse_operations
from graphs.validate import has_errors, validate
from tests.documents import answering, document

PROMPT = "Answer the question in one line.\nBe kind to the reader.\n{{question}}"
BASE = answering(PROMPT, temperature=0.2)


def edited(base: Document, *ops: dict[str, Any]) -> Document:
    """The document after operations."""
    return apply(base, parse_operations([*ops]))


def config(key: str, value: Any, id: str = "work") -> dict[str, Any]:
    return {"op": "set_config", "id": id, "key": key, "value": value}


def of(key: str, value: Any, id: str = "work") -> dict[str, Any]:
    return {"op": "set_node", "id": id, "key": key, "value": value}


def add(id: str, kind: str = "prompt", **node: Any) -> dict[str, Any]:
    return {"op": "add_node", "id": id, "node": {"kind": kind, **node}}


def connect(edge: str, sort: str = "flow") -> dict[str, Any]:
    return {"op": "connect", "sort": sort, "edge": edge}


def disconnect(edge: str, sort: str = "flow") -> dict[str, Any]:
    return {"op": "disconnect", "sort": sort, "edge": edge}


def move(id: str, x: float) -> dict[str, Any]:
    return {"op": "move_node", "id": id, "position": [x, 0]}


WITHOUT_WORK = (
    disconnect("start -> work"), disconnect("work -> finish"), disconnect("start.question -> work.question", "data"),
    disconnect("work.answer -> finish.answer", "data"), {"op": "remove_node", "id": "work"},
    connect("start -> finish"), connect("start.question -> finish.answer", "data"),
)  # fmt: skip


def inserted(id: str) -> tuple[dict[str, Any], ...]:
    """A node put between start and work."""
    return add(id), disconnect("start -> work"), connect(f"start -> {id}"), connect(f"{id} -> work")


def test_edits_of_different_things_come_together():
    """A setting, a label, an input, a limit and a node: all are there, and nothing clashes."""
    ours = edited(BASE, config("temperature", 0.5), {"op": "set_input", "name": "tone", "value": {"title": "Tone"}})
    limit = {"op": "set_limit", "key": "steps", "value": 9}
    theirs = edited(BASE, of("label", "Answer"), limit, add("calc", "tool.calculator"), config("max_tokens", 99))
    found = merge(BASE, ours, theirs)
    work = found.document.nodes["work"]
    assert found.conflicts == ()
    assert (work.label, work.config["temperature"], work.config["max_tokens"]) == ("Answer", 0.5, 99)
    assert list(found.document.inputs) == ["question", "tone"]
    assert found.document.limits.steps == 9
    assert "calc" in found.document.nodes


def test_words_of_a_prompt_that_do_not_touch_come_together():
    """Two lines of one prompt changed, one by each: both changes are in it."""
    ours = edited(BASE, config("prompt", PROMPT.replace("one line", "two lines")))
    theirs = edited(BASE, config("prompt", PROMPT.replace("reader.", "reader, always.")))
    found = merge(BASE, ours, theirs)
    assert not found.conflicts
    expected = PROMPT.replace("one line", "two lines").replace("reader.", "reader, always.")
    assert found.document.nodes["work"].config["prompt"] == expected


def test_the_same_words_changed_differently_are_a_conflict():
    """It has its place and all three values; ours stands until somebody chooses."""
    ours = edited(BASE, config("prompt", PROMPT.replace("one line", "two lines")))
    theirs = edited(BASE, config("prompt", PROMPT.replace("one line", "nine lines")))
    found = merge(BASE, ours, theirs)
    (conflict,) = found.open
    assert (conflict.key, conflict.node, conflict.choices) == (
        "field:work.config.prompt", "work", ("ours", "theirs")
    )  # fmt: skip
    assert conflict.what == "work: prompt was changed on both sides"
    assert (conflict.base, "two" in conflict.ours, "nine" in conflict.theirs) == (PROMPT, True, True)
    assert found.document == ours
    decided = merge(BASE, ours, theirs, {conflict.key: "theirs"})
    assert decided.document == theirs
    assert not decided.open
    assert decided.conflicts[0].choice == "theirs"


def test_two_sentences_written_anew_are_not_shuffled():
    """A line rewritten by both is one place, though some small words in it stayed the same."""
    base = answering("Look at the text and say what the writer of it wants.")
    ours = edited(base, config("prompt", "Read the letter and tell who the sender of it is."))
    theirs = edited(base, config("prompt", "Take the page and list all that the author of it hides."))
    assert [each.key for each in merge(base, ours, theirs).open] == ["field:work.config.prompt"]


@pytest.mark.parametrize(("choice", "there"), [("ours", False), ("theirs", True)])
def test_a_node_removed_here_and_changed_there_is_a_conflict(choice, there):
    """Removed, or kept with the change and its edges, as it is chosen."""
    ours, theirs = edited(BASE, *WITHOUT_WORK), edited(BASE, of("label", "Reply"))
    (conflict,) = merge(BASE, ours, theirs).open
    assert conflict.what == "ours removed work, theirs changed work"
    found = merge(BASE, ours, theirs, {"removed:work": choice}).document
    assert ("work" in found.nodes) is there
    assert ("work.answer -> finish.answer" in found.edges.data) is there
    assert not has_errors(validate(found)) or there


def test_a_node_removed_here_and_untouched_there_is_removed():
    """Moving it about is no change."""
    ours, theirs = edited(BASE, *WITHOUT_WORK), edited(BASE, move("work", 9), of("label", "S", "start"))
    found = merge(BASE, ours, theirs)
    assert not found.conflicts
    assert list(found.document.nodes) == ["start", "finish"]
    assert not has_errors(validate(found.document))


def test_an_edge_to_a_node_that_the_other_removed_is_a_conflict():
    """It says which edge; with the removal the edge goes, and what stood on it is told by the diagnostics."""
    ours = edited(BASE, *WITHOUT_WORK)
    theirs = edited(BASE, add("calc", "tool.calculator"), connect("calc -> work.tools", "attach"))
    found = merge(BASE, ours, theirs)
    assert [each.what for each in found.open] == ["ours removed work, theirs joined it: calc -> work.tools"]
    assert found.document.edges.attach == ()
    assert [each.code for each in brought(found.document, ours, theirs)] == ["ATT103"]
    kept = merge(BASE, ours, theirs, {"removed:work": "theirs"}).document
    assert kept.edges.attach == ("calc -> work.tools",)


def test_a_frame_that_is_kept_is_kept_with_its_body_and_resources():
    """Ours removed a loop with all that is in it, theirs changed a prompt in it: one question about the frame."""
    base = document(
        {
            "start": "start", "each": "control.for_each", "calc": "tool.calculator", "finish": "finish",
            "work": {"kind": "agent", "parent": "each"},
        },
        flow=("start -> each", "each.each -> work", "each -> finish"), attach=("calc -> work.tools",),
    )  # fmt: skip
    ours = document({"start": "start", "finish": "finish"}, flow=("start -> finish",))
    theirs = edited(base, config("prompt", "Do it."))
    (conflict,) = merge(base, ours, theirs).open
    assert (conflict.key, conflict.what) == ("removed:each", "ours removed each, theirs changed work")
    kept = merge(base, ours, theirs, {"removed:each": "theirs"}).document
    assert set(kept.nodes) == set(base.nodes)
    assert (kept.nodes["work"].parent, kept.edges.attach) == ("each", ("calc -> work.tools",))
    assert set(merge(base, ours, theirs).document.nodes) == {"start", "finish"}


@pytest.mark.parametrize(
    ("choice", "kinds"),
    [("ours", {"extra": "agent"}), ("theirs", {"extra": "note"}), ("both", {"extra": "agent", "extra_2": "note"})],
)
def test_one_id_for_two_kinds_of_nodes_is_a_conflict(choice, kinds):
    """One of them, or both: then the second gets another id, and its edges with it."""
    ours = edited(BASE, add("extra", "agent"), disconnect("work -> finish"), connect("work -> extra"))
    theirs = edited(BASE, add("extra", "note"), connect("work.error -> extra"))
    (conflict,) = merge(BASE, ours, theirs).open
    assert conflict.choices == ("ours", "theirs", "both")
    found = merge(BASE, ours, theirs, {"same_id:extra": choice}).document
    assert {id: node.kind for id, node in found.nodes.items() if id not in BASE.nodes} == kinds
    assert ("work.error -> extra_2" in found.edges.flow) is (choice == "both")


def test_a_node_that_both_added_alike_is_one():
    """Only a setting that differs is asked about."""
    ours = edited(BASE, add("extra", "agent", label="One", config={"max_steps": 3}))
    theirs = edited(BASE, add("extra", "agent", label="One", config={"max_steps": 4}))
    assert [each.place for each in merge(BASE, ours, theirs).open] == ["extra.config.max_steps"]


def test_two_nodes_put_into_one_edge_are_a_conflict_of_the_outcome():
    """Start cannot lead to both by itself: mine, theirs, or both beside each other."""
    found = merge(BASE, edited(BASE, *inserted("plan")), edited(BASE, *inserted("recall")))
    (conflict,) = found.open
    assert (conflict.key, conflict.what) == ("edge:flow:start.done", "start leads to plan for ours, recall for theirs")
    assert (conflict.ours, conflict.theirs) == (["start -> plan"], ["start -> recall"])
    both = merge(BASE, edited(BASE, *inserted("plan")), edited(BASE, *inserted("recall")), {conflict.key: "both"})
    assert {"start -> plan", "start -> recall", "plan -> work", "recall -> work"} <= set(both.document.edges.flow)


def test_an_input_fed_anew_by_both_is_a_conflict():
    """Each leads another value there."""
    feed = disconnect("start.question -> work.question", "data")
    ours = edited(BASE, add("plan"), feed, connect("plan.answer -> work.question", "data"))
    theirs = edited(BASE, add("recall"), feed, connect("recall.answer -> work.question", "data"))
    (conflict,) = merge(BASE, ours, theirs).open
    assert conflict.what == "work.question takes plan.answer for ours, recall.answer for theirs"


def test_tools_attached_by_both_are_all_there():
    """A socket for many takes them without a question; a socket for one asks."""
    base = document({"work": "agent"})
    ours = edited(base, add("calc", "tool.calculator"), connect("calc -> work.tools", "attach"))
    theirs = edited(base, add("clock", "tool.clock"), connect("clock -> work.tools", "attach"))
    found = merge(base, ours, theirs)
    assert (found.conflicts, set(found.document.edges.attach)) == ((), {"calc -> work.tools", "clock -> work.tools"})
    ours = edited(base, add("big", "resource.model"), connect("big -> work.model", "attach"))
    theirs = edited(base, add("small", "resource.model"), connect("small -> work.model", "attach"))
    assert [each.what for each in merge(base, ours, theirs).open] == ["work.model uses big for ours, small for theirs"]


def test_a_team_in_another_order_on_each_side_is_a_conflict():
    """One order is taken as it is; two orders are asked about."""
    teams = [("a", "b", "c"), ("b", "a", "c"), ("a", "c", "b")]
    base, ours, theirs = (
        document({"work": "agent", **dict.fromkeys("abc", "tool.clock")}, attach=[f"{id} -> work.tools" for id in team])
        for team in teams
    )
    assert merge(base, ours, edited(base, of("label", "X"))).document.edges == ours.edges
    found = merge(base, ours, theirs, {"order:work.tools": "theirs"})
    assert [each.sort for each in found.conflicts] == ["order"]
    assert found.document.edges == theirs.edges


def test_who_moved_last_wins_and_two_layouts_are_one_question():
    """Moved by one side: there it stands; all that both moved is chosen at once."""
    base = edited(BASE, move("start", 0), move("work", 1), move("finish", 2))
    ours = edited(base, move("start", 10), move("work", 11))
    theirs = edited(base, move("work", 21), move("finish", 22), of("label", "F", "finish"))
    found = merge(base, ours, theirs)
    assert [each.key for each in found.open] == ["layout"]
    assert [node.position[0] for node in found.document.nodes.values() if node.position] == [10, 11, 22]
    found = merge(base, ours, theirs, {"layout": "theirs"}).document
    assert [node.position[0] for node in found.nodes.values() if node.position] == [10, 21, 22]


def renamed(base: Document, old: str, new: str) -> Document:
    """As an editor of the file would: another id wherever it is named."""
    text = base.model_dump_json().replace(f'"{old}"', f'"{new}"').replace(f"{old} ", f"{new} ")
    text = text.replace(f"{old}.", f"{new}.").replace(f'> {old}"', f'> {new}"')
    return Document.model_validate_json(text)


def test_a_node_with_another_id_is_still_that_node():
    """One side calls it otherwise, the other changes its prompt: both are taken over."""
    ours = renamed(BASE, "work", "reply")
    theirs = edited(BASE, config("temperature", 0.9))
    for one, two in ((ours, theirs), (theirs, ours)):
        found = merge(BASE, one, two)
        assert not found.conflicts
        assert set(found.document.nodes) == {"start", "reply", "finish"}
        assert found.document.nodes["reply"].config["temperature"] == 0.9
        assert not has_errors(validate(found.document))


def test_a_node_renamed_and_edited_is_known_by_its_place():
    """Of its kind there is one gone and one new at the same position."""
    base = edited(BASE, move("work", 300))
    ours = edited(renamed(base, "work", "reply"), config("temperature", 0.7, "reply"))
    found = merge(base, ours, edited(base, of("label", "Reply")))
    assert not found.conflicts
    assert (found.document.nodes["reply"].label, found.document.nodes["reply"].config["temperature"]) == ("Reply", 0.7)


def test_two_other_ids_for_one_node_are_a_conflict():
    """Each gave it another one."""
    ours, theirs = renamed(BASE, "work", "reply"), renamed(BASE, "work", "answer")
    (conflict,) = merge(BASE, ours, theirs).open
    assert conflict.what == "work is called reply for ours, answer for theirs"
    assert "answer" in merge(BASE, ours, theirs, {conflict.key: "theirs"}).document.nodes


def test_a_new_id_that_the_other_gave_to_another_node_gets_a_number():
    """Nothing is lost where both use one id."""
    ours, theirs = renamed(BASE, "work", "extra"), edited(BASE, add("extra", "note"))
    found = merge(BASE, ours, theirs).document
    assert {id: node.kind for id, node in found.nodes.items()}.items() >= {"extra": "note", "extra_2": "prompt"}.items()
    assert "start -> extra_2" in found.edges.flow


def test_frames_moved_into_each_other_are_a_conflict():
    """Neither side alone nests them in a circle, both together would."""
    base = document({"one": "control.for_each", "two": "control.for_each"})
    ours, theirs = edited(base, of("parent", "two", "one")), edited(base, of("parent", "one", "two"))
    (conflict,) = merge(base, ours, theirs).open
    assert conflict.what == "one and two would stand in each other"
    nodes = merge(base, ours, theirs, {conflict.key: "theirs"}).document.nodes
    assert (nodes["one"].parent, nodes["two"].parent) == (None, "one")


def test_an_input_removed_here_and_changed_there_is_a_conflict():
    """Inputs, outputs and state merge by name and field."""
    gone = {"op": "set_input", "name": "question", "value": None}
    other = {"op": "set_input", "name": "question", "value": {"title": "Q", "type": "any"}}
    title = {"op": "set_input", "name": "question", "value": {"description": "Ask."}}
    (conflict,) = merge(BASE, edited(BASE, gone), edited(BASE, other)).open
    assert (conflict.place, conflict.ours) == ("inputs.question", None)
    found = merge(BASE, edited(BASE, title), edited(BASE, other))
    assert not found.conflicts
    spec = found.document.inputs["question"]
    assert (spec.type, spec.title, spec.description) == ("any", "Q", "Ask.")


def test_lists_of_names_merge_as_sets():
    """Tags added by both are all there, and what one took out is out."""
    base = edited(BASE, {"op": "set_meta", "key": "tags", "value": ["a", "b"]})
    ours = edited(base, {"op": "set_meta", "key": "tags", "value": ["a", "b", "mine"]})
    theirs = edited(base, {"op": "set_meta", "key": "tags", "value": ["b", "yours"]})
    assert merge(base, ours, theirs).document.tags == ("b", "mine", "yours")


def test_choices_that_fit_nothing_count_for_nothing():
    """A key that names no conflict, or a choice it does not offer."""
    ours, theirs = edited(BASE, config("temperature", 0.5)), edited(BASE, config("temperature", 0.9))
    found = merge(BASE, ours, theirs, {"field:work.config.temperature": "both", "nothing": "theirs"})
    assert len(found.open) == 1
    assert found.document == ours


def test_what_the_merge_itself_broke_is_told():
    """Ours reads an output that theirs took away with its node's kind: fine alone, not together."""
    ours = edited(BASE, add("more"), connect("work -> more"), connect("work.answer -> more.text", "data"))
    theirs = edited(BASE, of("kind", "control.join"))
    found = merge(BASE, ours, theirs)
    assert not found.conflicts
    assert any("work.answer -> more.text" in each.message for each in brought(found.document, ours, theirs))
    assert brought(ours, ours, theirs) == []
