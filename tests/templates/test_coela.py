"""CoELA: each sees its own room alone, words cross the walls, memories stay with whom they are."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

GOAL = "Bring the cup and the plate to the kitchen."


def does(kind: str, what: str) -> Reply:
    """What the agent whose turn it is chooses."""
    return said("choose", {"answer": {"thought": "So.", "kind": kind, "what": what}})


ALONE = [
    does("take", "plate"), does("take", "cup"), does("go", "kitchen"), does("go", "hall"), does("put", "plate"),
    does("go", "kitchen"), does("say", "Mine is there."), does("put", "cup"),
]  # fmt: skip


def test_two_agents_reach_the_goal_by_turns(tmp_path: Path):
    """Each brings one thing; the exact world says when both are there, and that ends it."""
    ran = Lab("coela", tmp_path).run(*ALONE, goal=GOAL)
    assert ran.outputs["reached"] is True and ran.outputs["turns"] == 8
    assert ran.outputs["story"][0] == "Ada took the plate" and ran.outputs["story"][-1].startswith("Bo put the cup")


def test_what_one_sees_the_other_knows_only_when_told(tmp_path: Path):
    """The cup is in Bo's room: Ada's prompts name it as said, from the turn on in which Bo said so."""
    ran = Lab("coela", tmp_path).run(does("say", "Where is it?"), does("say", "The cup lies in the attic."), *ALONE,
                                     goal=GOAL)  # fmt: skip
    ada = ran.prompts("choose")[0::2]
    assert "Here lies: plate" in ada[0] and "lies in the attic" not in ada[0] and "lies in the attic" in ada[1]
    assert "Bo: The cup lies in the attic." in ran.outputs["talk"]


def test_the_rules_of_the_world_hold(tmp_path: Path):
    """Taking what lies elsewhere, and going through a wall, cost the turn and change nothing."""
    ran = Lab("coela", tmp_path).run(does("take", "cup"), does("go", "kitchen"), *ALONE, goal=GOAL)
    assert ran.outputs["story"][:2] == ["Ada could not take cup", "Bo could not go kitchen"]
    assert ran.outputs["turns"] == 10


def test_memories_stay_with_their_owner(tmp_path: Path):
    """Ada is reminded of what Ada did, and not of what Bo did."""
    ran = Lab("coela", tmp_path).run(*ALONE, goal=GOAL)
    third = ran.prompts("choose")[4]
    assert "Ada took the plate" in third and "Bo took the cup" not in third


def test_a_person_may_be_the_partner(tmp_path: Path):
    """Bo's turns are asked of a person, Ada's of the model, in the same world."""
    person = [{"kind": "take", "what": "cup"}, {"kind": "go", "what": "hall"}, {"kind": "go", "what": "kitchen"},
              {"kind": "put", "what": "cup"}]  # fmt: skip
    ran = Lab("coela", tmp_path).run(*ALONE[0::2], answers=person, goal=GOAL, partner="person")
    assert ran.outputs["reached"] is True and ran.visits["ask"] == 4 and ran.visits["choose"] == 4
