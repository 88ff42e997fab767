"""Operations one by one: what they change, what they refuse, and that a batch is whole or not at all."""

import pytest

from graphs.document import Node
from graphs.operations import (
    AddNode,
    Connect,
    Disconnect,
    MoveNode,
    OperationError,
    RemoveNode,
    SetConfig,
    SetLimit,
    SetNode,
    apply,
    invert,
    parse_operations,
)
from tests.documents import answering, chain, document


def _refused(*operations):
    with pytest.raises(OperationError, match="operation") as caught:
        apply(answering(), operations)
    return [(each.index, each.what, each.mend) for each in caught.value.problems]


def test_a_node_is_added_wired_and_set():
    """A batch builds on what it has made itself."""
    made = apply(answering(), [
        AddNode(id="check", node=Node(kind="reflection.critique")),
        Connect(sort="flow", edge="work -> check"),
        SetConfig(id="check", key="max_revisions", value=1),
    ])  # fmt: skip
    assert made.nodes["check"].config == {"max_revisions": 1}
    assert made.edges.flow[-1] == "work -> check"


def test_every_problem_of_a_batch_is_told_with_its_index():
    """Nothing is applied, and all reasons come at once, with the nearest name."""
    assert _refused(
        SetConfig(id="wrk", key="a", value=1),
        SetNode(id="work", key="label", value="fine"),
        Disconnect(sort="flow", edge="start -> wor"),
        AddNode(id="work", node=Node(kind="note")),
    ) == [
        (0, "there is no node 'wrk'", "Did you mean 'work'?"),
        (2, "there is no flow edge 'start -> wor'", "Did you mean 'start -> work'?"),
        (3, "there is a node 'work' already", "Give the new node another id."),
    ]


def test_a_node_in_use_is_not_removed():
    """Edges and body nodes are removed first."""
    ((_, what, _),) = _refused(RemoveNode(id="work"))
    assert "flow edge 'start -> work'" in what


def test_removing_after_its_edges_and_taking_it_back_keeps_the_order_of_edges():
    """The inverse puts edges back where they were."""
    before = chain(3)
    batch = [
        *(Disconnect(sort="flow", edge=edge) for edge in ("n1 -> n2", "n2 -> n3")),
        *(Disconnect(sort="data", edge=edge) for edge in ("n1.answer -> n2.text", "n2.answer -> n3.text")),
        RemoveNode(id="n2"),
    ]
    after = apply(before, batch)
    assert "n2" not in after.nodes
    assert apply(after, invert(before, batch)) == before


@pytest.mark.parametrize(
    ("edge", "says"),
    [("work > start", "is not an edge"), ("work -> gone", "no node 'gone'"), ("start -> work", "exists already")],
)
def test_a_new_edge_must_make_sense(edge, says):
    """Without ``at`` an edge is new: readable, between nodes that exist, and not there yet."""
    ((_, what, _),) = _refused(Connect(sort="flow", edge=edge))
    assert says in what


def test_absent_and_null_differ():
    """A setting without value is unset, with null it is null; a move without size keeps it."""
    made = apply(
        answering(),
        [SetConfig(id="work", key="temperature", value=None), MoveNode(id="work", position=(1, 2), size=(3, 4))],
    )
    assert made.nodes["work"].config["temperature"] is None
    sent = [
        {"op": "set_config", "id": "work", "key": "temperature"},
        {"op": "move_node", "id": "work", "position": [5, 6]},
    ]
    operations = parse_operations(sent)
    assert [each.model_dump(mode="json") for each in operations] == sent
    again = apply(made, operations)
    assert "temperature" not in again.nodes["work"].config
    assert again.nodes["work"].size == (3, 4)


def test_values_are_checked():
    """Limits and fields out of their bounds are refused with the value."""
    found = _refused(SetLimit(key="steps", value=0), SetNode(id="work", key="parent", value="No Id"))
    assert [("0" in found[0][1]), ("'No Id'" in found[1][1])] == [True, True]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("x", "expected a list"),
        ([{"op": "add_nod"}], "Did you mean 'add_node'?"),
        ([{"op": "add_node", "id": "A", "node": {"kind": "note"}}], "id"),
        ([3], "unknown operation 3"),
        ([{"op": "set_limit", "key": "dollars", "value": 1}], "key"),
    ],
)
def test_unreadable_operations_are_told_in_words(data, says):
    """What the wire brings is checked, each problem with its index."""
    with pytest.raises(OperationError) as caught:
        parse_operations(data)
    assert any(says in f"{each.what} {each.mend}" for each in caught.value.problems)


def test_the_document_before_is_untouched():
    """Documents never change in place."""
    before = answering()
    copy = before.model_dump()
    apply(before, [SetConfig(id="work", key="prompt", value="x"), SetNode(id="work", key="label", value="y")])
    assert before.model_dump() == copy


def test_adding_a_node_that_faulty_edges_named_already_can_be_taken_back():
    """What hung in the air before is lifted off, and hangs there again afterwards."""
    before = document({"body": {"kind": "note", "parent": "late"}}, flow=("late -> body", "body -> late"))
    batch = [AddNode(id="late", node=Node(kind="note"))]
    after = apply(before, batch)
    assert apply(after, invert(before, batch)) == before
