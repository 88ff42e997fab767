"""Routine: the table is followed exactly, with parameters handed from step to step."""

from pathlib import Path

from tests.templates.running import Lab, said


def claim(net: float, vat: float):
    """The parameters as the model reads them."""
    return said("read", {"answer": {"employee": "Mia", "purpose": "lamp", "net": net, "vat": vat}})


def test_each_step_works_with_the_results_of_those_before(tmp_path: Path):
    """VAT, then gross from it, then the entry with both: one model call, and no other decides anything."""
    ran = Lab("routine", tmp_path).run(claim(80, 25), request="Mia: lamp, 80 net, 25 percent")
    assert ran.outputs["entry"] == "Mia;lamp;80;20;100;booked"
    assert len(ran.bench.spans.of("chat")) == 1 and len(ran.tool_results("calculator")) == 2
    status = {each["title"]: each["status"] for each in ran.outputs["steps"]["steps"]}
    assert status["Hold what costs more, until it is approved."] == "skipped"


def test_the_condition_sends_a_large_claim_the_other_way(tmp_path: Path):
    """Above 500 euros the step that books is skipped, and the claim waits."""
    ran = Lab("routine", tmp_path).run(claim(600, 20), request="Mia: lamp, 600 net, 20 percent")
    assert ran.outputs["entry"] == "Mia;lamp;600;120;720;waits for approval"
    assert [each["status"] for each in ran.outputs["steps"]["steps"]] == ["done", "done", "skipped", "done", "done"]


def test_a_claim_on_the_edge_is_booked(tmp_path: Path):
    """500 euros are still within what is booked at once."""
    ran = Lab("routine", tmp_path).run(claim(400, 25), request="Mia: lamp, 400 net, 25 percent")
    assert ran.outputs["entry"].endswith("500;booked")
