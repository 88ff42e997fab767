"""TradingAgents: two sides answer each other, the risk team votes, and the manager can send back."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

REPORTS = [said("fundamental", "Sales grow."), said("sentiment", "One contract."), said("technical", "Prices rise.")]
DEBATE = [said("bull", "Bull one."), said("bear", "Bear one."), said("bull", "Bull two."), said("bear", "Bear two.")]


def votes(*answers: str) -> list[Reply]:
    """What the risk team says, in its order."""
    return [said("risk", f"So.\nAnswer: {answer}") for answer in answers]


def manager(verdict: str, why: str) -> list[Reply]:
    """What the fund manager says."""
    return [said("manager", why), said("manager", {"verdict": verdict, "score": 5})]


def run(tmp_path: Path, *replies: Reply) -> Ran:
    """A run on the invented company."""
    lab = Lab("tradingagents", tmp_path)
    sheet = {name: lab.document.inputs[name].default for name in ("fundamentals", "news", "prices")}
    return lab.run(*replies, question="Buy, hold or sell?", **sheet)


def test_bull_and_bear_answer_each_other_for_two_rounds(tmp_path: Path):
    """Each hears all that was said before and nothing later; then the trader has both sides, in order."""
    ran = run(
        tmp_path, *REPORTS, *DEBATE, said("trader", "HOLD, 5 percent."), *votes("HOLD", "HOLD", "HOLD"),
        *manager("accept", "Fine."),
    )  # fmt: skip
    assert ran.outputs == {"decision": "HOLD, 5 percent.", "approval": "Fine.", "risk": "HOLD"}
    first, second = ran.prompts("bull")
    assert "Bear: Bear one." not in first and "Bear: Bear one." in second and "Sales grow." in first
    assert "Bull: Bull one." in ran.prompts("bear")[0]
    said_before = ran.prompts("trader")[0]
    places = [
        said_before.index(each) for each in ("Bull: Bull one", "Bear: Bear one", "Bull: Bull two", "Bear: Bear two")
    ]
    assert places == sorted(places)


def test_the_manager_sends_back_what_the_risk_team_voted_down(tmp_path: Path):
    """BUY against a majority for HOLD is rejected; the trader's second is approved."""
    ran = run(
        tmp_path, *REPORTS, *DEBATE, said("trader", "BUY, 30 percent."),
        *votes("BUY", "HOLD", "HOLD", "BUY", "HOLD", "HOLD"), *manager("revise", "Against the vote."),
        said("trader", "HOLD, 5 percent."), *votes("HOLD", "HOLD", "HOLD"), *manager("accept", "Now it is fine."),
    )  # fmt: skip
    assert ran.outputs["decision"] == "HOLD, 5 percent." and ran.outputs["approval"] == "Now it is fine."
    assert "The risk team voted HOLD" in ran.prompts("manager")[0]
    assert "Against the vote." in ran.prompts("trader")[1] and "Against the vote." not in ran.prompts("trader")[0]
    assert (ran.visits["trader"], ran.visits["bull"]) == (2, 2)


def test_the_debate_waits_for_all_analysts(tmp_path: Path):
    """Each analyst sees its own sheet only, and the Bull speaks once all three have reported."""
    ran = run(
        tmp_path,
        *REPORTS,
        *DEBATE,
        said("trader", "HOLD."),
        *votes("HOLD", "HOLD", "HOLD"),
        *manager("accept", "Fine."),
    )
    assert set(ran.order[1:4]) == {"fundamental", "sentiment", "technical"} and ran.visits["reports"] == 1
    assert (
        "order book" in ran.prompts("fundamental")[0].casefold() and "waterworks" not in ran.prompts("fundamental")[0]
    )
    assert "17.20" in ran.prompts("technical")[0] and "waterworks" in ran.prompts("sentiment")[0]
