"""Blackboard of volunteers: who has the data answers, who has not abstains, and the lead builds on the board."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

FILES = {"sales": "lamp 41 sold", "staff": "Ana looks after lamps", "stock": "lamp 120 in stock"}


def lead(request: str, visit: int) -> Reply:
    """What the lead asks for at its visit; nothing when the board is enough."""
    answer = {"thought": "So far.", "answered": not request, "request": request}
    return said("lead", {"answer": answer}, visit=visit)


def volunteers(visit: int, **answers: str) -> list[Reply]:
    """What the three say at their visit; PASS for those not named."""
    return [said(f"{id}_agent", answers.get(id, "PASS"), visit=visit) for id in FILES]


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("llm_blackboard_system", tmp_path).run(*replies, question="Who looks after the best seller?", **FILES)


def test_the_lead_asks_twice_and_each_time_another_owner_volunteers(tmp_path: Path) -> None:
    """The second request builds on the first reply, and the answer is written from what both posted."""
    ran = run(
        tmp_path, lead("What sold most?", 1), *volunteers(1, sales="The lamp: 41 sold."),
        lead("Who looks after lamps?", 2), *volunteers(2, staff="Ana looks after lamps."), lead("", 3),
        said("write", "Ana.", match="41 sold(?s:.*)Ana looks after lamps"),
    )  # fmt: skip
    assert ran.outputs["answer"] == "Ana."
    assert ran.outputs["board"].splitlines() == [
        "lead (request): What sold most?", "sales (reply): The lamp: 41 sold.",
        "lead (request): Who looks after lamps?", "staff (reply): Ana looks after lamps.",
    ]  # fmt: skip
    assert "The lamp: 41 sold." in ran.prompts("lead")[1] and "Nothing stands on the board" in ran.prompts("lead")[0]


def test_those_who_cannot_help_post_nothing_and_nobody_sees_anothers_files(tmp_path: Path) -> None:
    """Only the owner posts; each agent is asked the same request with its own files alone."""
    ran = run(
        tmp_path, lead("What sold most?", 1), *volunteers(1, sales="The lamp."), lead("", 2), said("write", "The lamp.")
    )
    assert [ran.visits[f"{id}_posts"] for id in FILES] == [1, 0, 0]
    for id, own in FILES.items():
        (prompt,) = ran.prompts(f"{id}_agent")
        assert own in prompt and "What sold most?" in prompt
        assert not any(other in prompt for name, other in FILES.items() if name != id)


def test_it_gives_up_after_four_requests_that_nobody_can_answer(tmp_path: Path) -> None:
    """When all abstain the lead asks again, four times, and the answer is written from what there is."""
    asked = [reply for turn in range(1, 5) for reply in (lead(f"Ask {turn}?", turn), *volunteers(turn))]
    ran = run(tmp_path, *asked, lead("Ask 5?", 5), said("write", "The board does not tell."))
    assert ran.outputs["answer"] == "The board does not tell."
    assert ran.visits["request"] == 4 and ran.visits["sales_agent"] == 4
    assert all(line.startswith("lead (request):") for line in ran.outputs["board"].splitlines())
