"""The way for small models: small decisions become whole edits, with edges, ports and sockets worked out."""

from typing import Any

import pytest

from graphs.describing.step_by_step import INTENTS, intents, parts
from graphs.document import Document
from templates import catalogue
from tests.documents import answering, document
from tests.graphs.describing.asked import after, decided, item, proposed, words, worth

TUTOR = catalogue.load("maths_tutor").document
CRITIC = {"intent": "add", "kind": "reflection.critique", "after": "work", "setting": "max_revisions"}
BACK = "add a critic that sends the answer back at most three times"


def test_a_critic_stands_behind_the_maker_and_sends_back_at_most_as_often_as_wished() -> None:
    """The loop is closed, bounded, fed, and the maker's prompt has a place for what the critic says."""
    proposal = proposed(answering(), decided(**CRITIC), BACK)
    made = after(answering(), proposal)
    assert made.nodes["critique"].config == {"max_revisions": 3}
    assert set(made.edges.flow) == {
        "start -> work", "work -> critique", "critique.accept -> finish", "critique.revise -> work",
    }  # fmt: skip
    assert "critique.feedback -> work.feedback" in made.edges.data
    assert made.nodes["work"].config["prompt"].endswith("{{#feedback}}\nA reviewer said: {{feedback}}\n{{/feedback}}")
    assert worth(made) == []


def test_what_the_critic_says_needs_the_place_for_it_in_the_prompt() -> None:
    """The edge into a port that the prompt's change makes is accepted with that change, and with the new node."""
    proposal = proposed(answering(), decided(**CRITIC), BACK)
    fed = item(proposal, "Prompt gets “feedback”")
    assert set(fed.needs) == {item(proposal, "Add Critique").id, item(proposal, "Change the prompt").id}
    made = after(answering(), proposal, {fed.id})
    assert "feedback" in made.nodes["work"].config["prompt"] and "critique" in made.nodes


def test_a_tool_is_attached_below_the_node_that_uses_it() -> None:
    """A new resource stands in the first fitting socket, and what the workflow may do then is said."""
    replies = decided(intent="add", kind="tool.web_search", user="solve")
    proposal = proposed(TUTOR, replies, "let it look things up on the web before it answers")
    assert words(proposal) == ["Add Web search", "Solve uses Web search"]
    assert any("Search the web" in each for each in proposal.permissions)
    made = after(TUTOR, proposal)
    assert made.edges.attach[-1] == "web_search -> solve.tools"
    assert made.nodes["web_search"].position is not None


def test_a_resource_that_is_there_serves_one_more_node() -> None:
    """Nothing is added where an existing tool is chosen."""
    proposal = proposed(TUTOR, decided(intent="add", kind="calculator", user="plan"), "let Plan calculate too")
    assert words(proposal) == ["Plan uses Calculator"]


def test_a_socket_that_takes_one_gives_it_up_for_another() -> None:
    """The memory of Recall is swapped, not doubled."""
    replies = decided(intent="add", kind="resource.memory_space", user="recall", value="facts")
    proposal = proposed(TUTOR, replies, "let Recall use the memory facts")
    made = after(TUTOR, proposal)
    assert [edge for edge in made.edges.attach if edge.endswith("recall.memory")] == ["memory_space -> recall.memory"]
    assert made.nodes["memory_space"].config == {"space": "facts"}
    assert "notes -> recall" not in made.edges.attach


def test_a_node_is_renamed_by_its_label() -> None:
    """Its id stays, so that nothing that names it breaks."""
    replies = decided(intent="rename", node="work", name='"Solve"')
    proposal = proposed(answering(), replies, "rename Work to Solve")
    assert words(proposal) == ["Rename Prompt to Solve"]
    assert after(answering(), proposal).nodes["work"].label == "Solve"


def test_a_step_gives_way_to_another_kind() -> None:
    """Flow and data of the old step lead to and from the new one."""
    replies = decided(intent="replace_step", kind="deliberation.debate", node="work", setting="members")
    made = after(answering(), proposed(answering(), replies, "make a debate of three"))
    assert set(made.nodes) == {"start", "debate", "finish"}
    assert made.nodes["debate"].config == {"members": 3}
    assert "debate.answer -> finish.answer" in made.edges.data
    assert worth(made) == []


def test_an_empty_workflow_gets_all_it_needs() -> None:
    """Input, output, start and finish come with the first step."""
    replies = decided(intent="add", kind="deliberation.debate", setting="members")
    made = after(Document(), proposed(Document(), replies, "make a debate of three"))
    assert made.edges.flow == ("start -> debate", "debate -> finish")
    assert worth(made) == []


def test_what_a_memory_finds_is_handed_to_the_next_prompt() -> None:
    """A step that brings something is read by what follows it, and gets the memory it needs."""
    replies = decided(intent="add", kind="memory.recall", after="start")
    made = after(answering(), proposed(answering(), replies, "look into memory first"))
    assert "{{#recall}}" in made.nodes["work"].config["prompt"]
    assert "recall.text -> work.recall" in made.edges.data
    assert made.edges.attach == ("memory_space -> recall.memory",)
    assert worth(made) == []


def test_a_plain_step_is_told_what_to_do_and_its_result_counts() -> None:
    """A prompt takes the answer before it, and the finish takes its answer."""
    replies = decided(
        intent="add", kind="prompt", after="work", instruction="Translate this into French.", name="Translate"
    )
    made = after(answering(), proposed(answering(), replies, "translate the answer into French"))
    assert made.nodes["translate"].config == {"prompt": "Translate this into French.\n\n{{text}}"}
    assert {"work.answer -> translate.text", "translate.answer -> finish.answer"} <= set(made.edges.data)
    assert worth(made) == []


