"""Stops inside a sub-workflow that a node runs: held in memory, stepped into and out of."""

import time
from pathlib import Path
from typing import Any

import pytest

from graphs.breakpoints import Edits
from nodes.contract import Context, Inputs, Outputs
from tests.graphs.engine.fakes import Bench, Row
from tests.graphs.engine.reaching import DO, opened
from tests.graphs.engine.saved import at, points
from tests.graphs.engine.test_subworkflows import TWO, part, thrice

DOCUMENT = part(*TWO, b="t.body", c="t.step")


async def once(inputs: Inputs, ctx: Context) -> Outputs:
    propose = ctx.subworkflow("propose")
    assert propose is not None
    return {"out": (await propose.run({"task": "t", "depth": 1}))["ideas"]}


@pytest.fixture
def bench(tmp_path: Path) -> Any:
    made = opened(tmp_path)
    DO["n"] = once
    yield made
    made.runner.close()


def say(bench: Bench, row: Row, command: str, **more: Any) -> Row:
    bench.runner.debugger.command(row.id, command, **more)
    return bench.runner.wait_here(row.id)


def test_into_over_and_out_of_a_sub_workflow(bench: Bench) -> None:
    """Into enters the body, over stays in it, out leaves it; nothing runs twice."""
    row = bench.run(DOCUMENT, breakpoints=points("before n"))
    row = say(bench, row, "into")
    assert (row.status, at(row)) == ("waiting", ["before b"])
    assert row.forms[0]["stop"]["depth"] == 1 and row.forms[0]["stop"]["inputs"] == {"item": "t"}
    told = bench.wait_for(row.id, "node.waiting", node="b")
    assert told["within"] and told["stop"]["why"] == "step"
    row = say(bench, row, "over")
    assert at(row) == ["before c"]
    row = say(bench, row, "out")
    assert at(row) == ["before finish"]
    row = say(bench, row, "continue")
    assert (row.status, row.outputs, bench.visits()["b"]) == ("done", {"answer": "c1(t,1)"}, 1)


def test_edits_inside_a_sub_workflow(bench: Bench) -> None:
    """Inputs before, outputs after."""
    row = bench.run(DOCUMENT, breakpoints=points("before b", "after c"))
    row = say(bench, row, "continue", edits=Edits(inputs={"item": "other"}))
    assert at(row) == ["after c"] and row.forms[0]["stop"]["outputs"] == {"out": "c1(other,1)"}
    row = say(bench, row, "continue", edits=Edits(outputs={"out": "mine"}))
    assert row.outputs == {"answer": "mine"}


def test_runs_of_a_sub_workflow_side_by_side_are_held_one_by_one(bench: Bench) -> None:
    """Three at once stop at the same node; each goes on when it is told to, with its own edits."""
    DO["n"] = thrice
    row = bench.run(DOCUMENT, breakpoints=points("before c"))
    for _ in range(200):
        row = bench.runs.get(row.id)
        if len(row.forms) == 3:
            break
        time.sleep(0.02)
    second = next(form for form in row.forms if form["stop"]["inputs"]["b"] == 1)
    bench.runner.debugger.command(
        row.id, "continue", interrupt=second["interrupt"], edits=Edits(inputs={"a": "mine"})
    )  # fmt: skip
    assert len(bench.runs.get(row.id).forms) == 2
    row = say(bench, row, "continue")
    assert row.outputs == {"answer": ["Propose", "c1(t0,0)", "c1(mine,1)", "c1(t2,2)"]}


def test_a_held_run_is_stopped_and_survives_its_process(bench: Bench) -> None:
    """Stopped it can be resumed; after a restart the node runs again from its top and stops there again."""
    row = bench.run(DOCUMENT, breakpoints=points("before c"))
    bench.runner.stop(row.id)
    assert bench.runner.wait_here(row.id).status == "stopped"
    bench.runner.resume(row.id)
    row = bench.runner.wait_here(row.id)
    assert at(row) == ["before c"]
    held = row.forms
    bench.runner.close()
    bench.runs.update(row.id, status="waiting", forms=held)  # as a killed process leaves it
    bench.open()
    row = say(bench, row, "continue")
    assert at(row) == ["before c"]
    assert say(bench, row, "continue").outputs == {"answer": "c1(t,1)"}
