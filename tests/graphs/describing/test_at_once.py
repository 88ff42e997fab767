"""The way for large models: one answer with all edits, corrected once, nothing dropped."""

from typing import Any

from openai.lib._pydantic import to_strict_json_schema

from graphs.describing.edits import Edits
from tests.documents import answering, document
from tests.graphs.describing.asked import after, edited, item, proposed, words, worth


def add(id: str, kind: str, **settings: Any) -> dict[str, Any]:
    given = [{"key": key, "value": value} for key, value in settings.items()]
    return {"op": "add_node", "id": id, "kind": kind, "label": "", "parent": "", "settings": given}


def connect(edge: str, sort: str = "flow") -> dict[str, Any]:
    return {"op": "connect", "sort": sort, "edge": edge}


def disconnect(edge: str, sort: str = "flow") -> dict[str, Any]:
    return {"op": "disconnect", "sort": sort, "edge": edge}


CRITIC = (
    disconnect("work.done -> finish"), add("critique", "reflection.critique", max_revisions=3),
    connect("work.done -> critique"), connect("critique.accept -> finish"), connect("critique.revise -> work"),
    connect("work.answer -> critique.draft", "data"),
)  # fmt: skip


def test_all_edits_come_in_one_answer() -> None:
    """Edges are read in any spelling, a setting of a new node is part of it, and what the model says is kept."""
    proposal = proposed(answering(), [edited(*CRITIC, said="A critic is added.")], way="once")
    assert proposal.said == "A critic is added." and proposal.spent.calls == 1
    assert "Add Critique with Revisions 3" in words(proposal)
    assert worth(after(answering(), proposal)) == []


def test_what_does_not_hold_is_asked_for_once_more_with_its_words() -> None:
    """The second answer counts; the first one's faults are told in it."""
    wrong = add("critique", "reflection.critic")
    replies = [
        {**edited(*CRITIC), "match": "(?s)do not hold.*there is no kind 'reflection.critic'.*reflection.critique"},
        edited(wrong),
    ]
    proposal = proposed(answering(), replies, way="once")
    assert proposal.spent.calls == 2
    assert [each for each in proposal.items if each.fault] == []


def test_what_is_wrong_twice_is_shown_with_the_reason() -> None:
    """An edit that cannot be made stays in the proposal and cannot be accepted; the rest can."""
    wrong = {"op": "rename_node", "id": "werk", "label": "Solve"}
    right = {"op": "set_title", "value": "Helper"}
    proposal = proposed(answering(), [edited(wrong, right), edited(wrong, right)], way="once")
    faulty = proposal.items[0]
    assert faulty.fault is not None and faulty.fault.mend == "Did you mean 'work'?"
    assert after(answering(), proposal).title == "Helper"


def test_the_better_of_two_answers_counts() -> None:
    """A correction that is worse than what it corrects is not taken."""
    bad = [{"op": "remove_node", "id": f"n{number}"} for number in range(3)]
    first = [{"op": "set_title", "value": "Helper"}, bad[0]]
    proposal = proposed(answering(), [edited(*first), edited(*bad)], way="once")
    assert words(proposal)[0].endswith("Helper")


def test_what_can_be_mended_is_mended_and_said_to_be() -> None:
    """A missing edge with one obvious source is added as an item of its own."""
    edits = (
        disconnect("work -> finish"),
        add("plan", "planning.plan"),
        connect("work -> plan"),
        connect("plan -> finish"),
    )
    proposal = proposed(answering(), [edited(*edits)], way="once")
    (mended,) = [each for each in proposal.items if each.mends]
    assert mended.words == "Plan gets “goal” from Start’s “question”" and item(proposal, "Add Plan").id in mended.needs
    assert worth(after(answering(), proposal)) == []


