"""Archetypes that stand for many, in population and survey; and what everyone remembers when asked"""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError
from nodes.simulation.population import population
from nodes.simulation.survey import survey
from tests.fakes import FakeContext, ListMemory, ModelCall, ScriptedModel, run_node

TRAITS = [
    {"name": "job", "values": {"nurse": 3, "baker": 1}},
    {"name": "home", "values": {"town": 1, "land": 1}},
]
ASK = {"name": "stay", "question": "Do you stay at home?", "choices": ["yes", "no"]}


def archetypes(**config: Any) -> list[dict[str, Any]]:
    return run_node(population, {}, FakeContext(), sampling="archetypes", **config)["population"]


def test_a_few_archetypes_stand_for_millions():
    """One person for each combination, whose counts sum to all; the persona does not speak of them."""
    found = archetypes(count=8_400_001, traits=TRAITS)
    assert [each["count"] for each in found] == [3_150_001, 3_150_000, 1_050_000, 1_050_000]
    assert found[0]["persona"] == "Job: nurse. Home: town."
    assert len(archetypes(count=3, traits=TRAITS)) == 3


def test_a_survey_weighs_them():
    """Each is asked once, and counts as many as it stands for."""

    def reply(call: ModelCall) -> Any:
        return {"why": "", "choice": "yes" if "nurse" in call.text else "no"}

    people = archetypes(count=1_000, traits=TRAITS)
    ctx = FakeContext(model=ScriptedModel(*[reply] * 4))
    out = run_node(survey, {"population": people}, ctx, questions=[ASK])
    assert out["distribution"] == {"stay": {"yes": 0.75, "no": 0.25}}
    with pytest.raises(NodeError, match="stands for 'many' people"):
        run_node(survey, {"population": [{"name": "A", "count": "many"}]}, FakeContext(), questions=[ASK])


def test_everyone_answers_with_what_they_remember():
    """With a memory each recalls their own records for the question."""
    memory = ListMemory()
    asyncio.run(memory.owned_by("Ann").add("You stay at home ill"))
    model = ScriptedModel({"why": "", "choice": "yes"}, {"why": "", "choice": "no"})
    people = [{"name": "Ann", "persona": "x"}, {"name": "Bo", "persona": "y"}]
    run_node(survey, {"population": people}, FakeContext(model=model, memory=memory), questions=[ASK])
    assert "What you remember:\n- You stay at home ill" in model.calls[0].text
    assert "ill" not in model.calls[1].text


def test_bounds():
    """Ranges have no archetypes, too many combinations are refused, and so are crowds drawn one by one."""
    with pytest.raises(NodeError, match="'age' is a range"):
        archetypes(traits=[{"name": "age"}])
    with pytest.raises(NodeError, match="archetypes"):
        archetypes(traits=[{"name": f"t{n}", "values": {str(v): 1 for v in range(10)}} for n in range(4)])
    with pytest.raises(ValidationError, match="too many to draw one by one"):
        run_node(population, {}, FakeContext(), count=20_000)
