"""FinCon: only a loss makes them look back, beliefs change the next decision, lessons reach those they concern."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

DEBT = {"when": "debt grows", "lesson": "Say what it costs.", "role": "figures"}
PRAISE = {"when": "praise", "lesson": "Praise is no order.", "role": "news"}


def episodes(*changes: float) -> list[dict[str, Any]]:
    return [{"figures": f"Debt up in year {n}.", "news": f"Praise in year {n}.", "change": change}
            for n, change in enumerate(changes, 1)]  # fmt: skip


def decided(share: float) -> list[Reply]:
    """An episode: both reports and the decision."""
    answer = {"answer": {"why": "So.", "share": share}}
    return [said("figures", "Debt."), said("news", "Praise."), said("manager", answer)]


LOOKS_BACK = [
    said("critic", "Debt is a warning."), said("lessons", "The debt did it."),
    said("lessons", {"lessons": [DEBT, PRAISE]}),
]  # fmt: skip


def run(lab: Lab, *replies: Reply, changes: tuple[float, ...]) -> Ran:
    return lab.run(*replies, episodes=episodes(*changes), loss=3)


def test_after_a_loss_the_manager_decides_by_other_beliefs(tmp_path: Path):
    """Half of the money in a share that falls by 10: the beliefs are rewritten and stand in the next decision."""
    ran = run(Lab("fincon", tmp_path), *decided(50), *LOOKS_BACK, *decided(0), changes=(-10, -10))
    assert ran.outputs["beliefs"] == "Debt is a warning."
    first, second = ran.prompts("manager")
    assert "reasons to buy" in first and "Debt is a warning." in second and "reasons to buy" not in second
    assert "brought -5" in ran.outputs["decisions"][0] and ran.visits["critic"] == 1


def test_each_lesson_reaches_the_analyst_it_concerns_alone(tmp_path: Path):
    """The lesson on debt is read by the analyst of figures, the one on praise by that of news; in later runs too."""
    lab = Lab("fincon", tmp_path)
    ran = run(lab, *decided(50), *LOOKS_BACK, *decided(0), changes=(-10, -10))
    figures, news = ran.prompts("figures"), ran.prompts("news")
    assert "Say what it costs." in figures[1] and "Praise is no order." not in figures[1]
    assert "Praise is no order." in news[1] and "Say what it costs." not in news[1]
    assert "Mind what you learned" not in figures[0]
    later = run(lab, *decided(0), changes=(1,))
    assert "Say what it costs." in later.prompts("figures")[0]


def test_a_small_loss_or_a_gain_changes_nothing(tmp_path: Path):
    """Below the limit nobody looks back, and the first beliefs stay."""
    ran = run(Lab("fincon", tmp_path), *decided(10), *decided(50), changes=(-10, 8))
    assert ran.visits["critic"] == 0 and "reasons to buy" in ran.outputs["beliefs"]


def test_no_analyst_sees_the_other_s_source(tmp_path: Path):
    """Figures go to one, news to the other; the manager reads reports alone."""
    ran = run(Lab("fincon", tmp_path), *decided(0), changes=(1,))
    assert "Praise in year 1." not in ran.prompts("figures")[0] and "Debt up in year 1." not in ran.prompts("news")[0]
    assert "Debt up in year 1." not in ran.prompts("manager")[0] and "Debt." in ran.prompts("manager")[0]
