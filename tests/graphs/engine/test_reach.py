"""What a node reaches through its context: models by socket, memory, policies, roles, views, history."""

import asyncio
from pathlib import Path
from typing import Any

from nodes.contract import Context, Inputs, Outputs, Weights
from tests.graphs.engine.fakes import Bench
from tests.graphs.engine.reaching import CALCULATOR, DO, SPACES, alone, opened


def does(bench: Bench, act: Any, document: Any) -> Any:
    """The row of a run whose node does ``act``."""
    DO["n"] = act
    row = bench.run(document)
    bench.runner.close()
    return row


def test_models_are_found_by_their_socket(tmp_path: Path) -> None:
    """``model`` is the one at that socket though others were attached first; ``models`` keeps their order."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        return {"out": [ctx.model.reference, [each.reference for each in ctx.models("judges")], list(ctx.models("x"))]}

    row = does(opened(tmp_path), act, alone(
        "z -> n.judges, b -> n.judges, own -> n.model",
        **{id: ("resource.model", {"reference": f"scripted:{id}"}) for id in ("b", "own", "z")},
    ))  # fmt: skip
    assert row.outputs == {"answer": ["scripted:own", ["scripted:z", "scripted:b"], []]}


def test_without_a_model_at_its_socket_a_node_has_the_default(tmp_path: Path) -> None:
    """A judge is not the node's own model."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        return {"out": ctx.model.reference}

    row = does(opened(tmp_path), act, alone("b -> n.judges", b=("resource.model", {"reference": "scripted:b"})))
    assert row.outputs == {"answer": "scripted:script"}


def test_memories_by_socket_and_every_change_in_the_trace(tmp_path: Path) -> None:
    """Two spaces at two sockets; adding, changing and forgetting are spans that say what was done."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        memory, store = ctx.memory_at("memory"), ctx.memory_at("store")
        assert memory is not None and store is not None and ctx.memory is not None and ctx.memory_at("none") is None
        id = await store.add("tea is hot", layer="facts", trusted=False, data={"n": 1})
        await store.update(id, importance=9.0)
        kept = await store.get(id)
        assert kept is not None
        found = await store.search("tea", top_k=1, weights=Weights(), half_life_days=7, layers={"facts": 3})
        gone = await store.forget([id, "nobody"])
        spaces = [memory.space, store.space, ctx.memory.space]
        return {"out": [spaces, kept.rated, kept.layer, kept.trusted, found[0].text, gone]}

    bench = opened(tmp_path)
    row = does(bench, act, alone(
        "one -> n.memory, two -> n.store",
        one=("resource.memory_space", {"space": "one"}), two=("resource.memory_space", {"space": "two"}),
    ))  # fmt: skip
    assert row.outputs == {"answer": [["one", "two", "one"], 9.0, "facts", False, "tea is hot", 1]}
    writes = bench.spans.of("write_memory")
    assert [span["input"]["action"] for span in writes] == ["add", "update", "forget"]
    assert writes[0]["input"]["layer"] == "facts" and writes[0]["attributes"] == {"space": "two"}
    assert [span["input"].get("layers") for span in bench.spans.of("retrieve_memory")] == [None, {"facts": 3}]


def test_the_last_view_is_told_and_kept(tmp_path: Path) -> None:
    """Many views in a moment are told as few, and the last of them is told before the node has finished."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        for turn in range(50):
            ctx.show({"type": "table", "rows": [[turn]]})
        await asyncio.sleep(0.15)
        ctx.show({"type": "table", "rows": [[98]]})
        ctx.show({"type": "table", "rows": [[99]]})
        return {"out": 1}

    bench = opened(tmp_path)
    DO["n"] = act
    row = bench.run(alone())
    told = [(event["type"], event.get("view", {}).get("rows")) for event in bench.events(row.id)]
    shown = [rows for type, rows in told if type == "node.view"]
    assert shown[0] == [[0]] and [[49]] in shown and shown[-1] == [[99]] and len(shown) <= 5
    last = max(index for index, (type, _) in enumerate(told) if type == "node.view")
    assert last < [index for index, (type, _) in enumerate(told) if type == "node.finished"][1]
    span = next(row for row in bench.spans.of("invoke_node") if row["node_id"] == "n")
    assert span["attributes"]["view"] == {"type": "table", "rows": [[99]]}
    bench.runner.close()


