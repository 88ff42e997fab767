"""ROMAS: the planner names whose turn it is, and plans anew when a round brings nothing."""

from pathlib import Path

from templates import catalogue
from tests.templates.running import Lab, Reply, calls, said

QUESTION = catalogue.load("romas").examples[0]["inputs"]["question"]
PLAN = said("planner", {"given": ["tables"], "to_find": ["turnover"], "plan": ["Retriever, Analyst, Reporter"]})
PROGRAM = '```python\nfinal_answer(len(files(action="read", path="sales.csv").splitlines()) - 1)\n```'


def turn(next: str, instruction: str = "Go on.", *, progress: bool = True, solved: bool = False) -> Reply:
    """What the planner writes into its progress ledger."""
    given = {"reason": "So.", "solved": solved, "repeating": False, "progress": progress}
    return said("planner", {**given, "next": next, "instruction": instruction})


def test_each_role_does_its_own_part_on_the_same_tables(tmp_path: Path):
    """One reads a table, one computes over it by a program, one writes from both."""
    ran = Lab("romas", tmp_path).run(
        PLAN, turn("Retriever", "Look."), calls("retriever", "files", action="read", path="products.csv"),
        said("retriever", "lamp costs 25", match="lamp,25"), turn("Analyst", "Count the rows of sales."),
        said("analyst", PROGRAM, match="lamp costs 25"), turn("Reporter"), said("reporter", "9 rows.", match="lamp"),
        turn("Reporter", solved=True), said("report", "There are 9 rows.", match=r"9 rows\."), question=QUESTION,
    )  # fmt: skip
    assert ran.outputs["report"] == "There are 9 rows."
    assert ran.results("analyst")[0]["answer"] == "9"
    assert [each["member"] for each in ran.outputs["ledger"]["rounds"]] == ["Retriever", "Analyst", "Reporter"]


def test_without_progress_it_plans_anew(tmp_path: Path):
    """After two rounds that brought nothing the plan is made again, and another role is asked."""
    new = said("planner", {"given": [], "to_find": ["turnover"], "plan": ["Analyst does it alone"]})
    ran = Lab("romas", tmp_path).run(
        PLAN, turn("Retriever"), said("retriever", "I see nothing."), turn("Retriever", progress=False),
        said("retriever", "Still nothing."), turn("Retriever", progress=False), new, turn("Analyst"),
        said("analyst", PROGRAM), turn("Reporter", solved=True), said("report", "9."), question=QUESTION,
    )  # fmt: skip
    assert "replan" in ran.outcomes("planner") and ran.outputs["ledger"]["plan"] == ["Analyst does it alone"]
    assert ran.visits["analyst"] == 1 and ran.visits["reporter"] == 0


def test_a_team_that_never_ends_is_ended(tmp_path: Path):
    """After eight rounds it closes with what there is."""
    ran = Lab("romas", tmp_path).run(
        PLAN, *(turn("Reporter", f"Write it {n}.") for n in range(9)), said("reporter", "Open.", repeat=True),
        said("report", "It stayed open."), question=QUESTION,
    )  # fmt: skip
    assert ran.outcomes("planner")[-1] == "exhausted" and ran.visits["reporter"] == 8
