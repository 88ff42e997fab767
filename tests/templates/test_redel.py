"""ReDel: agents split their tasks at run time, within bounds, and results go up the tree."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

TASK = "Add up the costs of rooms and trainers."
ROOMS, TRAINERS, FIRST, SECOND = "Cost of rooms?", "Cost of trainers?", "Hours of trainers?", "Pay of trainers?"


def splits(task: str, *parts: str) -> Reply:
    """What an agent hands out; nothing: it does the task itself."""
    return said("root", {"parts": list(parts)}, match=rf"Task:\n{task}[\s\S]*Can you do this at once")


def does(task: str, result: str) -> Reply:
    """What an agent without children says."""
    return said("root", result, match=rf"^{task}[\s\S]*Do it now")


def test_results_go_up_a_tree_that_grew_while_it_ran(tmp_path: Path):
    """The root splits, one child does its part with a tool, the other splits again; each parent writes from its own."""
    tool = calls("root", "calculator", r"^Cost of rooms\?[\s\S]*Do it now", expression="3 * 18 * 4")
    ran = Lab("redel", tmp_path).run(
        splits("Add up", ROOMS, TRAINERS), splits("Cost of rooms"), splits("Cost of trainers", FIRST, SECOND), tool,
        said("root", "216 euros", match="^216"), does(r"Hours of trainers\?", "24 hours"),
        does(r"Pay of trainers\?", "15 euros"), said("root", "360 euros", match=r"24 hours[\s\S]*15 euros"),
        said("root", "576 euros", match=r"216 euros[\s\S]*360 euros"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "576 euros"
    tree = [(each["id"], each["parent"]) for each in ran.outputs["agents"]]
    assert tree == [("1", ""), ("1.1", "1"), ("1.2", "1"), ("1.2.1", "1.2"), ("1.2.2", "1.2")]
    shown = ran.views("root")[-1]["nodes"]
    assert {each["id"]: each["status"] for each in shown} == {id: "solution" for id, _ in tree}


def test_a_child_knows_nothing_of_its_sibling(tmp_path: Path):
    """No prompt of one child holds the other's task."""
    ran = Lab("redel", tmp_path).run(
        splits("Add up", ROOMS, TRAINERS), splits("Cost of rooms"), splits("Cost of trainers"),
        does(r"Cost of rooms\?", "216"), does(r"Cost of trainers\?", "360"),
        said("root", "576", match=r"216[\s\S]*360"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "576"
    assert [each for each in ran.prompts("root") if ROOMS in each and TRAINERS in each] == [ran.prompts("root")[-1]]


def test_a_simple_task_is_done_alone(tmp_path: Path):
    """Nothing is delegated, and the tree is one agent."""
    ran = Lab("redel", tmp_path).run(splits("Add up"), said("root", "576"), task=TASK)
    assert ran.outputs["answer"] == "576" and len(ran.outputs["agents"]) == 1


def test_the_tree_grows_no_further_than_it_may(tmp_path: Path):
    """Agents that always split are not even asked on the third level, and the ninth agent is never made."""
    more = said("root", {"parts": ["one", "two", "three"]}, match="Can you do this at once", repeat=True)
    ran = Lab("redel", tmp_path).run(more, said("root", "ok", repeat=True), task=TASK)
    assert ran.outputs["answer"] == "ok"
    levels = [each["id"].count(".") for each in ran.outputs["agents"]]
    assert (max(levels), len(levels)) == (2, 8)
    assert sum("Can you do this at once" in each for each in ran.prompts("root")) == 4
