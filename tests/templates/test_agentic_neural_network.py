"""Agentic neural network: results go forward through layers, faults go back, and what helps is kept."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

TASK = {"task": "How many pens?", "expected": "eight"}
PURPOSE = "Counting pens"


def team(layer: str, *names: str) -> Reply:
    """The agents written for a layer."""
    experts = [{"name": name, "persona": f"You are the old {name}.", "skills": "all", "job": "work"} for name in names]
    return said("recruit", {"experts": experts}, match=layer)


def change(layer: str, member: str, *, before: str = "", method: str = "merge") -> Reply:
    """What the critic of a layer wants otherwise."""
    answer = {
        "before": before, "member": member, "persona": f"You are the new {member}.",
        "instruction": f"Mind {member}.", "method": method,
    }  # fmt: skip
    return said("critic", {"answer": answer}, match=f"The team's part: {layer}")


BUILT = [
    said("decompose", {"answer": ["Read it.", "Answer it."]}), team("Read it", "Ann", "Ben"),
    team("Answer it", "Cat", "Dan"),
]  # fmt: skip
AGENTS = said("neuron", "I think seven.", repeat=True)


def merged(*results: str) -> list[Reply]:
    """What the layers give, one after another."""
    return [said("merge", result) for result in results]


def run(lab: Lab, *replies: Reply, tasks: list[dict[str, Any]] | None = None) -> Ran:
    """A run on one task, or on these."""
    return lab.run(*replies, purpose=PURPOSE, tasks=tasks or [TASK])


def test_a_layer_is_given_what_the_layer_before_made_of_all_its_agents(tmp_path: Path):
    """The merge reads both agents of its layer, and the agents of the second read what came out of the first."""
    ran = run(Lab("agentic_neural_network", tmp_path), *BUILT, AGENTS, *merged("Pens are meant.", "eight"))
    assert "Ann: I think seven.\nBen: I think seven." in ran.prompts("merge")[0]
    first, second = ran.prompts("neuron")[:2], ran.prompts("neuron")[2:]
    assert all("The team before you found: Pens are meant." in prompt for prompt in second)
    assert not any("The team before you" in prompt for prompt in first) and ran.visits["critic"] == 0


def test_a_fault_goes_back_from_the_last_layer_to_the_first_and_rewrites_both(tmp_path: Path):
    """The gradient of the first layer is what the second would have needed; then both work with their new roles."""
    ran = run(
        Lab("agentic_neural_network", tmp_path), *BUILT, AGENTS, *merged("Pens.", "seven"),
        change("Answer it", "Cat", before="It should have counted."), change("Read it", "Ben"),
        *merged("Eight pens.", "eight"),
    )  # fmt: skip
    last, first = ran.prompts("critic")
    assert "The answer was: seven It should hold: eight" in last and "The team's part: Answer it." in last
    assert "What was wrong after this team: It should have counted." in first
    again = ran.prompts("neuron")[4:]
    assert [("new" if "You are the new" in prompt else "old") for prompt in again].count("new") == 2
    assert "Mind Ben." in ran.prompts("merge")[2] and "Mind Cat." in ran.prompts("merge")[3]
    assert ran.outputs["right"] == 1 and ran.outputs["log"][0]["passes"] == 2
    assert [mate["persona"] for mate in ran.outputs["layers"][0]["team"]] == [
        "You are the old Ann.",
        "You are the new Ben.",
    ]


def test_a_change_that_does_not_solve_the_task_is_undone(tmp_path: Path):
    """Wrong before and after: the next task is worked on by the old roles, and they are what is kept."""
    lab = Lab("agentic_neural_network", tmp_path)
    ran = run(
        lab, *BUILT, AGENTS, *merged("Pens.", "seven"), change("Answer it", "Cat"), change("Read it", "Ben"),
        *merged("Pens.", "nine"), *merged("Pens.", "eight"), tasks=[TASK, TASK],
    )  # fmt: skip
    assert [(entry["right"], entry["kept"]) for entry in ran.outputs["log"]] == [(False, False), (True, True)]
    assert not any("You are the new" in prompt for prompt in ran.prompts("neuron")[8:])
    assert "You are the new" not in str(ran.outputs["layers"])


def test_the_way_of_aggregating_is_changed_too(tmp_path: Path):
    """The last layer votes in the second pass: its agents' number is taken, and no model merges."""
    task = {"task": "How many?", "expected": "8"}
    ran = run(
        Lab("agentic_neural_network", tmp_path), *BUILT, said("neuron", "It is 8.", repeat=True),
        *merged("Pens.", "It is 7."), change("Answer it", "Cat", method="vote"), change("Read it", "Ben"),
        *merged("Pens."), tasks=[task],
    )  # fmt: skip
    assert ran.visits["vote"] == 1 and ran.visits["merge"] == 3 and ran.outputs["log"][0]["answer"] == "8"
    assert [layer["method"] for layer in ran.outputs["layers"]] == ["merge", "vote"]


def test_a_trained_network_is_taken_up_in_the_next_run(tmp_path: Path):
    """Nothing is decomposed or recruited again, and the rewritten roles work from the first pass on."""
    lab = Lab("agentic_neural_network", tmp_path)
    run(
        lab, *BUILT, AGENTS, *merged("Pens.", "seven"), change("Answer it", "Cat"), change("Read it", "Ben"),
        *merged("Pens.", "eight"),
    )  # fmt: skip
    ran = run(lab, AGENTS, *merged("Pens.", "eight"))
    assert ran.visits["decompose"] == ran.visits["recruit"] == 0 and ran.outputs["log"][0]["passes"] == 1
    assert sum("You are the new" in prompt for prompt in ran.prompts("neuron")) == 2
