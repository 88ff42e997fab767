"""No detector fires on a run that went well: a sample of what the benchmark looks at, and every recording."""

import pytest

from benchmarks.detector_cases import Case, clean_cases, run
from graphs.failures.recorded import trace_of
from graphs.failures.registry import findings_of
from graphs.replay_recording import Recording
from templates import catalogue

CLEAN = {case.slug: case for case in clean_cases()}
SAMPLE = ("agentverse", "deep_agent", "generative_agents", "magentic_one", "mdagents", "sage", "tradingagents")
"""Of every sort: loops, frames, sub-workflows, memory, tools, debates."""
RECORDED = [slug for slug in catalogue.slugs() if catalogue.load(slug).recording]


@pytest.mark.parametrize("case", [CLEAN[slug] for slug in SAMPLE], ids=SAMPLE)
def test_a_clean_run_of_a_template_has_nothing_wrong_with_it(case: Case):
    """The run that the template's own test makes, in the real engine."""
    ran = run(case)
    assert ran.row.status == "done"
    assert [(each.detector, each.node, each.what) for each in ran.findings()] == []


@pytest.mark.parametrize("slug", RECORDED)
def test_a_recorded_run_of_a_template_has_nothing_wrong_with_it(slug: str):
    """The run that comes with the template, read from its file."""
    path = catalogue.load(slug).recording
    assert path is not None
    found = findings_of(trace_of(Recording.load(path)))
    assert [(each.detector, each.node, each.what) for each in found] == []
