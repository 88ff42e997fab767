"""TradingGroup: rules overrule the decision, the next day's price labels it, and a mistake teaches the next day."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

COMPANY = "Northwind Looms"


def days(*prices: float) -> list[dict[str, Any]]:
    """Days with these closing prices."""
    return [{"day": n, "close": price, "news": f"news {n}"} for n, price in enumerate(prices, start=1)]


def group(style: str = "balanced") -> list[Reply]:
    """What the agents say that do not decide."""
    return [
        said("accounts", "Healthy."), said("news", "Good.", repeat=True), said("forecast", "up", repeat=True),
        said("style", style, repeat=True), said("reflect", "Mind the rumour.", repeat=True),
    ]  # fmt: skip


def decides(*decisions: str) -> list[Reply]:
    """The decision of each day."""
    return [said("decide", {"answer": {"reason": "So.", "decision": each}}) for each in decisions]


def test_the_stop_loss_overrules_the_decision(tmp_path: Path):
    """Bought at 101, a fall to 90 is sold though the agent holds; the loss is counted."""
    ran = Lab("tradinggroup", tmp_path).run(
        *group(), *decides("BUY", "HOLD"), company=COMPANY, days=days(100, 101, 90, 89)
    )
    assert [(each["decision"], each["order"]) for each in ran.outputs["log"]] == [("BUY", "BUY"), ("HOLD", "SELL")]
    assert "stop-loss" in ran.outputs["log"][1]["guard"] and ran.outputs["gain"] == -11


def test_a_bold_style_bears_a_fall_that_a_careful_one_does_not(tmp_path: Path):
    """The limit is a multiple of the mean daily move, 2 when bold and 1 when careful."""
    prices = days(100, 104, 99.5, 99)
    bold = Lab("tradinggroup", tmp_path / "bold").run(
        *group("bold"), *decides("BUY", "HOLD"), company=COMPANY, days=prices
    )
    careful = Lab("tradinggroup", tmp_path / "careful").run(
        *group("careful"), *decides("BUY", "HOLD"), company=COMPANY, days=prices
    )
    assert bold.outputs["log"][1]["order"] == "HOLD" and careful.outputs["log"][1]["order"] == "SELL"


def test_a_mistake_teaches_the_next_day_and_a_success_does_not(tmp_path: Path):
    """Bought before a fall: labelled failure, reflected on, and the lesson stands in the next day's prompts."""
    ran = Lab("tradinggroup", tmp_path).run(
        *group("bold"), *decides("BUY", "SELL"), company=COMPANY, days=days(100, 104, 103, 90)
    )
    assert [each["label"] for each in ran.outputs["examples"]] == ["failure", "success"]
    assert ran.visits["reflect"] == 1 and "Mind the rumour." not in ran.prompts("decide")[0]
    assert "Mind the rumour." in ran.prompts("decide")[1] and "Mind the rumour." in ran.prompts("forecast")[1]


def test_outcomes_are_remembered_in_the_next_run(tmp_path: Path):
    """The second run's first decision is told what was done in the same situation, and what it earned."""
    lab = Lab("tradinggroup", tmp_path)
    first = lab.run(*group(), *decides("BUY"), company=COMPANY, days=days(100, 101, 103))
    second = lab.run(*group(), *decides("BUY"), company=COMPANY, days=days(100, 101, 103))
    assert "success" not in first.prompts("decide")[0] and "success" in second.prompts("decide")[0]
