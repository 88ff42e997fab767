"""A team as a value: members that another node wrote, in every kind that has members."""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.deliberation.debate import debate
from nodes.deliberation.merge import merge
from nodes.deliberation.rank_and_prune import rank_and_prune
from nodes.deliberation.vote import vote
from nodes.planning.ledger import ledger
from nodes.registry import KINDS
from nodes.teams.contract_net import contract_net
from nodes.teams.group_chat import group_chat
from nodes.teams.hire_and_fire import hire_and_fire
from nodes.teams.information_seeking import information_seeking
from nodes.teams.members import LARGEST, members_of
from nodes.teams.publish_subscribe import publish_subscribe
from nodes.teams.recruit import recruit
from nodes.teams.role_turn import role_turn
from nodes.teams.supervisor import supervisor
from nodes.teams.topology import topology
from tests.fakes import FakeContext, FakeTool, ListMemory, ModelCall, ScriptedModel, ToolCall, role, run_node

ANN = {"name": "Ann", "persona": "You are a botanist.", "skills": "plants"}
BEN = {"name": "Ben", "persona": "You are a baker.", "skills": "bread"}
TEAM = [ANN, BEN]

ORDER, BID = {"reason": "", "instruction": "bake"}, {"able": True, "cost": 5}


def system(call: ModelCall) -> str:
    first = call.messages[0]
    return str(first["content"]) if first["role"] == "system" else ""


def outputs(result: Any) -> dict[str, Any]:
    return result.outputs if isinstance(result, Route) else result


def ballot(call: ModelCall) -> Any:
    return f"I am {system(call)[13:]}\nAnswer: 4"


