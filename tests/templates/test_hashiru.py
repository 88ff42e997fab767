"""HASHIRU: the budget decides who is hired and fired, and a missing tool is made before the work."""

from pathlib import Path
from typing import Any

from nodes.teams.hire_and_fire import HIRE
from tests.templates.running import Lab, Ran, Reply, calls, said

TASK = "Count and tell."
NO_TOOL = said("need", {"answer": {"missing": False, "need": ""}})


def jobs(*texts: str) -> Reply:
    return said("manager", {"jobs": list(texts)})


def done(result: str, rating: int) -> list[Reply]:
    """A job is worked on and rated."""
    return [said("manager", result), said("manager", {"rating": rating})]


def takes(name: str) -> Reply:
    """Whom the manager chooses."""
    return said("manager", {"member": name})


def events(ran: Ran) -> list[tuple[str, str]]:
    ledger: list[dict[str, Any]] = ran.outputs["ledger"]
    return [(row["event"], row["name"]) for row in ledger]


def test_everybody_has_a_price_of_their_own_and_all_employed_are_paid(tmp_path: Path):
    """The reckoner costs 2 and is paid for both jobs, the writer costs 2 and is paid for one: 7 units."""
    ran = Lab("hashiru", tmp_path).run(
        NO_TOOL, jobs("Count", "Tell"), takes("Local reckoner"), *done("42", 9), takes(HIRE), takes("Local writer"),
        *done("It is 42!", 8), said("manager", "It is 42!"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It is 42!" and ran.outputs["spent"] == 2 + 1 + 2 + 2
    events_of = [f"{event} {name.split()[-1]}" for event, name in events(ran)]
    assert events_of == ["hired reckoner", "worked reckoner", "hired writer", "worked writer"]
    assert ran.visits["make"] == 0


def test_in_a_full_team_the_worst_rated_goes_for_somebody_new(tmp_path: Path):
    """Two places: the reckoner is rated 9, the writer 2; for the third job the consultant comes, the writer goes."""
    ran = Lab("hashiru", tmp_path).run(
        NO_TOOL, jobs("Count", "Tell", "Judge"), takes("Local reckoner"), *done("42", 9), takes(HIRE),
        takes("Local writer"), *done("Hm.", 2), takes(HIRE), takes("Consultant"), *done("Sound.", 9),
        said("manager", "42, sound."), task=TASK,
    )  # fmt: skip
    seen = events(ran)
    assert seen.index(("fired", "Local writer")) < seen.index(("worked", "Consultant"))
    assert [row["cost"] for row in ran.outputs["ledger"] if row["event"] == "hired"] == [2, 2, 8]


def test_a_missing_tool_is_made_for_whoever_reckons(tmp_path: Path):
    """The function that passed its test is called by the reckoner."""
    ran = Lab("hashiru", tmp_path).run(
        said("need", {"answer": {"missing": True, "need": "Takes a number, gives back twice the number."}}),
        said("make", {"name": "twice", "description": "Twice a number.", "tests": ["assert twice(2) == 4"]}),
        said("make", "```python\ndef twice(n: int) -> int:\n    return 2 * n\n```"), jobs("Double 21"),
        takes("Local reckoner"), calls("manager", "kept_tools", name="twice", arguments={"n": 21}), *done("42", 9),
        said("manager", "42"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "42" and "42" in str(ran.tool_results("kept_tools")[0])
