"""A small town that remembers: people act on their own stream, and insights of the morning change the afternoon."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

PEOPLE = [{"name": "Ana", "persona": "Ana runs the cafe."}, {"name": "Ben", "persona": "Ben is a student."}]
PLACE = {"cafe": "open", "invited": []}
INSIGHT = "Ana likes company."


def ruled(node: str, tries: str, event: str, cafe: str = "") -> Reply:
    """The game master's ruling on what somebody tries."""
    changes = [{"variable": "cafe", "value": cafe}] if cafe else []
    answer = {"thought": "Fine.", "possible": True, "event": event, "changes": changes}
    return said(node, answer, match=f"tries this: {tries}", repeat=True)


def town(lab: Lab) -> Ran:
    """A day: Ana invites Ben in the morning; who has heard of it acts on that in the afternoon."""
    return lab.run(
        said("decide", "I read.", match="student(?s:.*)Just now: Ben saw: nothing yet"),
        said("decide", "I come to the party.", match=f"student(?s:.*){INSIGHT}(?s:.*)Just now"),
        said("decide", "I thank Ana.", match="student(?s:.*)Just now(?s:.*)Ana invites Ben"),
        said("decide", "I invite Ben.", match="cafe\\.", repeat=True),
        said("decide", "I wait.", repeat=True),
        *(
            reply for node in ("morning", "afternoon") for reply in (
                ruled(node, "I invite Ben", "Ana invites Ben.", cafe="decorated"), ruled(node, "I read", "Ben reads."),
                ruled(node, "I thank Ana", "Ben thanks Ana."), ruled(node, "I come", "Ben comes to the party."),
                ruled(node, "I wait", "Ben waits."),
            )
        ),
        said("reflect", {"questions": ["What does Ana like?"]}, match="Ana saw"),
        said("reflect", {"insights": [{"insight": INSIGHT, "because": [1]}]}),
        people=PEOPLE, place=PLACE,
    )  # fmt: skip


def test_an_insight_of_the_morning_changes_what_is_done_in_the_afternoon(tmp_path: Path) -> None:
    """Ben comes to the party only once the insight stands among his memories."""
    ran = town(Lab("generative_agents", tmp_path))
    assert ran.outputs["insights"] == [INSIGHT]
    assert "Ben comes to the party." in [each["event"] for each in ran.outputs["events"]]
    morning, afternoon = ran.prompts("decide")[:4], ran.prompts("decide")[4:]
    assert not any(INSIGHT in each for each in morning) and any(INSIGHT in each for each in afternoon)
    assert all("decorated" in each for each in afternoon)  # the town the morning left behind


def test_everyone_remembers_what_they_saw_and_nobody_else_s_memories(tmp_path: Path) -> None:
    """The stream holds the observations of both, and each prompt only those of its own person."""
    lab = Lab("generative_agents", tmp_path)
    ran = town(lab)
    written = [hit.text for hit in lab.spaces["town-stream"].hits.values()]
    assert any(text.startswith("Ana saw: ") and "Ana invites Ben." in text for text in written)
    for prompt in ran.prompts("decide"):
        other = "Ana" if "student" in prompt else "Ben"
        assert f"- {other} saw:" not in prompt
    again = town(lab)
    assert any("- Ben saw: " in prompt for prompt in again.prompts("decide")[:2])  # the stream outlives the run


def test_too_little_new_leaves_out_the_reflection(tmp_path: Path) -> None:
    """When what is new does not reach the threshold, nobody reflects and the afternoon still comes."""
    ran = Lab("generative_agents", tmp_path).run(
        said("decide", "I sleep.", repeat=True),
        *(ruled(node, "I sleep", "Ana sleeps.") for node in ("morning", "afternoon")),
        people=PEOPLE[:1], place=PLACE,
    )  # fmt: skip
    assert ran.outcomes("reflect") == ["not_yet"] and ran.visits["afternoon"] == 1