def test_what_is_left_wrong_is_said() -> None:
    """A finding that nobody can mend stands in the proposal; those of before do not."""
    broken = document({"start": "start", "work": "prompt", "finish": "finish"}, ("start -> work", "work -> finish"))
    edits = [disconnect("work -> finish")]
    proposal = proposed(broken, [edited(*edits), edited(*edits)], way="once")
    assert "FLW102" in {each.code for each in proposal.left}
    assert "DAT101" not in {each.code for each in proposal.left}


def test_a_model_can_write_no_code_and_grant_nothing() -> None:
    """Snippets, hosts, folders and secrets are refused; the node comes without them."""
    edits = (
        add("run", "tools.run_code", code="print(1)", seconds=3),
        add("http", "tool.http_request", allowed_hosts=["evil.example"], secret="KEY"),
        add("search", "tool.file_search", folder="home"),
        {"op": "set_config", "id": "run", "key": "call", "value": "print(2)"},
    )
    proposal = proposed(answering(), [edited(*edits), edited(*edits)], way="once")
    refused = {each.key for each in proposal.items if each.fault}
    assert refused == {"code", "call", "allowed_hosts", "secret", "folder"}
    made = after(answering(), proposal)
    assert made.nodes["run"].config == {"seconds": 3}
    assert made.nodes["http"].config == {} and made.nodes["search"].config == {}


def test_values_are_read_as_their_setting_has_them() -> None:
    """JSON in a text becomes a list where the setting is one, and stays a text where it is one."""
    edits = (
        add("route", "control.route", routes='[{"name": "long", "condition": "size(value) > 9"}]'),
        {"op": "set_config", "id": "work", "key": "prompt", "value": "[1, 2] {{question}}"},
        {"op": "set_limit", "key": "steps", "value": 40.0},
    )
    made = after(answering(), proposed(answering(), [edited(*edits), edited(*edits)], way="once"))
    assert made.nodes["route"].config["routes"] == [{"name": "long", "condition": "size(value) > 9"}]
    assert made.nodes["work"].config["prompt"] == "[1, 2] {{question}}"
    assert made.limits.steps == 40 and isinstance(made.limits.steps, int)


def test_inputs_outputs_and_state_can_be_wished() -> None:
    """A new port of the workflow is there for the edges after it, and they need it."""
    edits = (
        {"op": "set_input", "name": "tone", "type": "text", "title": "Tone"},
        {"op": "set_config", "id": "work", "key": "prompt", "value": "In a {{tone}} tone: {{question}}"},
        connect("start.tone -> work.tone", "data"),
        {"op": "set_output", "name": "answer", "type": "", "title": ""},
        {"op": "set_state", "name": "notes", "type": "text", "title": ""},
    )
    proposal = proposed(answering(), [edited(*edits), edited(*edits)], way="once")
    fed = item(proposal, "Prompt gets “tone”")
    assert {item(proposal, "The workflow asks for “tone”").id, item(proposal, "Prompt of Prompt").id} == set(fed.needs)
    assert {"The workflow gives “answer” no more", "A state variable “notes” (text)"} <= set(words(proposal))


def test_a_removed_node_goes_with_its_edges() -> None:
    """One item for the node and all that touches it."""
    proposal = proposed(answering(), [edited({"op": "remove_node", "id": "work"})] * 2, way="once")
    assert item(proposal, "Remove Prompt").sort == "removed"
    assert after(answering(), proposal).edges.flow == ()


def test_the_schema_passes_the_strict_mode_of_openai() -> None:
    """Every object is closed, every key required, and nothing is a free record or has a default."""

    def look(part: Any) -> None:
        if isinstance(part, dict):
            assert "oneOf" not in part and "default" not in part and "discriminator" not in part
            if part.get("type") == "object":
                assert part["additionalProperties"] is False
                assert set(part["required"]) == set(part["properties"])
            for each in part.values():
                look(each)
        elif isinstance(part, list):
            for each in part:
                look(each)

    look(to_strict_json_schema(Edits))