def test_history_holds_nodes_and_tool_calls(tmp_path: Path) -> None:
    """What ended before, oldest first, with the outcome of each."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        (tool,) = ctx.tools
        await ctx.call_tool(tool, {"expression": "1+1"})
        await ctx.call_tool(tool, {"expression": "1/0"})
        return {"out": [[each.event, each.name, each.outcome, each.kind] for each in ctx.history]}

    row = does(opened(tmp_path), act, alone("calc -> n.tools", calc=CALCULATOR))
    assert row.outputs == {"answer": [
        ["node", "start", "done", "start"], ["tool", "calculator", "ok", ""], ["tool", "calculator", "failed", ""],
    ]}  # fmt: skip


def calling(expression: str = "40+2", times: int = 1) -> Any:
    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        results = [await ctx.call_tool(ctx.tools[0], {"expression": expression}) for _ in range(times)]
        return {"out": [[[each.text, each.failed] for each in results], [each.outcome for each in ctx.history][1:]]}

    return act


def guarded(**rules: Any) -> Any:
    return alone("calc -> n.tools, rule -> n.policies", calc=CALCULATOR, rule=("t.policy", rules))


def test_a_policy_denies_a_call(tmp_path: Path) -> None:
    """The tool is not called; result, span, event and history say that it was denied, by whom and why."""
    bench = opened(tmp_path)
    DO["n"] = calling()
    row = bench.run(guarded(deny="calculator"))
    text = "The policy 'house rules' does not allow this call of calculator: not today"
    assert row.outputs == {"answer": [[[text, True]], ["denied"]]}
    (span,) = bench.spans.of("execute_tool")
    assert (span["status"], span["error"]["type"]) == ("error", "PolicyDenied")
    assert span["attributes"] == {"policy": "house rules", "reason": "not today"}
    (told,) = [event for event in bench.events(row.id) if event["type"] == "tool.finished"]
    assert told["denied"] and told["failed"] and told["policy"] == "house rules"
    bench.runner.close()


def test_a_denied_call_can_have_a_text_instead(tmp_path: Path) -> None:
    """A fallback is no failure, and still counts as denied."""
    bench = opened(tmp_path)
    row = does(bench, calling(), guarded(deny="calculator", fallback="ask me tomorrow"))
    assert row.outputs == {"answer": [[["ask me tomorrow", False]], ["denied"]]}
    assert bench.spans.of("execute_tool")[0]["status"] == "ok"


def test_a_policy_sees_what_happened_before(tmp_path: Path) -> None:
    """A rule over time: the first call passes, the next ones do not."""
    row = does(opened(tmp_path), calling(times=3), guarded(once=True))
    assert row.outputs["answer"][1] == ["ok", "denied", "denied"]


def test_a_policy_cleans_a_result(tmp_path: Path) -> None:
    """What the model sees is what the policy left."""
    bench = opened(tmp_path)
    row = does(bench, calling(), guarded(strike="42"))
    assert row.outputs == {"answer": [[["*", False]], ["ok"]]}
    assert bench.spans.of("execute_tool")[0]["attributes"] == {"policy": "house rules", "changed_result": True}


def test_a_broken_policy_refuses(tmp_path: Path) -> None:
    """A policy that breaks does not let calls through."""
    row = does(opened(tmp_path), calling(), guarded(breaks=True))
    ((text, failed),), outcomes = row.outputs["answer"]
    assert "could not decide: no rule book" in text and failed and outcomes == ["denied"]


def test_policies_stand_around_the_calls_of_an_agent(tmp_path: Path) -> None:
    """The agent's model is told of the refusal and answers."""
    bench = opened(
        tmp_path, {"tool_calls": [{"name": "calculator", "arguments": {"expression": "1+1"}}]}, {"text": "I may not."}
    )

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        asked = [{"role": "user", "content": "1+1?"}]
        turn = await ctx.agent(asked, tools=ctx.tools, max_calls=3, temperature=0.0)
        return {"out": [turn.text, turn.messages[-2]["content"]]}

    row = does(bench, act, guarded(deny="calculator"))
    assert row.outputs["answer"][0] == "I may not." and "house rules" in row.outputs["answer"][1]


TEAM = {
    "ann": ("resource.role", {"name": "Ann", "persona": "You are Ann.", "skills": "maths"}),
    "bob": {"kind": "resource.role", "label": "Bob"}, "own": ("resource.model", {"reference": "scripted:ann"}),
    "mind": ("resource.memory_space", {"space": "ann"}), "calc": CALCULATOR, "rule": ("t.policy", {"once": True}),
}  # fmt: skip
TEAMED = "bob -> n.roles, ann -> n.roles, own -> ann.model, mind -> ann.memory, calc -> ann.tools, rule -> ann.policies"


