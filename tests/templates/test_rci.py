"""RCI: the draft is criticised and improved until it can stay."""

from pathlib import Path

from tests.templates.running import Lab, said

TASK = {"task": "Search for chairs.", "screen": '<input id="q">\n<button id="go">Search</button>'}
REVISE, ACCEPT = {"verdict": "revise", "score": 3}, {"verdict": "accept", "score": 9}


def test_a_criticised_draft_is_improved_and_then_stays(tmp_path: Path):
    """The draft without its second action is sent back, and the improved one, judged anew, is the answer."""
    ran = Lab("rci", tmp_path).run(
        said("draft", 'type q "chairs"'),
        said("criticise", "The search is never started: click go is missing.", visit=1), said("criticise", REVISE),
        said("improve", 'type q "chairs"\nclick go', match="click go is missing"),
        said("criticise", "Nothing is missing.", match=r'Draft:\ntype q "chairs"\nclick go'), said("criticise", ACCEPT),
        **TASK,
    )  # fmt: skip
    assert ran.outputs == {"actions": 'type q "chairs"\nclick go'}
    assert ran.order == ["start", "draft", "criticise", "improve", "criticise", "finish"]


def test_a_draft_that_can_stay_is_not_touched(tmp_path: Path):
    """Where the critic has no objection, nothing is rewritten."""
    ran = Lab("rci", tmp_path).run(
        said("draft", "click go"), said("criticise", "Fine."), said("criticise", ACCEPT), **TASK
    )
    assert ran.outputs == {"actions": "click go"} and ran.visits["improve"] == 0


def test_the_recursion_is_bounded_and_goes_on_from_the_last_draft(tmp_path: Path):
    """A critic that never agrees costs two improvements, the second made from the first."""
    ran = Lab("rci", tmp_path).run(
        said("draft", "draft 0"),
        said("criticise", "No.", match="Draft:", repeat=True), said("criticise", REVISE, repeat=True),
        said("improve", "draft 1", match="Draft:\ndraft 0"), said("improve", "draft 2", match="Draft:\ndraft 1"),
        **TASK,
    )  # fmt: skip
    assert ran.outputs == {"actions": "draft 2"}
    assert (ran.visits["improve"], ran.outcomes("criticise")) == (2, ["revise", "revise", "accept"])
    assert '<button id="go">' in ran.prompts("criticise")[0]
