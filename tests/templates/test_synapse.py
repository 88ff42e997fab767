"""Agent with whole trajectories as exemplars: what was done well is shown whole to the next like task."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, calls, said

SCREEN = '<input id="tt"><button id="go">Login</button><div>Buy now</div>'
ANA, BEN = "Log in as ana with the password sun", "Log in as ben with the password rain"


def attempt(lab: Lab, task: str, verdict: str) -> Ran:
    """A run: the screen is cleaned, two steps are made, and they are judged."""
    played: list[Reply] = [
        said("agent", "tt holds the name.", match="Tool: type_text "),
        said("agent", "You are in.", match="Tool: click "),
    ]  # fmt: skip
    return lab.run(
        said("abstract", "tt: input\ngo: button"), *played,
        calls("agent", "type_text", "Task: ", element="tt", text=task[10:13]),
        calls("agent", "click", "^tt holds", element="go"), said("agent", "Logged in.", match="^You are in"),
        said("judge", "Well."), said("judge", {"verdict": verdict, "score": 5}), task=task, screen=SCREEN,
    )  # fmt: skip


def first_prompt(ran: Ran) -> str:
    return next(each for each in ran.prompts("agent") if "You control a computer" in each)


def test_a_whole_trajectory_is_shown_to_the_next_like_task(tmp_path: Path) -> None:
    """The second run reads every step of the first, in order, before its own task."""
    lab = Lab("synapse", tmp_path)
    first = attempt(lab, ANA, "accept")
    assert first.outputs == {"answer": "Logged in.", "verdict": "accept"}
    assert "done from beginning to end" not in first_prompt(first)
    prompt = first_prompt(attempt(lab, BEN, "accept"))
    steps = ["type_text(", "tt holds the name.", "click(", "You are in.", "Logged in.", f"Task: {BEN}"]
    places = [prompt.index(step) for step in steps]
    assert places == sorted(places)


def test_a_trajectory_that_was_not_accepted_is_not_shown(tmp_path: Path) -> None:
    """What the judge sends back is given out, but never kept."""
    lab = Lab("synapse", tmp_path)
    failed = attempt(lab, ANA, "revise")
    assert failed.visits["keep"] == 0 and failed.outputs["verdict"] == "revise"
    assert "Like tasks" not in first_prompt(attempt(lab, BEN, "accept"))


def test_the_agent_sees_the_cleaned_screen_alone(tmp_path: Path) -> None:
    """The raw screen goes to the cleaning step; the advertisement never reaches the agent."""
    ran = attempt(Lab("synapse", tmp_path), ANA, "accept")
    assert "Buy now" in ran.prompts("abstract")[0]
    assert "go: button" in first_prompt(ran) and not any("Buy now" in each for each in ran.prompts("agent"))
