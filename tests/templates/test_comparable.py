"""Examples are checked by what a baseline can give out too, but for those that the page on baselines names."""

import re
from pathlib import Path

import pytest

from templates import catalogue
from templates.baselines import baselines
from templates.checks import checked_by, misses

PAGE = Path(__file__).parents[2] / "docs" / "baselines.md"
PROGRAMS = ("aries", "codetree", "lats", "lita", "ltl_agent_specification", "spec2rtl_agent", "swe_search")
"""Templates whose first output is a program; their examples run it."""


def left(slug: str) -> list[dict[str, object]]:
    """What of each example a single prompt is held to."""
    template = catalogue.load(slug)
    outputs = list(baselines(template.document)["single prompt"].outputs)
    return [checked_by(example["expected"], outputs) for example in template.examples]


@pytest.mark.parametrize("slug", PROGRAMS)
def test_a_program_is_run_whoever_wrote_it(slug: str):
    """Each example has asserts for a baseline's program, and nothing in words passes them."""
    for checks in left(slug):
        output = next(iter(catalogue.load(slug).document.outputs))
        assert misses({"tests": checks["tests"]}, {output: "I would write a function."}) != []


def test_the_page_names_templates_that_cannot_be_compared():
    """Each of its table has an example that leaves a baseline nothing to pass; whoever mends one takes it out."""
    table = PAGE.read_text(encoding="utf-8").partition("## What cannot be compared")[2]
    named = [slug for line in table.splitlines() if line.startswith("| `") for slug in re.findall(r"`(\w+)`", line)]
    assert len(named) == 12
    assert [slug for slug in named if all(left(slug))] == []
