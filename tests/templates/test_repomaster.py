"""RepoMaster: the map shows the core alone, the rest is opened when needed, and modules are linked and run."""

from pathlib import Path

from templates import catalogue
from tests.templates.running import Lab, calls, said

TASK = catalogue.load("repomaster").examples[0]["inputs"]["task"]
WRONG = '```python\nfrom weatherkit.degrees import heating_total\nprint(heating_total(["2027-01-04;-2;4"], 17))\n```'
RIGHT = (
    "```python\nfrom weatherkit.degrees import heating_total\nfrom weatherkit.parse import parse_days\n"
    'print(heating_total(parse_days("2027-01-04;-2;4\\n2027-01-05;0;6\\n2027-01-06;5;11"), 17))\n```'
)


def test_the_map_holds_imports_calls_and_the_core_alone(tmp_path: Path):
    """What others lean on stands with its signatures; what nobody uses is named as a file and no more."""
    ran = Lab("repomaster", tmp_path).run(said("explore", "parse and degrees"), said("write", RIGHT), task=TASK)
    map = ran.outputs["map"]
    assert "weatherkit.report imports weatherkit.degrees, weatherkit.parse" in map
    assert "heating_degrees calls day_mean" in map and "heating_total(days, base)" in map
    assert "legacy/units.py" in map and "fahrenheit(celsius)" not in map and map in ran.prompts("explore")[0]


def test_the_modules_it_imports_are_linked_and_run(tmp_path: Path):
    """A function of one module that calls another module's gives the answer; unused modules are left out."""
    ran = Lab("repomaster", tmp_path).run(said("explore", "parse and degrees"), said("write", RIGHT), task=TASK)
    assert ran.outputs["answer"].strip() == "39.0" and ran.outcomes("run") == ["done"]
    linked = ran.results("link")[0]["result"]
    assert linked.index("def mean") < linked.index("def heating_total") and "fahrenheit" not in linked


def test_a_failure_leads_back_to_exploring_with_the_error_alone(tmp_path: Path):
    """The second round opens a file, knows the error and not the first round's notes, and mends it."""
    ran = Lab("repomaster", tmp_path).run(
        said("explore", "some first notes"), said("write", WRONG),
        calls("explore", "files", "The last program failed", action="read", path="weatherkit/parse.py"),
        said("explore", "parse the lines first", match="parse_days"), said("write", RIGHT, match="parse the lines"),
        task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"].strip() == "39.0" and ran.outcomes("run") == ["failed", "done"]
    assert not any("some first notes" in prompt for prompt in ran.prompts("explore"))


def test_it_gives_up_after_three_rounds(tmp_path: Path):
    """A program that never runs ends it with the error."""
    ran = Lab("repomaster", tmp_path).run(
        said("explore", "notes", repeat=True), said("write", WRONG, repeat=True), task=TASK
    )
    assert ran.visits["run"] == 3 and ran.outputs["error"]