CASES: dict[str, tuple[Any, dict[str, Any], list[Any], dict[str, Any]]] = {
    "group_chat": (group_chat, {"task": "t"}, ["Rye.", "Wheat.\nDONE", "Both."], {}),
    "supervisor": (
        supervisor, {"task": "t"},
        [{**ORDER, "to": "Ben"}, "baked", {**ORDER, "to": "finish"}, "ok"],
        {},
    ),
    "contract_net": (
        contract_net, {"goal": "t"},
        [{**BID, "confidence": 2}, {**BID, "confidence": 9}, "bread", {"done": True}],
        {},
    ),
    "topology": (topology, {"task": "t"}, ["one", "two"], {"shape": "chain"}),
    "debate": (debate, {"question": "q"}, [ballot] * 2, {"rounds": 1}),
    "vote": (vote, {"question": "q"}, [ballot] * 2, {}),
    "merge": (merge, {"question": "q"}, ["a", "b", "ab"], {}),
    "rank_and_prune": (rank_and_prune, {"question": "q"}, [ballot] * 2, {"rounds": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_wired_members_do_the_work(name: str):
    """A team that comes in by wire speaks as its personas, in place of the roles and of those in the settings."""
    spec, inputs, answers, config = CASES[name]
    ctx = FakeContext(model=ScriptedModel(*answers), roles=[role("Zoe")])
    run_node(spec, {**inputs, "members": TEAM}, ctx, **config)
    spoke = {system(call) for call in ctx.model.calls} - {""}
    assert spoke <= {"You are a botanist.", "You are a baker."} and "You are a baker." in spoke


def test_every_kind_with_roles_takes_members():
    """Wherever several roles can be attached, a team can be wired in."""
    kinds = [kind for kind, spec in KINDS.items() if any(s.sort == "role" and s.many for s in spec.attaches)]
    assert len(kinds) >= 11
    for kind in kinds:
        assert "members" in [port.name for port in KINDS[kind].inputs], kind


def test_what_recruits_writes_another_takes():
    """A team that is only written, without working, goes straight into a group chat with its jobs."""
    expert = {"name": "Ann", "persona": "You are a botanist.", "skills": "plants", "job": "name the plant"}
    model = ScriptedModel({"experts": [expert]}, {"good": True})
    team = run_node(recruit, {"task": "t", "advice": "Be few."}, FakeContext(model=model), work=False)
    assert (team["answer"], team["contributions"]) == ("", [])
    assert "An earlier team fell short: Be few." in model.calls[0].text and len(model.calls) == 2
    chat = FakeContext(model=ScriptedModel("Rye.\nDONE", "Rye."))
    said = run_node(group_chat, {"task": "t", "members": team["team"]}, chat)
    assert said["conversation"] == [{"speaker": "Ann", "text": "Rye."}]
    assert system(chat.model.calls[0]) == "You are a botanist.\nYour job: name the plant"


def test_a_wired_member_of_a_roles_name_is_that_role():
    """The attached role brings its model, memory and tools; persona and skills are what the record says, if it does."""
    ann = role("Ann", "Mine.", skills="old")
    (first, second) = members_of(FakeContext(roles=[ann]), (), [{"name": "Ann", "skills": "new"}, BEN])
    assert (first.model, first.persona, first.skills) == (ann.model, "You are Ann.", "new")
    assert second.persona == "You are a baker."


def test_a_wired_member_uses_the_model_it_names():
    """Of the models attached for it; one that is not there is an error that names those that are."""
    dear = ScriptedModel()
    dear.reference = "scripted:dear"  # type: ignore[misc]
    ctx = FakeContext(at={"models": [dear]})
    (ann,) = members_of(ctx, (), [{**ANN, "model": "scripted:dear"}])
    assert ann.model is dear
    with pytest.raises(NodeError, match="Ann is to use 'x:y', which is not attached") as error:
        members_of(ctx, (), [{**ANN, "model": "x:y"}])
    assert "scripted:dear" in error.value.mend


def test_a_wired_member_has_the_nodes_tools_and_its_own_memory():
    """Tools attached to the node are everybody's; of the memory each recalls what is theirs."""
    memory, tool = ListMemory(), FakeTool("search", "rye")
    ctx = FakeContext(
        model=ScriptedModel(ToolCall("search", {"q": "x"}), "It is rye."), memory=memory, tools=[tool],
    )  # fmt: skip

    async def before() -> None:
        await memory.owned_by("Ann").add("plants are green")
        await memory.owned_by("Ben").add("plants are dear")

    asyncio.run(before())
    out = run_node(role_turn, {"message": "plants", "member": ANN}, ctx)
    assert (out["speaker"], out["text"], tool.calls) == ("Ann", "It is rye.", [{"q": "x"}])
    assert "plants are green" in system(ctx.model.calls[0]) and "dear" not in ctx.model.calls[0].text


def test_topology_reads_by_wired_edges():
    """Connections can change from visit to visit: those wired in stand before those of the settings."""
    ctx = FakeContext(model=ScriptedModel("one", "two"))
    inputs = {"task": "t", "members": TEAM, "edges": ["Ben -> Ann"]}
    out = run_node(topology, inputs, ctx, shape="graph", edges=["Ann -> Ben"])
    assert [(each["member"], each["reads"]) for each in out["results"]] == [("Ben", []), ("Ann", ["Ben"])]


def test_hiring_counts_the_price_of_each():
    """Who is too dear for what is left is not asked; a written expert would cost the setting's price."""
    dear, cheap = {**ANN, "price": 50}, {**BEN, "price": 2}
    model = ScriptedModel({"jobs": ["bake"]}, "bread", {"rating": 8}, "done")
    out = run_node(hire_and_fire, {"task": "t", "members": [dear, cheap]}, FakeContext(model=model), budget=10)
    assert out.outputs["team"] == ["Ben"] and out.outputs["spent"] == 2 + 1
    with pytest.raises(NodeError, match="'much' is no price"):
        inputs = {"task": "t", "members": [{**ANN, "price": "much"}]}
        run_node(hire_and_fire, inputs, FakeContext(model=ScriptedModel({"jobs": ["x"]})))


def test_stations_and_sides_are_filled_by_members():
    """A wired member takes the station of its name; two of them are the sides that seek information."""
    ctx = FakeContext(model=ScriptedModel("rye", "fine"))
    stations = [{"name": "Ann", "watches": ["task"], "publishes": "code", "job": "Write."}]
    out = run_node(publish_subscribe, {"task": "t", "members": [ANN]}, ctx, stations=stations, max_messages=1)
    assert out["answer"] == "rye" and system(ctx.model.calls[0]) == "You are a botanist."
    with pytest.raises(NodeError, match="'Ben' has no station"):
        run_node(publish_subscribe, {"task": "t", "members": [BEN]}, FakeContext(), stations=stations)
    ctx = FakeContext(model=ScriptedModel("UNKNOWN", "In May.", "May."))
    inputs = {"task": "t", "needed": ["When?"], "first_knows": "x", "second_knows": "y", "members": TEAM}
    found = run_node(information_seeking, inputs, ctx)
    assert found.outcome == "complete" and found.outputs["dialogue"][0]["to"] == "Ben"
    with pytest.raises(NodeError, match="has 1 members"):
        run_node(information_seeking, {**inputs, "members": [ANN]}, FakeContext())


def test_the_ledger_leads_wired_members():
    """The next member is chosen among those wired in."""
    plan = {"given": [], "to_find": [], "plan": []}
    said = {"reason": "", "solved": False, "repeating": False, "progress": True, "next": "Ben", "instruction": "bake"}
    ctx = FakeContext(model=ScriptedModel(plan, said))
    out = outputs(run_node(ledger, {"task": "t", "members": TEAM}, ctx))
    assert out["next"] == "Ben" and "- Ben: bread" in ctx.model.calls[0].text


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ([], "no members"), ([{"persona": "x"}], "Member 1 has no name"), ([ANN, ANN], "Two members are called 'Ann'"),
        ([{"name": f"n{number}"} for number in range(LARGEST + 1)], f"has {LARGEST + 1} members"),
    ],
)  # fmt: skip
def test_bad_teams_are_told(members: list[Any], match: str):
    """Nobody, nameless ones, doubles and crowds are errors that say so."""
    with pytest.raises(NodeError, match=match):
        run_node(group_chat, {"task": "t", "members": members}, FakeContext())


def test_a_name_alone_is_enough():
    """Who has no persona is asked as who it is called."""
    (ann,) = members_of(FakeContext(), (), [{"name": "Ann"}])
    assert ann.persona == "You are Ann."
