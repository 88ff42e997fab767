"""What follows from a choice: where steps stand, what feeds them, what is swapped, what is put into words."""

import asyncio
from typing import Any

import pytest

from graphs.describing.attaching import attach
from graphs.describing.describe import describer, propose
from graphs.describing.draft import Draft, id_of
from graphs.describing.feeding import feed
from graphs.describing.insertion import insert_after
from graphs.describing.mending import mends
from graphs.describing.removing import replace
from graphs.describing.settings import as_written, guard, settings_of
from graphs.describing.words import Speaker
from graphs.document import Document
from graphs.operations import Disconnect, apply, parse_operations
from graphs.validate import validate
from nodes.registry import KINDS
from templates import catalogue
from tests.documents import answering, document
from tests.graphs.describing.asked import ScriptedModels, decided, worth

TUTOR = catalogue.load("maths_tutor").document


def test_a_new_card_covers_no_other() -> None:
    """However many are added, no two stand in the same place."""
    draft = Draft(TUTOR, KINDS)
    for _ in range(6):
        draft.add("tool.clock", near="solve", below=True)
    places = [node.position for node in draft.document.nodes.values()]
    assert len(set(places)) == len(places)


def test_a_new_step_stands_in_the_frame_of_the_one_before() -> None:
    """What follows a node of a frame's body is of that body."""
    looped = document(
        {"s": "start", "f": "control.for_each", "w": {"kind": "prompt", "parent": "f"}, "e": "finish"},
        ("s -> f", "f.each -> w", "f -> e"), ("s.items -> f.items", "f.item -> w.task", "w.answer -> f.result"),
        inputs={"items": {"type": "list[text]"}},
    )  # fmt: skip
    draft = Draft(looped, KINDS)
    id = insert_after(draft, "reflection.critique", "w")
    assert draft.document.nodes[id].parent == "f"
    assert [each.code for each in validate(draft.document) if each.code.startswith("FLW109")] == []


@pytest.mark.parametrize("kind", sorted(kind for kind, spec in KINDS.items() if spec.run and not spec.frame))
def test_every_kind_can_be_put_between_two_steps(kind: str) -> None:
    """Whatever is inserted, the flow still comes from start to finish, and no edge is malformed."""
    if kind in ("start", "finish"):
        return
    draft = Draft(answering(), KINDS)
    id = insert_after(draft, kind, "work")
    flow = draft.subject.flow
    assert flow.reaches("work", id)
    assert not draft.ways_out(id) or flow.reaches("start", "finish")
    made = apply(draft.document, mends(draft.document, KINDS, validate, validate(answering())))
    codes = {each.code for each in validate(made) if each.severity == "error"}
    assert codes <= {"DAT101", "ATT104", "CFG101", "CFG103"}, codes


def test_a_step_whose_loop_nothing_bounds_is_not_led_back() -> None:
    """A rejection ends there: whoever wants a loop adds its bound."""
    draft = Draft(answering(), KINDS)
    insert_after(draft, "control.approve", "work")
    assert not any("approve.rejected" in text for text in draft.document.edges.flow)
    assert worth(draft.document) == []


def test_a_critic_behind_the_start_has_nobody_to_send_back_to() -> None:
    """All its ways lead on."""
    draft = Draft(answering(), KINDS)
    insert_after(draft, "reflection.critique", "start")
    assert "critique.revise -> work" in draft.document.edges.flow


def test_a_plan_is_handed_to_the_one_who_works() -> None:
    """A place in the prompt, optional, and the edge into it."""
    draft = Draft(answering(), KINDS)
    id = insert_after(draft, "planning.plan", "start")
    assert f"{{{{#{id}}}}}" in draft.document.nodes["work"].config["prompt"]
    assert worth(draft.document) == []


def test_a_replaced_step_keeps_its_tools() -> None:
    """What was attached to the old one is attached to the new one, as far as it has a socket."""
    draft = Draft(TUTOR, KINDS)
    id = replace(draft, "solve", "tools.act_in_code")
    assert {f"calculator -> {id}.tools", f"python -> {id}.tools"} <= set(draft.document.edges.attach)
    assert {f"plan -> {id}", f"{id} -> critique", f"critique.revise -> {id}"} <= set(draft.document.edges.flow)


def test_a_socket_with_room_keeps_what_is_in_it() -> None:
    """Only a socket that takes one gives it up."""
    draft = Draft(TUTOR, KINDS)
    attach(draft, draft.add("tool.clock"), "solve")
    assert not any(isinstance(op, Disconnect) for op in draft.ops)


