"""What holds for every proposal: any choice of its items can be made, nothing is lost, costs are counted."""

import asyncio
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.describing.accepting import operations, removal, with_needs
from graphs.describing.describe import LONGEST, describer, propose, way_for
from graphs.describing.items import Wanted, itemise
from graphs.operations import apply, invert
from nodes.contract import NodeError
from templates import catalogue
from tests.documents import answering
from tests.graphs.describing.asked import ScriptedModels, after, decided, edited, proposed
from tests.graphs.describing.test_at_once import CRITIC

TUTOR = catalogue.load("maths_tutor").document
PROPOSALS = (
    (answering(), proposed(answering(), [edited(*CRITIC)], way="once")),
    (TUTOR, proposed(TUTOR, decided(intent=["remove", "add"], node="recall", kind="memory.recall", after="start"),
                     "remove Recall and add a step that recalls from memory")),
    (TUTOR, proposed(TUTOR, decided(intent="replace_step", kind="deliberation.debate", node="solve"),
                     "make it a debate")),
)  # fmt: skip


@given(st.data())
def test_any_choice_can_be_made_and_taken_back(data: st.DataObject) -> None:
    """Whatever is accepted, the batch applies, and its inverse gives the document back."""
    document, proposal = data.draw(st.sampled_from(PROPOSALS))
    chosen = data.draw(st.sets(st.sampled_from([each.id for each in proposal.items])))
    ops = operations(document, proposal.items, chosen)
    made = apply(document, ops)
    assert apply(made, invert(document, ops)) == document


@pytest.mark.parametrize(("document", "proposal"), PROPOSALS)
def test_one_after_the_other_is_the_same_as_all_at_once(document: Any, proposal: Any) -> None:
    """Accepting item by item, in order, comes to what accepting all comes to."""
    step = document
    for each in proposal.items:
        step = apply(step, operations(step, [each], {each.id}))
    whole = after(document, proposal)
    assert set(step.nodes) == set(whole.nodes)
    assert [set(getattr(step.edges, sort)) for sort in ("flow", "data", "attach")] == [
        set(getattr(whole.edges, sort)) for sort in ("flow", "data", "attach")
    ]


def test_what_an_item_needs_is_what_it_cannot_do_without() -> None:
    """Without one of its needs an item does not apply; with them it does."""
    document, proposal = PROPOSALS[0]
    for each in proposal.items:
        taken = with_needs(proposal.items, {each.id})
        assert set(each.needs) <= taken
        apply(document, operations(document, proposal.items, {each.id}))


def test_a_change_that_changes_nothing_says_so() -> None:
    """It is an item with a fault, not an empty edit."""
    same = Wanted(({"op": "set_meta", "key": "title", "value": answering().title},))
    (only,), made = itemise(answering(), [same])
    assert only.fault is not None and only.fault.what == "it is so already" and made == answering()
    default = Wanted(({"op": "set_config", "id": "work", "key": "answer_type", "value": "text"},))
    (only,), made = itemise(answering(), [default])
    assert only.fault is not None and made == answering()


def test_what_is_no_operation_is_an_item_all_the_same() -> None:
    """It is told as it was written, with what is wrong with it."""
    (only,), _ = itemise(answering(), [Wanted(({"op": "explode", "id": "work"},))])
    assert only.words == "explode: id work"
    assert only.fault is not None and "unknown operation" in only.fault.what


def test_a_node_is_removed_with_those_in_it() -> None:
    """A frame goes with its body, the innermost first."""
    looped = next(
        document
        for document in (catalogue.load(slug).document for slug in catalogue.slugs())
        if any(node.kind == "control.for_each" for node in document.nodes.values())
    )
    frame = next(id for id, node in looped.nodes.items() if node.kind == "control.for_each")
    made = apply(looped, removal(looped, frame))
    assert frame not in made.nodes
    assert all(node.parent != frame for node in made.nodes.values())


def test_costs_are_told_while_they_come_and_in_the_end() -> None:
    """Calls, tokens and seconds of all calls together."""
    told: list[Any] = []
    proposal = proposed(
        answering(), decided(intent="rename", node="work", name="Solve"), "rename Work to Solve",
        tell=lambda event: told.append(dict(event)),
    )  # fmt: skip
    spent = [each for each in told if each["type"] == "spent"]
    assert [each["calls"] for each in spent] == [1, 2, 3]
    assert proposal.spent.calls == 3 and proposal.spent.usd == 0.0
    assert proposal.spent.input_tokens == spent[-1]["input_tokens"] > spent[0]["input_tokens"] > 0
    assert next(each["text"] for each in told if each["type"] == "step") == "What kind of change is it?"


@pytest.mark.parametrize("wish", ["", "   ", "x" * (LONGEST + 1)])
def test_a_wish_has_bounds(wish: str) -> None:
    """Neither nothing nor a book is asked."""
    with pytest.raises(NodeError, match="The wish has"):
        asyncio.run(propose(describer(ScriptedModels([])), answering(), wish, "scripted:test"))


def test_a_model_that_fails_is_said_in_our_words() -> None:
    """What the provider said comes out as a NodeError."""
    broken = [{"error": {"what": "The quota is used up", "mend": "Check the plan."}}]
    with pytest.raises(NodeError, match="The quota is used up"):
        proposed(answering(), broken)


def test_an_answer_that_does_not_fit_is_asked_for_once_more() -> None:
    """A name that is not among those offered is no answer; the problem is told."""
    replies = [
        {"node": "intent", "data": {"answer": "destroy"}},
        {"node": "intent", "match": "That does not fit", "data": {"answer": "rename"}},
        *decided(node="work", name="Solve"),
    ]
    made = after(answering(), proposed(answering(), replies, "rename Work to Solve"))
    assert made.nodes["work"].label == "Solve"


def test_small_models_decide_step_by_step() -> None:
    """The built-in models are asked small questions, every other one for all at once."""
    assert [way_for(each) for each in ("builtin:qwen2.5-coder-1.5b", "openai:gpt-4o", "ollama:qwen3:4b")] == [
        "steps", "once", "once",
    ]  # fmt: skip


def test_the_proposals_of_these_tests_differ() -> None:
    """They are three, none the other."""
    assert all(one != other for (_, one), (_, other) in combinations(PROPOSALS, 2))