def test_a_removed_step_leaves_no_gap() -> None:
    """What led to it leads on, and a resource that only it used goes with it."""
    replies = decided(intent="remove", node="critique")
    proposal = proposed(TUTOR, replies, "remove the critique")
    made = after(TUTOR, proposal)
    assert "solve -> remember" in made.edges.flow and "critique" not in made.nodes
    assert words(proposal) == ["Solve leads to Remember, not Critique", "Remove Critique"]
    lone = document(
        {"a": "start", "b": "agent", "c": "finish", "t": "tool.clock"}, ("a -> b", "b -> c"), attach=("t -> b.tools",)
    )
    assert "t" not in after(lone, proposed(lone, decided(intent="remove", node="b"), "remove it")).nodes


def test_a_number_is_written_into_the_setting_that_is_meant() -> None:
    """The number of the wish is not asked for: there is only one."""
    replies = decided(intent="change_setting", node="critique", setting="max_revisions")
    proposal = proposed(TUTOR, replies, "let the critic send it back five times at most")
    assert words(proposal) == ["Revisions of Critique: 2 becomes 5"]


def test_a_prompt_gets_a_sentence_more_or_is_written_anew_with_its_variables() -> None:
    """What the prompt reads stays in it, whatever the model forgets."""
    more = decided(intent="change_setting", node="work", setting="prompt", how="add", value="Be brief.")
    made = after(answering(), proposed(answering(), more, "answer briefly"))
    assert made.nodes["work"].config["prompt"] == "Answer: {{question}}\nBe brief."
    anew = decided(intent="change_setting", node="work", setting="prompt", how="write_anew", value="Write a poem.")
    made = after(answering(), proposed(answering(), anew, "write a poem instead"))
    assert made.nodes["work"].config["prompt"] == "Write a poem.\n\n{{question}}"


def test_a_value_that_does_not_fit_is_asked_for_once_more_with_the_findings_words() -> None:
    """The bound stands in the second question; the second answer counts."""
    replies = [
        *decided(intent="change_setting", node="critique", setting="max_revisions"),
        {"node": "value", "match": "does not fit.*at most 20", "data": {"answer": 20}},
        {"node": "value", "data": {"answer": 99}},
    ]
    proposal = proposed(TUTOR, replies, "let the critic send it back more often")
    assert words(proposal) == ["Revisions of Critique: 2 becomes 20"]


def test_an_arrow_brings_the_obvious_data() -> None:
    """Of a node with several outcomes, the one meant is asked for."""
    replies = decided(intent="connect", node="critique", target="finish", outcome="accept")
    proposal = proposed(TUTOR, replies, "lead from Critique to Finish")
    assert words(proposal) == ["When Critique ends with “accept”, Finish runs"]


@pytest.mark.parametrize(
    ("replies", "wish", "expected"),
    [
        (
            decided(intent="set_workflow", setting="title", value="Helper"),
            "call the workflow Helper",
            ("title", "Helper"),
        ),
        (decided(intent="set_workflow", setting="steps"), "stop after 40 steps", ("steps", 40)),
    ],
)
def test_the_workflow_itself_is_changed(replies: Any, wish: str, expected: tuple[str, Any]) -> None:
    """Title and limits are part of what can be wished."""
    made = after(answering(), proposed(answering(), [*decided(intent="set_workflow"), *replies], wish))
    assert {**made.limits.model_dump(), "title": made.title}[expected[0]] == expected[1]


def test_several_edits_in_one_wish_are_made_one_after_the_other() -> None:
    """Each part is decided on the workflow as the part before left it."""
    replies = decided(intent=["remove", "rename"], node=["recall", "plan"], name="Think")
    proposal = proposed(TUTOR, replies, "remove recall and rename Plan to Think")
    assert words(proposal)[-2:] == ["Remove Recall", "Rename Plan to Think"]


def test_a_wish_that_is_no_edit_is_not_dropped_in_silence() -> None:
    """It becomes an item that says what would help."""
    proposal = proposed(answering(), decided(intent="none"), "be nicer to people")
    (only,) = proposal.items
    assert only.fault is not None and only.fault.what == "it could not be told what to change"
    assert "be nicer to people" in only.words
    assert after(answering(), proposal) == answering()


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("remove recall and rename Plan to Think", ["remove recall", "rename Plan to Think"]),
        ("add a plan, then add a critic. Rename it", ["add a plan", "add a critic", "Rename it"]),
        ("let it search and answer", ["let it search and answer"]),
    ],
)
def test_a_wish_falls_into_its_edits(wish: str, expected: list[str]) -> None:
    """At sentences, and where ``and`` leads on to a verb of editing."""
    assert parts(wish) == expected


@pytest.mark.parametrize(
    ("wish", "intent"),
    [
        ("rename Work to Solve", "rename"),
        ("take the critique out", "remove"),
        ("vote instead of one answer", "replace_step"),
        ("a run may take 40 steps", "set_workflow"),
        ("lead from Plan to Finish", "connect"),
        ("let it search the web", "add"),
        ("be brief", "change_setting"),
    ],
)
def test_few_intents_are_offered_and_the_one_meant_is_among_them(wish: str, intent: str) -> None:
    """What the words rule out is not asked about."""
    offered = intents(wish)
    assert intent in offered and len(offered) <= 4


def test_every_intent_has_words_to_choose_it_by() -> None:
    """Two intents with the same words could not be told apart."""
    said = [told for told, _ in INTENTS.values()]
    assert len(set(said)) == len(said)
