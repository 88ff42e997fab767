"""WMA: clicks are imagined, the best one alone is made, and what cannot be undone waits for a person."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said


def proposes(page: str, *clicks: str) -> Reply:
    return said("look", {"steps": list(clicks)}, match=f"(?s)Page: {page}\\n.*Propose")


def imagined(click: str, outcome: str, score: int) -> list[Reply]:
    """What a click is expected to change, and how good that is."""
    return [
        said("look", outcome, match=f"Action: {click}"),
        said("look", {"reason": "So.", "score": score}, match=f"(?s)After this action: {click}.*Judge it"),
    ]


def run(tmp_path: Path, *replies: Reply, answers: Any = (), task: str = "Order a lamp.") -> Ran:
    lab = Lab("wma_web_agent", tmp_path)
    return lab.run(*replies, answers=answers, task=task, site=lab.document.inputs["site"].default)


AT_HOME = [
    proposes("home", "Newsletter", "Lamps"),
    *imagined("Newsletter", "Mail.", 2),
    *imagined("Lamps", "Lamps.", 8),
]
STOP = [said("look", {"steps": ["STOP"]}, match="Propose"), *imagined("STOP", "Nothing changes.", 10)]


def test_only_the_best_imagined_click_is_made(tmp_path: Path):
    """The newsletter was proposed first and is never clicked, for what it would lead to is worth less."""
    ran = run(tmp_path, *AT_HOME, *STOP)
    assert ran.outputs["page"].startswith("Page: lamps") and ran.visits["click"] == 1
    ranking = [each["action"] for each in ran.results("look")[0]["ranking"]]
    assert ranking == ["Lamps", "Newsletter"]


def test_what_cannot_be_undone_waits_for_a_person(tmp_path: Path):
    """The click that buys is made once it is approved, and the person reads what the agent expects of it."""
    buys = [proposes("lamps", "Buy Lumo with one click"), *imagined("Buy Lumo", "It is paid.", 9)]
    ran = run(tmp_path, *AT_HOME, *buys, *STOP, answers=[{"decision": "Approve", "reason": "Go."}])
    assert ran.outputs["page"].startswith("Page: paid") and ran.outputs["said"] == "Go."
    refused = run(tmp_path / "again", *AT_HOME, *buys, answers=[{"decision": "Reject", "reason": "Too dear."}])
    assert refused.outputs["page"].startswith("Page: lamps") and refused.visits["click"] == 1


def test_nothing_is_clicked_where_every_outcome_is_bad(tmp_path: Path):
    """Below the least value it ends on the page where it stands."""
    ran = run(tmp_path, proposes("home", "Newsletter", "Chairs"), *imagined("Newsletter", "Mail.", 1),
              *imagined("Chairs", "Chairs.", 2))  # fmt: skip
    assert ran.outcomes("look") == ["none"] and ran.visits["click"] == 0
    assert ran.outputs["page"].startswith("Page: home")
