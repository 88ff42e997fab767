"""Differences of two documents as a person reads them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.document import Document, canonical
from graphs.document_change import Change
from graphs.document_diff import document_changes
from graphs.operations import OperationError, apply
from graphs.yaml_format import parse
from nodes.registry import KINDS
from tests.documents import documents, operations_on

BEFORE = """\
nodeloom: 1
title: Tutor
inputs: {problem: {}}
outputs: {answer: {type: text}}
limits: {steps: 20}
nodes:
  start: {kind: start}
  solve: {kind: agent, config: {prompt: "Solve {{problem}} step by step, and check the draft.", max_calls: 5}}
  critique: {kind: reflection.critique}
  finish: {kind: finish}
  calculator: {kind: tool.calculator}
  clock: {kind: tool.clock}
edges:
  flow: [start -> solve, solve -> critique, critique.revise -> solve, critique.accept -> finish]
  data: [start.problem -> solve.problem, solve.answer -> critique.draft, solve.answer -> finish.answer]
  attach: [calculator -> solve.tools, clock -> solve.tools]
"""


def changed(*replacements: tuple[str, str]) -> list[Change]:
    """What differs once texts of the document are replaced."""
    text = BEFORE
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return list(document_changes(parse(BEFORE), parse(text)))


def said(*replacements: tuple[str, str]) -> list[str]:
    """The same in words."""
    return [change.what for change in changed(*replacements)]


def test_a_document_does_not_differ_from_itself() -> None:
    """Equal documents, and those that differ in layout alone, have no changes."""
    assert changed() == []
    assert (
        changed(("critique: {kind: reflection.critique}", "critique: {kind: reflection.critique, position: [5, 5]}"))
        == []
    )


def test_a_changed_prompt_shows_its_words() -> None:
    """The setting is named, and the words taken out and put in stand below it."""
    (change,) = changed(("and check the draft", "and recompute each sum"))
    assert (change.sort, change.node, change.key) == ("setting", "solve", "prompt")
    assert change.lines()[0] == "~ solve: prompt changed"
    assert "[-check the draft.-]{+recompute each sum.+}" in "".join(change.lines()[1:])


def test_a_short_setting_is_said_in_one_sentence() -> None:
    """Both values stand in the sentence; a setting left out has its default."""
    assert said(("max_calls: 5", "max_calls: 8")) == ["solve: max calls was 5, is 8"]
    assert said((", max_calls: 5", "")) == [
        f"solve: max calls was 5, is {KINDS['agent'].config.model_fields['max_calls'].default}"
    ]


def test_a_default_written_out_is_no_difference() -> None:
    """A setting with the value it has anyway changes nothing for a person."""
    assert said(("max_calls: 5", "max_calls: 5, temperature: null")) == []


def test_a_new_node_says_where_it_stands() -> None:
    """Its neighbours along the flow and what it uses are in its sentence, not told again as edges."""
    found = said(
        ("  finish: {kind: finish}\n", "  finish: {kind: finish}\n  keep: {kind: memory.remember, label: Keep it}\n"),
        ("critique.accept -> finish", "critique.accept -> keep, keep -> finish"),
    )
    assert found == [
        "keep (Keep it) is new, after critique.accept, before finish",
        "critique.accept leads to keep, not to finish",
    ]


def test_a_node_that_is_gone_takes_its_edges_along() -> None:
    """The node is told once; edges that had to go with it are not."""
    found = said(("  clock: {kind: tool.clock}\n", ""), (", clock -> solve.tools", ""))
    assert found == ["clock is gone"]


def test_a_moved_edge_is_one_change() -> None:
    """A flow edge keeps its source, a data edge its target: the sentence names both ends of the move."""
    assert said(("critique.revise -> solve", "critique.revise -> critique")) == [
        "critique.revise leads to critique, not to solve"
    ]
    assert said(("solve.answer -> finish.answer", "start.problem -> finish.answer")) == [
        "finish.answer takes start.problem, not solve.answer"
    ]
    assert said(("clock -> solve.tools", "clock -> critique.tools")) == [
        "clock is attached to critique.tools, not to solve.tools"
    ]


def test_a_swapped_resource_is_one_change() -> None:
    """A socket that has another resource than before says which; a target that is entered from elsewhere too."""
    both = "[calculator -> solve.tools, clock -> solve.tools]"
    one, other = (parse(BEFORE.replace(both, f"[{tool} -> solve.tools]")) for tool in ("calculator", "clock"))
    assert [change.what for change in document_changes(one, other)] == ["solve.tools uses clock, not calculator"]
    assert said(("start -> solve", "calculator -> solve")) == ["solve comes after calculator, not after start"]


def test_edges_that_come_and_go_are_told() -> None:
    """Between nodes of both documents they are changes of their own."""
    (gone,) = changed((", critique.revise -> solve", ""))
    assert (gone.sort, gone.what, gone.before) == (
        "edge_removed",
        "critique.revise leads to solve no more",
        "critique.revise -> solve",
    )
    (new,) = changed(("start -> solve,", "start -> solve, solve.error -> finish,"))
    assert (new.sort, new.what) == ("edge_added", "solve.error leads to finish now")


def test_the_order_of_what_is_attached_counts() -> None:
    """It is the order of a team or a list of tools."""
    found = said(
        ("[calculator -> solve.tools, clock -> solve.tools]", "[clock -> solve.tools, calculator -> solve.tools]")
    )
    assert found == ["solve.tools uses clock and calculator in this order, not calculator and clock"]


def test_another_id_is_a_renamed_node_and_its_edges_follow() -> None:
    """A node that only got another id is not told as one gone and one new."""
    assert said(("critique", "judge"), ("reflection.judge", "reflection.critique")) == ["critique is now called judge"]


def test_the_workflow_itself_is_compared() -> None:
    """Title, inputs, outputs and limits, each with what it was."""
    found = changed(
        ("title: Tutor", "title: Coach"),
        ("{problem: {}}", "{problem: {required: false}, hint: {}}"),
        ("steps: 20", "steps: 30"),
    )
    assert [change.what for change in found] == [
        "the title was 'Tutor', is 'Coach'", "workflow input problem: required was True, is False",
        "workflow input hint (text) is new", "the limit of steps was 20, is 30",
    ]  # fmt: skip
    assert [change.sort for change in found] == ["meta", "input", "input", "limit"]


def test_an_unknown_kind_is_compared_as_written() -> None:
    """A document with kinds that are not installed can be compared too."""
    assert said(("reflection.critique", "house.critic")) == ["critique is a house.critic, not a reflection.critique"]


def test_an_edge_that_cannot_be_read_is_not_hidden() -> None:
    """It is told as it is written."""
    before = parse(BEFORE)
    edges = before.edges.model_copy(update={"flow": (*before.edges.flow, "start ->")})
    (change,) = document_changes(before, before.model_copy(update={"edges": edges}))
    assert change.what == "the edge 'start ->' is new and cannot be read"


@settings(max_examples=100, deadline=None)
@given(documents, documents)
def test_any_two_documents_can_be_compared(before: Document, after: Document) -> None:
    """Whatever they hold, every change has its sentence, and nothing is told where the content is the same."""
    changes = document_changes(before, after)
    assert all(change.what and change.lines() for change in changes)
    if canonical(before) == canonical(after):
        assert not changes
    assert not document_changes(after, after)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_edit_and_its_way_back_tell_of_the_same_nodes(data: st.DataObject) -> None:
    """What is new one way is gone the other way."""
    before: Document = data.draw(documents)
    try:
        after = apply(before, data.draw(operations_on(before)))
    except OperationError:
        return
    there, back = document_changes(before, after), document_changes(after, before)
    assert len(there) == len(back)
    assert {each.node for each in there if each.sort == "added"} == {
        each.node for each in back if each.sort == "removed"
    }
