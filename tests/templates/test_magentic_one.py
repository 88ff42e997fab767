"""Magentic-One: the ledger leads the specialists, notices when they are stuck, and plans anew."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.graphs.engine import fakes
from tests.templates.running import Lab, Ran, Reply, calls, said

TASK = "What is the mean turnover in sales.csv?"
PLAN = said("orchestrator", {"given": [], "to_find": ["turnover"], "plan": ["FileSurfer reads"]})
NEW_PLAN = said("orchestrator", {"given": [], "to_find": ["turnover"], "plan": ["Coder computes"]})
PROGRAM = "```python\nprint((4200 + 3900 + 5100 + 4800 + 6000 + 5400) / 6)\n```"


def leads(next: str, instruction: str = "Go on.", *, progress: bool = True, solved: bool = False) -> Reply:
    """A filled-in progress ledger."""
    given = {"reason": "So.", "solved": solved, "repeating": False, "progress": progress}
    return said("orchestrator", {**given, "next": next, "instruction": instruction})


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs with the template's own file, in a folder for the run's files."""
    lab, folder = Lab("magentic_one", tmp_path), tmp_path / "files"
    folder.mkdir()
    services = SimpleNamespace(**{**vars(fakes.SERVICES), "run_folder": lambda: folder})
    monkeypatch.setattr(fakes, "SERVICES", services)

    def once(*replies: Reply) -> Ran:
        return lab.run(*replies, task=TASK, file=lab.document.inputs["file"].default)

    return once


def test_each_step_goes_to_the_specialist_named(run: Any):
    """The file is read, a program written and run, each knowing what it needs of the others; then it is solved."""
    ran: Ran = run(
        PLAN, leads("FileSurfer", "Read sales.csv."), calls("file_surfer", "files", action="read", path="sales.csv"),
        said("file_surfer", "January 4200 and so on."), leads("Coder", "Compute the mean."), said("coder", PROGRAM),
        leads("ComputerTerminal", "Run it."),
        calls("terminal", "python", code="print((4200 + 3900 + 5100 + 4800 + 6000 + 5400) / 6)"),
        said("terminal", "4900.0"), leads("Coder", solved=True), said("answer", "The mean is 4900."),
    )  # fmt: skip
    assert ran.outputs["answer"] == "The mean is 4900."
    went = [node for node in ran.order if node in ("file_surfer", "coder", "terminal", "web_surfer")]
    assert went == ["file_surfer", "coder", "terminal"]
    assert "April,4800,120" in str(ran.tool_results("files")) and "4900" in str(ran.tool_results("python")[0])
    assert "January 4200 and so on." in ran.prompts("coder")[0] and "5400) / 6" in ran.prompts("terminal")[0]
    assert [each["member"] for each in ran.outputs["ledger"]["rounds"]] == ["FileSurfer", "Coder", "ComputerTerminal"]


def test_stuck_it_plans_anew_and_goes_another_way(run: Any):
    """After two rounds without progress facts and plan are made anew, knowing what happened, and others are asked."""
    ran: Ran = run(
        PLAN, leads("WebSurfer", "Search."), said("web_surfer", "I find nothing."),
        leads("WebSurfer", "Search again.", progress=False), said("web_surfer", "Again nothing."),
        leads("WebSurfer", progress=False), NEW_PLAN, leads("FileSurfer", "Read it."),
        said("file_surfer", "4900 on average."), leads("Coder", solved=True), said("answer", "4900."),
    )  # fmt: skip
    assert ran.outcomes("orchestrator") == ["continue", "continue", "replan", "done"]
    assert (ran.outputs["ledger"]["replans"], ran.outputs["ledger"]["plan"]) == (1, ["Coder computes"])
    again = next(each for each in ran.prompts("orchestrator") if "The last plan did not work" in each)
    assert "Again nothing." in again


def test_stuck_twice_it_ends_with_what_there_is(run: Any):
    """Stuck again after the new plan, it gives up; the answer is written nevertheless and says why."""
    nothing = [leads("WebSurfer"), *(leads("WebSurfer", progress=False) for _ in range(2))]
    after = [leads("WebSurfer"), *(leads("WebSurfer", progress=False) for _ in range(2))]
    ran: Ran = run(
        PLAN, *nothing, NEW_PLAN, *after, said("web_surfer", "Nothing.", repeat=True), said("answer", "It stayed open.")
    )
    assert ran.outputs["answer"] == "It stayed open." and ran.outcomes("orchestrator")[-1] == "exhausted"
    assert "stuck, and planned anew 1 times" in ran.prompts("answer")[0]
