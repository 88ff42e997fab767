"""AgentNet: peers route tasks by weights and memories of their own, and what comes of a task changes both."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

FERRY = {"task": "When does the ferry leave?", "expected": "8:15", "at": "Ada"}
PEERS = [
    {"name": name, "skills": f"things of {name}", "knows": f"Secret of {name}."} for name in ("Ada", "Ben", "Cleo")
]


def routes(who: str, way: str, match: str = "") -> Reply:
    """What the router of a peer decides, each time."""
    return said("router", {"label": way}, match=f"You are {who},[\\s\\S]*{match}", repeat=True)


def forwards(who: str, to: str) -> Reply:
    """Whom a peer forwards to, each time."""
    return said("forward", to, match=f"You are {who}\\.", repeat=True)


def run(lab: Lab, *replies: Reply, tasks: list[dict[str, Any]], **inputs: Any) -> list[dict[str, Any]]:
    """The log of these tasks among three peers."""
    given: dict[str, Any] = {"peers": PEERS, "keep": 0.5, "prune_below": 0.2, **inputs}
    return lab.run(*replies, tasks=tasks, **given).outputs["log"]


def test_a_connection_gains_by_success_and_loses_by_failure(tmp_path: Path):
    """Ben answers rightly and then wrongly: the weight goes from 0.5 to 0.75 and down to 0.375."""
    log = run(
        Lab("agentnet", tmp_path), routes("Ada", "forward"), forwards("Ada", "Ben"), routes("Ben", "execute"),
        said("execute", "At 8:15."), said("execute", "At noon."), tasks=[FERRY, FERRY],
    )  # fmt: skip
    assert [each["changed"] for each in log] == [{"Ada>Ben": 0.75}, {"Ada>Ben": 0.375}]
    assert [each["right"] for each in log] == [True, False]


def test_a_pruned_connection_is_not_used_any_more(tmp_path: Path):
    """After two failures Ada cannot reach Ben, though she names him: the strongest that is left takes over."""
    lab = Lab("agentnet", tmp_path)
    ran = lab.run(
        routes("Ada", "forward"), forwards("Ada", "Ben"), routes("Ben", "execute"), routes("Cleo", "execute"),
        said("execute", "At noon."), said("execute", "At noon."), said("execute", "At 8:15."),
        tasks=[FERRY] * 3, peers=PEERS, keep=0.5, prune_below=0.2,
    )  # fmt: skip
    log = ran.outputs["log"]
    assert [each["pruned"] for each in log] == [[], ["Ada>Ben"], []]
    assert log[2]["ways"][0] == "Ada forwarded it to Cleo" and log[2]["right"]
    assert "- Ben:" in ran.prompts("forward")[1] and "- Ben:" not in ran.prompts("forward")[2]
    assert ran.outputs["weights"] == {"Ada>Ben": 0.125, "Ada>Cleo": 0.75}


def test_each_peer_recalls_its_own_memory_alone_also_in_the_next_run(tmp_path: Path):
    """Ada's router reads what came of her decision, Ben's what came of his; neither reads the other's."""
    lab = Lab("agentnet", tmp_path)
    replies = (
        routes("Ada", "forward"), forwards("Ada", "Ben"), routes("Ben", "execute"),
        said("execute", "At 8:15.", repeat=True),
    )  # fmt: skip
    lab.run(*replies, tasks=[FERRY], peers=PEERS)
    ran = lab.run(*replies, tasks=[FERRY], peers=PEERS)
    ada, ben = ran.prompts("router")
    assert "I forwarded it to Ben, and the task was solved" in ada and "did it myself" not in ada
    assert "I did it myself, and the task was solved" in ben and "forwarded it" not in ben
    assert "I said: At 8:15." in ran.prompts("execute")[0]
    assert set(lab.spaces["agentnet-executors"].owners.values()) == {"Ben"}


def test_a_split_task_is_done_by_several_peers_and_put_together(tmp_path: Path):
    """Ada does the first part herself and forwards the second; each is answered from its peer's own knowledge."""
    lab = Lab("agentnet", tmp_path)
    both = {"task": "Ferry and lighthouse?", "expected": ["8:15", "Monday"], "at": "Ada"}
    ran = lab.run(
        routes("Ada", "split", "Ferry and lighthouse"), said("split", {"answer": ["Ferry when?", "Lighthouse when?"]}),
        routes("Ada", "execute", "Ferry when"), routes("Ada", "forward", "Lighthouse when"), forwards("Ada", "Cleo"),
        routes("Cleo", "execute"), said("execute", "8:15.", match="Ferry when"),
        said("execute", "Mondays.", match="Lighthouse when"), said("together", "8:15, and Mondays."),
        tasks=[both], peers=PEERS,
    )  # fmt: skip
    assert ran.outputs["right"] == 1 and ran.outputs["weights"] == {"Ada>Cleo": 0.75}
    first, second = ran.prompts("execute")
    assert "Secret of Ada." in first and "Secret of Cleo." in second and "Secret of Ada." not in second
    assert "- 8:15.\n- Mondays." in ran.prompts("together")[0]


def test_a_task_never_comes_back_to_a_peer_and_somebody_does_it_at_last(tmp_path: Path):
    """All three forward; the third can reach nobody new, and must do it without asking its router."""
    log = run(
        Lab("agentnet", tmp_path), routes("Ada", "forward"), forwards("Ada", "Ben"), routes("Ben", "forward"),
        forwards("Ben", "Ada"), said("execute", "At 8:15."), tasks=[FERRY],
    )  # fmt: skip
    assert log[0]["ways"] == ["Ada forwarded it to Ben", "Ben forwarded it to Cleo", "Cleo did it myself"]
