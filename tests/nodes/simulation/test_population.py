"""simulation.population and the people of a simulation"""

import random
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError
from nodes.simulation.people import people_of
from nodes.simulation.population import Sampling, Trait, drawn, population
from tests.fakes import FakeContext, ScriptedModel, run_node

VOTE = {"name": "vote", "values": {"left": 3, "right": 6, "other": 1}}


def people(ctx: FakeContext | None = None, inputs: dict[str, Any] | None = None, **config: Any) -> list[dict[str, Any]]:
    return run_node(population, inputs or {}, ctx, **config)["population"]


def test_quota_keeps_to_the_weights():
    """Ten people of 3 : 6 : 1 are exactly so; what does not come out even goes by the largest remainder."""
    votes = Counter(person["vote"] for person in people(count=10, traits=[VOTE]))
    assert votes == {"left": 3, "right": 6, "other": 1}
    column = drawn(Trait.model_validate(VOTE), 7, "quota", random.Random(1))  # shares 2.1, 4.2, 0.7
    assert Counter(column) == {"left": 2, "right": 4, "other": 1}


@pytest.mark.parametrize("sampling", ["quota", "random"])
def test_the_seed_decides(sampling: Sampling):
    """Equal seeds draw equal people, another seed others."""
    config: dict[str, Any] = {"count": 12, "traits": [VOTE, {"name": "age"}], "sampling": sampling}
    assert people(seed=1, **config) == people(seed=1, **config) != people(seed=2, **config)


def test_random_draws_vary():
    """By chance the counts need not keep to the weights, yet come near them."""
    votes = Counter(person["vote"] for person in people(count=400, traits=[VOTE], sampling="random"))
    assert 200 < votes["right"] < 280 and votes["other"] < 80


def test_everyone_has_a_name_and_a_persona():
    """More people than names get numbers; ranges hold; the persona is from the template, else in words."""
    ctx = FakeContext()
    found = people(ctx, count=50, traits=[{"name": "age", "low": 20, "high": 30}])
    assert len({person["name"] for person in found}) == 50 and found[40]["name"] == "Ada 2"
    assert all(20 <= person["age"] <= 30 for person in found)
    assert found[0]["persona"] == f"Age: {found[0]['age']}."
    assert len(ctx.views[-1]["rows"]) == 50
    assert people(count=1, traits=[], persona="{{name}} farms.")[0]["persona"] == "Ada farms."


def test_model_may_describe():
    """One call for each, and where it says nothing the traits stay."""
    ctx = FakeContext(model=ScriptedModel("You are Ada, who sings.", " "))
    found = people(ctx, count=2, traits=[{"name": "job", "values": {"nurse": 1}}], describe=True)
    assert [person["persona"] for person in found] == ["You are Ada, who sings.", "Job: nurse."]
    assert "nurse" in ctx.model.calls[0].text


def test_wired_distribution_counts():
    """A distribution that is wired in stands before that of the settings."""
    found = people(inputs={"traits": {"vote": {"green": 1}}}, count=2, traits=[VOTE])
    assert [person["vote"] for person in found] == ["green", "green"]


@pytest.mark.parametrize(
    ("trait", "match"),
    [
        ({"name": "name"}, "there already"), ({"name": "x", "values": {"a": 0}}, "weights"),
        ({"name": "x", "values": {"a": -1, "b": 3}}, "weights"), ({"name": "x", "low": 9, "high": 1}, "backwards"),
    ],
)  # fmt: skip
def test_impossible_traits_are_refused(trait: dict[str, Any], match: str):
    """What cannot be drawn is an error in the settings."""
    with pytest.raises(ValidationError, match=match):
        people(traits=[trait])


def test_people_from_anything():
    """Records and texts are people; equal names are told apart; nobody is an error."""
    found = people_of([{"name": "Ann", "age": 3}, {"name": "Ann", "persona": "old"}, "a baker"])
    assert [(each.name, each.persona) for each in found] == [
        ("Ann", "Age: 3."), ("Ann 2", "old"), ("Person 3", "a baker"),
    ]  # fmt: skip
    assert "You are Ann." in found[0].system
    with pytest.raises(NodeError, match="population is empty"):
        people_of([])
