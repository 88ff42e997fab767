"""AgentMD: a paper becomes a tool that passes its worked example, and a case finds and runs the one that fits."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

PAPERS = [{"title": "Pumps", "text": "power is flow times height"}, {"title": "Wind", "text": "chill is t minus v"}]
RIGHT = "```python\ndef pump_power(flow: float, height: float) -> float:\n    return flow * height\n```"
WRONG = "```python\ndef pump_power(flow: float, height: float) -> float:\n    return flow + height\n```"
CHILL = "```python\ndef chill(t: float, v: float) -> float:\n    return t - v\n```"


def designs(name: str, test: str, about: str, match: str) -> Reply:
    """Name, description and test of a tool."""
    return said("make", {"name": name, "description": about, "tests": [test]}, match=match)


PUMP = designs("pump_power", "assert pump_power(2, 3) == 6", "Power of a pump.", "pump formula")
WIND = designs("chill", "assert chill(5, 2) == 3", "How cold the wind feels.", "wind formula")
READ = [said("need", "pump formula", match="Pumps"), said("need", "wind formula", match="Wind")]


def test_a_tool_is_kept_only_when_it_passes_its_example(tmp_path: Path):
    """The sum fails, is told so, and the product is kept; the case is computed by it."""
    ran = Lab("agentmd", tmp_path).run(
        *READ, PUMP, said("make", WRONG), said("make", RIGHT, match=r"pump_power\(2, 3\)"), WIND, said("make", CHILL),
        calls("use", "pump_power", flow=4, height=5), said("use", "20 watts", match="20"),
        said("explain", "It needs 20 watts.", match="20 watts"), case="Power of a pump with flow 4, height 5?",
        papers=PAPERS,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It needs 20 watts."
    assert [each["failures"] for each in ran.outputs["made"]] == [[], []]
    assert "return flow * height" in ran.results("make")[0]["code"]


def test_the_case_is_handed_the_tools_that_fit_and_a_failed_one_never(tmp_path: Path):
    """A formula that never passes is told with its failures and is no tool."""
    ran = Lab("agentmd", tmp_path).run(
        *READ, PUMP, *[said("make", WRONG)] * 3, WIND, said("make", CHILL), said("use", "I cannot."),
        said("explain", "Open."), case="Power of a pump?", papers=PAPERS,
    )  # fmt: skip
    assert "pump_power" not in ran.outputs["used"] and ran.outputs["made"][0]["failures"]


def test_the_library_outlives_the_run(tmp_path: Path):
    """A later case without any paper is computed by the tool that was made before."""
    lab = Lab("agentmd", tmp_path)
    made = [READ[1], WIND, said("make", CHILL), said("use", "no"), said("explain", "no")]
    lab.run(*made, case="How cold the wind feels?", papers=PAPERS[1:])
    ran = lab.run(
        calls("use", "chill", t=9, v=4), said("use", "5 degrees", match="5"), said("explain", "It feels like 5."),
        case="How cold the wind feels at 9 and 4?", papers=[],
    )  # fmt: skip
    assert ran.outputs["used"] == ["chill"] and ran.visits["make"] == 0