def test_an_input_takes_what_it_is_named_for_then_what_its_name_is_for_then_its_type() -> None:
    """``task`` is the question of the run, ``draft`` the last work, and a number the one number there is."""
    draft = Draft(answering(), KINDS)
    id = draft.add("reflection.refine", near="work")
    draft.do(*parse_operations([{"op": "connect", "sort": "flow", "edge": f"work -> {id}"}]))
    feed(draft, id)
    assert {f"work.answer -> {id}.draft", f"start.question -> {id}.task"} <= set(draft.document.edges.data)
    scored = document(
        {"s": "start", "j": "deliberation.judge", "r": "reflection.retrospect"}, ("s -> j", "j.pass -> r"),
        inputs={"text": {}},
    )  # fmt: skip
    draft = Draft(scored, KINDS)
    feed(draft, "r")
    assert "j.score -> r.reward" in draft.document.edges.data


def test_mends_take_nothing_away_and_stop_where_one_stands_against_another() -> None:
    """A fix that would cut what was just proposed is left to the person."""
    edge = {"op": "connect", "sort": "attach", "edge": "calculator -> remember.memory"}
    wrong = apply(TUTOR, parse_operations([edge]))
    assert mends(wrong, KINDS, validate, validate(TUTOR)) == []
    open = apply(TUTOR, parse_operations([{"op": "disconnect", "sort": "attach", "edge": "notes -> recall"}]))
    (mended,) = mends(open, KINDS, validate, validate(TUTOR))
    assert mended.model_dump()["edge"] == "notes -> recall.memory"


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ({"op": "connect", "sort": "flow", "edge": "critique.error -> finish"}, "When Critique fails, Finish runs"),
        ({"op": "disconnect", "sort": "attach", "edge": "notes -> recall"}, "No longer: Recall uses tutor-notes"),
        ({"op": "set_node", "id": "plan", "key": "note", "value": "Mind this."}, "Note of Plan: “Mind this.”"),
        ({"op": "set_node", "id": "plan", "key": "parent", "value": None}, "Take Plan out of its frame"),
        ({"op": "set_node", "id": "plan", "key": "parent", "value": "solve"}, "Put Plan into Solve"),
        ({"op": "move_node", "id": "plan", "position": [0, 0]}, "Move Plan"),
        ({"op": "set_config", "id": "plan", "key": "max_steps"}, "Most steps of Plan: 4 becomes “the default”"),
        ({"op": "set_limit", "key": "usd", "value": 1.5}, "Stop at $1.5"),
        ({"op": "set_limit", "key": "steps", "value": None}, "No limit of steps"),
        ({"op": "set_state", "name": "notes", "value": None}, "No state variable “notes” any more"),
        ({"op": "set_meta", "key": "tags", "value": ["a"]}, "Change the tags of the workflow"),
    ],
)
def test_operations_have_words(op: dict[str, Any], words: str) -> None:
    """With the labels on the canvas and the titles in the panel."""
    (read,) = parse_operations([op])
    said = Speaker(TUTOR, KINDS).sentence(read)
    assert said.split(" of ")[-1] == words.split(" of ")[-1]
    assert "_" not in said


def test_names_become_ids() -> None:
    """Lower case, and begun by a letter."""
    assert [id_of(name) for name in ("Look it up!", "3 judges", "Kritik")] == ["look_it_up", "node_3_judges", "kritik"]


def test_guarded_settings_are_those_that_are_code_or_grant_something() -> None:
    """Everything else a model may write."""
    assert guard(KINDS["tools.run_code"], "code") is not None
    assert guard(KINDS["tool.web_fetch"], "allowed_hosts") is not None
    assert guard(KINDS["agent"], "prompt") is None and guard(None, "prompt") is None
    assert as_written(KINDS["agent"], "max_calls", "5") == 5
    assert as_written(KINDS["agent"], "max_calls", "many") == "many"
    assert settings_of(KINDS["agent"])["temperature"].type == "number"


def test_an_empty_document_can_be_drafted_on() -> None:
    """Nothing there is no error."""
    draft = Draft(Document(), KINDS)
    assert insert_after(draft, "agent", None) == "agent"
    assert worth(draft.document) == []


def test_the_model_is_asked_at_temperature_zero_with_bounded_answers() -> None:
    """The same wish comes to the same proposal, and no answer runs on for ever."""
    models = ScriptedModels(decided(intent="rename", node="work", name="Solve"))
    asyncio.run(propose(describer(models), answering(), "rename it", "scripted:test", way="steps"))
    assert {(temperature, tokens) for _, temperature, tokens in models.given} == {(0, 3_000)}
