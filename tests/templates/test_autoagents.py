"""AutoAgents: observers mend the team, the plan and each step before the work goes on."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

TASK = "What is left of the concert's income?"
COOK, BOOKKEEPER, TREASURER = "Cook: cooks", "Bookkeeper: adds up costs", "Treasurer: reckons income"


def judged(observer: str, *verdicts: str) -> list[Reply]:
    """What an observer says, each time a sentence and the verdict drawn from it."""
    return [
        each
        for verdict in verdicts
        for each in (
            said(observer, f"{observer} says {verdict}.", match="Criteria:"),
            said(observer, {"verdict": verdict, "score": 5}, match="Put your judgement"),
        )
    ]


def test_observers_mend_the_team_and_the_plan(tmp_path: Path):
    """The cook is sent home, the plan without a treasurer is written anew, and only then the work begins."""
    ran = Lab("autoagents", tmp_path).run(
        said("create", {"answer": [COOK]}), *judged("watch_experts", "revise", "accept"),
        said("create", {"answer": [BOOKKEEPER, TREASURER]}), said("plan", {"steps": ["Bookkeeper: add up"]}),
        *judged("watch_plan", "revise", "accept"), said("plan", {"steps": ["Bookkeeper: costs", "Treasurer: rest"]}),
        said("expert", "392 euros."), said("expert", "808 euros."), *judged("watch_step", "accept", "accept"),
        said("note_result", "Costs: 392 euros"), said("note_result", "Rest: 808 euros"),
        said("work", "808 euros are left."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "808 euros are left." and ran.outputs["experts"] == [BOOKKEEPER, TREASURER]
    assert "watch_experts says revise." in ran.prompts("create")[1]
    assert "watch_plan says revise." in ran.prompts("plan")[1] and COOK not in ran.prompts("plan")[0]
    assert ran.order.index("expert") > ran.order.index("watch_plan")
    assert [each["result"] for each in ran.outputs["plan"]["steps"]] == ["Costs: 392 euros", "Rest: 808 euros"]


def test_the_observer_of_a_step_has_it_done_again(tmp_path: Path):
    """The first step is done twice, the second time by calculation; the next expert knows the mended result alone."""
    ran = Lab("autoagents", tmp_path).run(
        said("create", {"answer": [BOOKKEEPER, TREASURER]}), *judged("watch_experts", "accept"),
        said("plan", {"steps": ["Bookkeeper: costs", "Treasurer: rest"]}), *judged("watch_plan", "accept"),
        said("expert", "About 300 euros."), *judged("watch_step", "revise"),
        calls("expert", "calculator", expression="280 + 32 * 3.5"), said("expert", "392 euros."),
        said("expert", "808 euros."), *judged("watch_step", "accept", "accept"),
        said("note_result", "Costs: 392 euros"), said("note_result", "Rest: 808 euros"), said("work", "808 euros."),
        task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "808 euros."
    first, again, *_, last = ran.prompts("expert")
    assert BOOKKEEPER in first and "watch_step says revise." not in first
    assert "watch_step says revise." in again and "392" in str(ran.tool_results("calculator")[0])
    assert "Costs: 392 euros" in last and "About 300" not in last and "watch_step says revise." not in last


def test_each_observer_sends_back_once(tmp_path: Path):
    """An observer of the experts that is never content ends the draft at its limit, and the work is done."""
    ran = Lab("autoagents", tmp_path).run(
        said("create", {"answer": [COOK]}, repeat=True), *judged("watch_experts", "revise", "revise"),
        said("plan", {"steps": ["Cook: all"]}), *judged("watch_plan", "accept"), said("expert", "Done."),
        *judged("watch_step", "accept"), said("note_result", "Done."), said("work", "Done."), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Done." and ran.visits["create"] == 2