def test_roles_have_what_is_attached_to_them(tmp_path: Path) -> None:
    """In the order of the edges; each with its own model, memory and tools, or with the node's model."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        bob, ann = ctx.roles
        assert ann.memory is not None and bob.memory is None
        await ann.memory.add("Ann was here")
        return {"out": [
            [bob.name, bob.model.reference, len(bob.tools)],
            [ann.name, ann.persona, ann.skills, ann.model.reference, [tool.name for tool in ann.tools]], len(ctx.tools),
        ]}  # fmt: skip

    bench = opened(tmp_path)
    row = does(bench, act, alone(TEAMED, **TEAM))
    assert row.outputs == {"answer": [
        ["Bob", "scripted:script", 0], ["Ann", "You are Ann.", "maths", "scripted:ann", ["calculator"]], 0,
    ]}  # fmt: skip
    assert [hit.text for hit in SPACES["ann"].hits.values()] == ["Ann was here"]
    assert bench.spans.of("write_memory")[0]["attributes"] == {"space": "ann", "role": "Ann"}


def test_what_a_role_does_is_traced_as_its_own(tmp_path: Path) -> None:
    """Its model calls and tool calls carry its name, and its policies stand around its tools."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        bob, ann = ctx.roles
        said = [(await each.model.chat([{"role": "user", "content": "hi"}])).text for each in (bob, ann)]
        called = [await ctx.call_tool(ann.tools[0], {"expression": "1+1"}) for _ in range(2)]
        return {"out": [said, [each.failed for each in called]]}

    bench = opened(tmp_path)
    row = does(bench, act, alone(TEAMED, **TEAM))
    assert row.outputs == {"answer": [["ok", "ok"], [False, True]]}
    assert [span["attributes"]["role"] for span in bench.spans.of("chat")] == ["Bob", "Ann"]
    assert {span["attributes"]["role"] for span in bench.spans.of("execute_tool")} == {"Ann"}


def test_an_agent_works_on_a_roles_model(tmp_path: Path) -> None:
    """The model given is the one that is asked, with the role's tools."""
    bench = opened(
        tmp_path, {"tool_calls": [{"name": "calculator", "arguments": {"expression": "2+2"}}]}, {"text": "four"}
    )

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        ann = ctx.roles[1]
        asked = [{"role": "user", "content": "2+2?"}]
        turn = await ctx.agent(asked, tools=ann.tools, max_calls=2, temperature=None, model=ann.model)
        return {"out": [turn.text, turn.tool_calls]}

    row = does(bench, act, alone(TEAMED, **TEAM))
    assert row.outputs == {"answer": ["four", 1]}
    assert {reference for reference, _ in bench.models.asked} == {"scripted:ann"}
    assert {span["attributes"]["role"] for span in bench.spans.of("chat")} == {"Ann"}


def test_a_tool_has_what_is_attached_to_it(tmp_path: Path) -> None:
    """The model it calls is its own, else the node's; its calls stand in the node's trace."""
    bench = opened(tmp_path, {"text": '{"result": "42"}', "repeat": True})

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        assert ctx.tools is ctx.tools
        return {"out": [await told(ctx, tool) for tool in ctx.tools]}

    async def told(ctx: Context, tool: Any) -> list[Any]:
        return [tool.name, (await ctx.call_tool(tool, {"expression": "6*7"})).failed]

    row = does(bench, act, alone(
        "one -> n.tools, two -> n.tools, own -> two.model, calc -> one.tool, calc -> two.tool", calc=CALCULATOR,
        one="tool.emulated", two=("tool.emulated", {"name": "played"}),
        own=("resource.model", {"reference": "scripted:own"}),
    ))  # fmt: skip
    assert [name for name, _ in row.outputs["answer"]] == ["calculator", "played"]
    asked = {reference for reference, _ in bench.models.asked}
    assert asked == {"scripted:script", "scripted:own"}
    node = next(each for each in bench.spans.of("invoke_node") if each["node_id"] == "n")
    assert {span["parent_id"] for span in bench.spans.of("chat")} == {node["id"]}


def test_a_failure_inside_a_task_group_is_told_in_its_own_words(tmp_path: Path) -> None:
    """The node's error is the first cause, not the group around it."""

    async def broken() -> None:
        raise ValueError("the third draft is empty")

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        async with asyncio.TaskGroup() as group:
            group.create_task(broken())
        return {}

    row = does(opened(tmp_path), act, alone())
    assert row.status == "failed" and "ValueError: the third draft is empty" in row.error["what"]


def test_private_roles_share_a_space_and_no_memory(tmp_path: Path) -> None:
    """Each writes and finds its own part of the space; the span says whose it was."""
    bench = opened(tmp_path)
    private = {"kind": "resource.role", "config": {"private": True}}
    roles = {"ann": {**private, "label": "Ann"}, "bob": {**private, "label": "Bob"}}
    document = alone(
        "ann -> n.roles, bob -> n.roles, mind -> ann.memory, mind -> bob.memory",
        **roles, mind=("resource.memory_space", {"space": "mind"}),
    )  # fmt: skip
    found: list[Any] = []

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        ann, bob = ctx.roles
        assert ann.memory is not None and bob.memory is not None
        await ann.memory.add("the key is red")
        found.extend([await ann.memory.records(), await bob.memory.records()])
        return {"out": 1}

    DO["n"] = act
    assert bench.run(document).status == "done"
    bench.runner.close()
    assert [len(each) for each in found] == [1, 0]
    (written,) = bench.spans.of("write_memory")
    assert written["input"]["owner"] == "Ann" and SPACES["mind"].owners == {"m1": "Ann"}
