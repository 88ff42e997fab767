"""Temporal rules: a call out of order is refused, and an end that breaks a rule is sent back."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

TASK = "Add an exclamation mark."


def change(text: str = "def greet(name):\n    return name + '!'", match: str | None = None) -> Reply:
    """The agent writes the file."""
    return calls("agent", "change", match, action="write", path="greet.py", text=text)


def look(match: str | None = None) -> Reply:
    return calls("agent", "look", match, action="read", path="greet.py")


def try_out(match: str | None = None) -> Reply:
    return calls("agent", "try_out", match, code="1 + 1")


def test_no_change_before_a_look(tmp_path: Path):
    """The first change is refused with the reason and leaves the file as it was; after a look it is made."""
    ran = Lab("ltl_agent_specification", tmp_path).run(
        change("broken"), look("only after 'look'"), change(match="Hello"), try_out(), said("agent", "Done."), task=TASK
    )
    assert "name + '!'" in ran.outputs["code"] and ran.outputs["trace"] == ["look", "change", "try_out"]
    assert ran.outputs["broken"] == "" and ran.visits["agent"] == 1


def test_no_second_change_before_a_trial(tmp_path: Path):
    """Two changes in a row: the second waits until the first was tried out."""
    ran = Lab("ltl_agent_specification", tmp_path).run(
        look(), change(), change("second"), try_out("must come before"), change("third"), try_out(),
        said("agent", "Done."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["code"] == "third" and ran.outputs["trace"] == ["look", "change", "try_out", "change", "try_out"]


def test_an_end_that_breaks_a_rule_is_sent_back(tmp_path: Path):
    """Nothing forbids stopping after a change; the finished trace is judged, and the agent has to try it out."""
    ran = Lab("ltl_agent_specification", tmp_path).run(
        look(), change(), said("agent", "Done."), try_out("never tried out"), change(), try_out(),
        said("agent", "Tried."), task=TASK,
    )  # fmt: skip
    assert ran.outcomes("verdict") == ["otherwise", "hold"] and ran.outputs["answer"] == "Tried."


def test_what_stays_broken_is_told(tmp_path: Path):
    """An agent that never changes anything is sent back twice, and the rule it breaks is an output."""
    ran = Lab("ltl_agent_specification", tmp_path).run(said("agent", "I rest.", repeat=True), task=TASK)
    assert ran.visits["agent"] == 3 and "F change" in ran.outputs["broken"]
