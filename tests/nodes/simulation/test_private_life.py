"""simulation.tick: who sees what, private memories, people that change, and ticks that go on"""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.simulation.people import people_of
from nodes.simulation.tick import tick
from tests.fakes import FakeContext, FakeSubworkflow, ListMemory, ModelCall, ScriptedModel, run_node

ANN = {"name": "Ann", "persona": "A miner. Mood: calm.", "place": "mine", "mood": "calm", "follows": []}
BO = {"name": "Bo", "persona": "A thief.", "place": "mine", "mood": "sly", "follows": ["Ann"]}
CY = {"name": "Cy", "persona": "A cook.", "place": "inn", "mood": "glad", "follows": []}
NOBODY_RULES = FakeSubworkflow(lambda given: {"world": given["world"], "event": f"{given['actor']}: {given['action']}"})


def who(call: ModelCall) -> str:
    return str(call.messages[0]["content"])[8:11].strip(". ")


def play(call: ModelCall) -> Any:
    return f"I, {who(call)}, act."


def live(model: ScriptedModel, memory: ListMemory | None = None, **given: Any) -> tuple[dict[str, Any], FakeContext]:
    inputs = {"population": given.pop("population", [ANN, BO, CY]), **given.pop("inputs", {})}
    parts = {"resolve": NOBODY_RULES, **given.pop("parts", {})}
    ctx = FakeContext(model=model, memory=memory, parts=parts)
    return run_node(tick, inputs, ctx, **given).outputs, ctx


def told(ctx: FakeContext, name: str) -> str:
    """The last prompt a person got."""
    return str(next(call for call in reversed(ctx.model.calls) if who(call) == name).messages[-1]["content"])


@pytest.mark.parametrize(
    ("sees", "by_cy"),
    [("person.place == actor.place", []), ("event.actor in person.follows", []), ("true", ["Ann", "Bo"])],
)
def test_everyone_sees_what_the_condition_lets_them(sees: str, by_cy: list[str]):
    """Who is elsewhere, or follows nobody, hears of nothing but itself; one's own doing is always seen."""
    _, ctx = live(ScriptedModel(*[play] * 6), ticks=2, sees=sees)
    seen = told(ctx, "Cy")
    assert [name for name in ("Ann", "Bo") if f"{name}: I, {name}" in seen] == by_cy
    assert "Cy: I, Cy, act." in seen
    assert "Ann: I, Ann" in told(ctx, "Bo")


def test_everyone_is_told_their_part_of_the_world():
    """What a person is told is a record of its own; the world itself stays whole."""
    world = {"price": 3, "purses": {"Ann": 1, "Bo": 2, "Cy": 9}}
    view = "{'price': world.price, 'purse': world.purses[person.name]}"
    out, ctx = live(ScriptedModel(*[play] * 3), ticks=1, view=view, inputs={"world": world})
    assert "- purse: 9" in told(ctx, "Cy") and "purses" not in told(ctx, "Cy")
    assert out["world"] == world
    with pytest.raises(NodeError, match="for Ann, which is no record"):
        live(ScriptedModel(), view="world.price", inputs={"world": world})


def test_everyone_keeps_and_recalls_what_they_saw():
    """With a memory each has a stream of their own, and is told what they remember beyond the last events."""
    memory = ListMemory()
    asyncio.run(memory.owned_by("Bo").add("Ann: I, Ann, act. once long ago"))
    _, ctx = live(ScriptedModel(*[play] * 6), memory, ticks=2, sees="person.place == actor.place")
    kept = {hit.text: memory.owners[id] for id, hit in memory.hits.items() if hit.kind == "observation"}
    assert kept["Cy: I, Cy, act."] == "Cy" and "Cy: I, Cy, act." not in [
        memory.hits[id].text for id, owner in memory.owners.items() if owner != "Cy"
    ]
    assert "What you remember:\n- Ann: I, Ann, act. once long ago" in told(ctx, "Bo")
    assert "What you remember" not in told(ctx, "Ann")


def test_people_change():
    """Traits named as changing are asked for after each tick, in their type, without space around; the persona
    says the new ones."""

    def reply(call: ModelCall) -> Any:
        if call.schema is None:
            return play(call)
        return {"mood": " angry " if who(call) == "Ann" else "sly", "age": 31}

    people = [{**ANN, "age": 30}, {**BO, "age": 40}]
    out, ctx = live(ScriptedModel(*[reply] * 4), ticks=1, population=people, changing=["mood", "age"])
    ann, bo = out["population"]
    assert (ann["mood"], ann["age"], ann["persona"]) == ("angry", 31, "A miner. Mood: angry. Age: 31.")
    assert type(ann["age"]) is int and bo["mood"] == "sly" and bo["persona"] == "A thief. Age: 31."
    assert "Until now: Mood: calm. Age: 30." in ctx.model.calls[2].text
    assert "Mood: angry." in people_of(out["population"])[0].system


def test_an_own_act_can_change_its_person_and_reads_its_feed():
    """The sub-workflow is given the events as documents, and may give traits back."""

    def act(given: dict[str, Any]) -> dict[str, Any]:
        texts = [(each["text"], each["at"]) for each in given["events"]]
        return {"action": f"saw {len(texts)}", "person": {"mood": texts[0][0] if texts else "new"}}

    part = FakeSubworkflow(act)
    out, _ = live(ScriptedModel(), ticks=2, population=[ANN, BO], parts={"act": part})
    assert part.inputs[-1]["events"][0]["text"].endswith("saw 0")
    assert {person["mood"] for person in out["population"]} <= {"Ann: saw 0", "Bo: saw 0"}


def test_ticks_go_on_where_others_ended():
    """Events and people of earlier ticks are wired in: they are remembered, and only new events come out."""
    first, _ = live(ScriptedModel(*[play] * 3), ticks=1)
    out, ctx = live(
        ScriptedModel(*[play] * 3), ticks=1, population=first["population"],
        inputs={"events": first["events"], "world": first["world"]},
    )  # fmt: skip
    assert "Ann: I, Ann, act." in told(ctx, "Cy") and len(out["events"]) == 3
    assert len(out["population"][0]["actions"]) == 2
    with pytest.raises(NodeError, match="is no event"):
        live(ScriptedModel(), inputs={"events": [{"actor": "Ann"}]})
