"""AgentScope 1.0: one group of tools at a time, calls made at once, messages in order, and a person who steers."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

ACCEPT = {"text": "", "choice": "Good so"}


def work(group: str, answer: str, *expressions: str) -> list[Reply]:
    """A round: tools are chosen, all calls are made in one turn, the reviewer speaks."""
    node = f"with_{group}"
    calls = [{"name": "calculator", "arguments": {"expression": each}} for each in expressions]
    called = [said(node, tool_calls=calls)] if calls else []
    return [said("equip", {"label": group}), *called, said(node, answer), said("reviewer", f"I read: {answer}")]


def steered(tmp_path: Path, *replies: Reply, answers: list[dict[str, Any]]) -> Ran:
    """A run that a person steers, and its evaluation."""
    end = [said("evaluate", "Fine."), said("evaluate", {"right": 9, "heeds": 6})]
    return Lab("agentscope_1_0", tmp_path).run(*replies, *end, answers=answers, task="Paint two rooms.")


def test_a_person_interrupts_and_the_worker_goes_on_with_the_word(tmp_path: Path):
    """The word becomes a message; tools are chosen anew, and the second work is done with all messages before it."""
    ran = steered(tmp_path, *work("numbers", "5 litres."), *work("dates", "On Monday."),
                  answers=[{"text": "And when?", "choice": "Steer"}, ACCEPT])  # fmt: skip
    assert ran.outputs["messages"] == [
        "Worker: 5 litres.", "Reviewer: I read: 5 litres.", "User: And when?", "Worker: On Monday.",
        "Reviewer: I read: On Monday.",
    ]  # fmt: skip
    assert "User: And when?" in ran.prompts("equip")[1] and "User: And when?" in ran.prompts("with_dates")[0]
    assert ran.outputs["answer"] == "On Monday." and ran.outputs["score"] == 8


def test_calls_that_do_not_need_each_other_are_made_in_one_turn(tmp_path: Path):
    """Two calls of one answer both come back before the model speaks again."""
    ran = steered(tmp_path, *work("numbers", "2 and 3.", "14 / 7", "21 / 7"), answers=[ACCEPT])
    assert len(ran.tool_results("calculator")) == 2 and len(ran.prompts("with_numbers")) == 2


def test_only_the_chosen_group_of_tools_is_at_hand(tmp_path: Path):
    """The worker without tools has none attached, that with numbers no clock."""
    document = Lab("agentscope_1_0", tmp_path).document
    tools = {(edge.source, edge.target) for edge in document.parsed("attach")}
    assert ("clock", "with_numbers") not in tools and not any(target == "with_words" for _, target in tools)
    ran = steered(tmp_path, *work("words", "Hello."), answers=[ACCEPT])
    assert (ran.visits["with_words"], ran.visits["with_numbers"], ran.visits["with_dates"]) == (1, 0, 0)
