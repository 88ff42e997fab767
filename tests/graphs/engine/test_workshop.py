"""Workflows as data inside a run: loaded, checked, edited, run; and the kinds that rest on it."""

from pathlib import Path
from typing import Any

import pytest

from graphs.document import Limits
from graphs.yaml_format import dump
from nodes.contract import Context, Inputs, NodeError, Outputs
from tests.graphs.engine.fakes import Bench, workflow
from tests.graphs.engine.reaching import DO, alone, opened

INNER = workflow(
    {"p": ("prompt", {"prompt": "Say {{q}}"})}, "start -> p, p -> finish", "start.q -> p.q, p.answer -> finish.answer",
    title="Inner", inputs={"q": {"type": "text"}}, summary="Says it.",
)  # fmt: skip
LOOP = workflow(
    {"s": "t.step", "l": ("control.loop_limit", {"max_turns": 50})},
    "start -> s, s -> l, l.again -> s, l.exhausted -> finish", "s.out -> finish.answer", title="Loop",
)  # fmt: skip
ASKING = workflow({"q": "control.ask"}, "start -> q, q -> finish", "q.text -> finish.answer", title="Asks")
SAVED = {document.title: document for document in (INNER, LOOP, ASKING)}


def load(name: str, /) -> dict[str, Any]:
    if name not in SAVED:
        raise NodeError(f"There is no workflow {name!r}", mend="There are: Inner, Loop.")
    return SAVED[name].model_dump()


def with_saved(tmp_path: Path, *replies: dict[str, Any]) -> Bench:
    bench = opened(tmp_path, *replies)
    bench.runner.close()
    bench.more = {"workflow": load}
    return bench.open()


def done(bench: Bench, act: Any, document: Any = None, **more: Any) -> Any:
    DO["n"] = act
    row = bench.run(alone() if document is None else document, **more)
    bench.runner.close()
    return row


def test_a_workflow_runs_inside_a_run(tmp_path: Path) -> None:
    """Its outputs come back, its spans stand below the node, its spending counts for node and run."""
    bench = with_saved(tmp_path, {"text": "hello", "input_tokens": 4, "output_tokens": 1, "repeat": True})

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        result = await ctx.workshop.run(ctx.workshop.load("Inner"), {"q": "hi"})
        return {"out": [result.status, result.outputs, result.steps, result.tokens, result.error]}

    DO["n"] = act
    row = bench.run(alone())
    assert row.outputs == {"answer": ["done", {"answer": "hello"}, 3, 5, ""]}
    assert (row.steps, row.input_tokens) == (3 + 3, 4)
    node = next(each for each in bench.spans.of("invoke_node") if each["node_id"] == "n")
    (inner,) = [each for each in bench.spans.of("invoke_workflow") if each.get("parent_id")]
    assert (inner["parent_id"], inner["name"], inner["status"]) == (node["id"], "Inner", "ok")
    assert inner["input"] == {"q": "hi"} and inner["output"] == {"answer": "hello"}
    below = [each["node_id"] for each in bench.spans.of("invoke_node") if each["parent_id"] == inner["id"]]
    assert below == ["start", "p", "finish"]
    told = next(each for each in bench.events(row.id) if each["type"] == "node.finished" and each["node"] == "n")
    assert told["tokens"] == 5
    bench.runner.close()


def test_a_failing_workflow_is_a_result(tmp_path: Path) -> None:
    """It says what went wrong and where; the node goes on."""
    broken = workflow({"s": ("t.step", {"fail": 1})}, "start -> s, s -> finish", "s.out -> finish.answer")

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        result = await ctx.workshop.run(broken.model_dump(), {})
        return {"out": [result.status, result.error]}

    assert done(with_saved(tmp_path), act).outputs == {"answer": ["failed", "s fails (at s)"]}


def test_its_steps_have_a_bound_of_their_own(tmp_path: Path) -> None:
    """``max_steps`` ends it as a result, the run goes on."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        result = await ctx.workshop.run(ctx.workshop.load("Loop"), {}, max_steps=7)
        return {"out": [result.status, result.steps]}

    row = done(with_saved(tmp_path), act)
    assert (row.status, row.outputs) == ("done", {"answer": ["limit", 7]})


def test_the_runs_own_limit_ends_the_run(tmp_path: Path) -> None:
    """A workflow inside cannot spend more than the run around it may."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        return {"out": (await ctx.workshop.run(ctx.workshop.load("Loop"), {})).status}

    row = done(with_saved(tmp_path), act, limits=Limits(steps=9))
    assert (row.status, row.steps) == ("limit", 9)


def test_workflows_nest_only_so_deep(tmp_path: Path) -> None:
    """One that runs itself is refused at the sixth level."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        result = await ctx.workshop.run(alone().model_dump(), {})
        return {"out": result.outputs.get("answer") or result.error}

    row = done(with_saved(tmp_path), act)
    assert "nested more than 5 deep" in row.outputs["answer"]


@pytest.mark.parametrize(
    ("document", "inputs", "what"),
    [
        (INNER.model_dump(), {"x": 1}, "no input 'x'"),
        (ASKING.model_dump(), {}, "asks a person (q)"),
        ({"nodes": {"p": {"kind": "prompt"}}}, {}, "FLW103"),
        ({"nodez": {}}, {}, "DOC110"),
    ],
)
def test_what_cannot_be_run_is_an_error(tmp_path: Path, document: Any, inputs: Any, what: str) -> None:
    """Nothing is started, and the reason is told."""

    async def act(inputs_: Inputs, ctx: Context) -> Outputs:
        await ctx.workshop.run(document, inputs)
        return {}

    row = done(with_saved(tmp_path), act)
    assert row.status == "failed" and what in row.error["what"]


def test_documents_are_read_checked_edited_and_written(tmp_path: Path) -> None:
    """As a node that drafts workflows needs it."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        shop = ctx.workshop
        document = shop.parse(dump(INNER))
        changed = shop.apply(document, [{"op": "set_meta", "key": "title", "value": "Changed"}])
        broken = shop.apply(changed, [{"op": "disconnect", "sort": "flow", "edge": "p -> finish"}])
        errors = [each.code for each in shop.check(broken)]
        lines = shop.catalogue().splitlines()
        return {"out": [shop.check(document), changed["title"], errors, "title: Changed" in shop.text(changed), lines]}

    answer = done(with_saved(tmp_path), act).outputs["answer"]
    assert answer[:2] == [[], "Changed"] and "FLW102" in answer[2] and answer[3]
    assert any(line.startswith("control.route: ") for line in answer[4])


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (lambda shop: shop.parse("nodes: ["), "DOC101"),
        (lambda shop: shop.apply({}, [{"op": "remove_node", "id": "x"}]), "remove_node"),
        (lambda shop: shop.load("nothing"), "There is no workflow 'nothing'"),
    ],
)
def test_bad_documents_and_operations_are_told(tmp_path: Path, act: Any, what: str) -> None:
    """Every problem is in the node's error."""

    async def try_it(inputs: Inputs, ctx: Context) -> Outputs:
        act(ctx.workshop)
        return {}

    row = done(with_saved(tmp_path), try_it)
    assert row.error["type"] == "NodeError" and what in row.error["what"]


def test_a_saved_workflow_is_a_step(tmp_path: Path) -> None:
    """``control.subworkflow`` fills its inputs from wires and gives its first output as text."""
    bench = with_saved(tmp_path, {"text": "hello"})
    saved = ("control.subworkflow", {"workflow": "Inner", "inputs": {"q": "{{x}}!"}})
    row = bench.run(workflow(
        {"s": ("t.step", {"value": "hi"}), "w": saved},
        "start -> s, s -> w, w -> finish", "s.out -> w.x, w.answer -> finish.answer",
    ))  # fmt: skip
    assert row.outputs == {"answer": "hello"}
    assert bench.spans.of("chat")[0]["input"][-1]["content"] == "Say hi!"
    bench.runner.close()


def test_a_saved_workflow_that_fails_takes_the_way_of_the_error(tmp_path: Path) -> None:
    """Its failure is the node's."""
    bench = with_saved(tmp_path)
    row = bench.run(workflow(
        {"w": ("control.subworkflow", {"workflow": "Nothing"}), "m": "t.step"},
        "start -> w, w -> finish, w.error -> m, m -> finish", "w.answer -> finish.answer, m.out -> finish.answer",
    ))  # fmt: skip
    assert row.outputs == {"answer": "m1()"}
    bench.runner.close()


def test_a_saved_workflow_is_a_tool(tmp_path: Path) -> None:
    """An agent calls it with the workflow's inputs as arguments."""
    bench = with_saved(
        tmp_path, {"node": "a", "tool_calls": [{"name": "inner", "arguments": {"q": "hi"}}]},
        {"node": "p", "text": "hello"}, {"node": "a", "text": "It said hello."},
    )  # fmt: skip
    row = bench.run(workflow(
        {"a": ("agent", {"prompt": "Use it"}), "t": ("tool.workflow", {"workflow": "Inner"})},
        "start -> a, a -> finish", "a.answer -> finish.answer", "t -> a.tools",
    ))  # fmt: skip
    assert row.outputs == {"answer": "It said hello."}
    (call,) = bench.spans.of("execute_tool")
    assert call["output"] == {"text": "hello", "data": {"answer": "hello"}}
    bench.runner.close()


def test_state_is_set_and_read(tmp_path: Path) -> None:
    """``control.set_state`` writes what later nodes read, each variable by its reducer."""
    bench = opened(tmp_path, {"text": "ok", "repeat": True})
    row = bench.run(workflow(
        {
            "s": ("t.step", {"value": ["a"]}),
            "one": ("control.set_state", {"values": {"notes": "{{x}}", "count": "1", "mood": "calm {{state.count}}"}}),
            "two": ("control.set_state", {"values": {"notes": "b", "count": "2"}}),
            "p": ("prompt", {"prompt": "{{state.notes}} {{state.count}} {{state.mood}}"}),
        },
        "start -> s, s -> one, one -> two, two -> p, p -> finish", "s.out -> one.x, p.answer -> finish.answer",
        state={
            "notes": {"type": "list[text]", "reducer": "append"}, "mood": {"type": "text"},
            "count": {"type": "number", "reducer": "add", "default": 0},
        },
    ))  # fmt: skip
    assert row.status == "done", row.error
    sent = bench.spans.of("chat")[0]["input"][-1]["content"]
    assert "a" in sent and "b" in sent and "3 calm 0" in sent
    bench.runner.close()


def test_its_steps_come_back_where_they_are_asked_for(tmp_path: Path) -> None:
    """Each visit with what it was given and gave, in the order they began; tokens are those of its own calls."""
    bench = with_saved(tmp_path, {"text": "hello", "input_tokens": 4, "output_tokens": 1, "repeat": True})
    kept: list[Any] = []

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        silent = await ctx.workshop.run(ctx.workshop.load("Inner"), {"q": "hi"})
        told = await ctx.workshop.run(ctx.workshop.load("Inner"), {"q": "ho"}, trail=True)
        kept.extend([silent.trail, told.trail])
        return {"out": 1}

    done(bench, act)
    silent, steps = kept
    assert silent == []
    assert [(each["number"], each["node"], each["kind"]) for each in steps] == [
        (1, "start", "start"), (2, "p", "prompt"), (3, "finish", "finish"),
    ]  # fmt: skip
    prompt = steps[1]
    assert prompt["inputs"] == {"q": "ho"} and prompt["outputs"] == {"answer": "hello"}
    assert (prompt["outcome"], prompt["error"], prompt["tokens"], prompt["tools"]) == ("done", "", 5, [])


def test_steps_tell_what_failed(tmp_path: Path) -> None:
    """The visit at which a workflow broke says so."""
    bench = with_saved(tmp_path, {"text": "x", "repeat": True})
    kept: list[Any] = []
    broken = workflow(
        {"v": ("control.route", {"routes": [{"name": "yes", "when": "value.score > 1"}]})},
        "start -> v, v.yes -> finish", "start.q -> v.value, v.route -> finish.answer", title="Broken",
        inputs={"q": {"type": "any"}},
    )  # fmt: skip

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        result = await ctx.workshop.run(broken.model_dump(), {"q": {}}, trail=True)
        kept.extend(result.trail)
        return {"out": result.status}

    assert done(bench, act).outputs == {"answer": "failed"}
    assert kept[-1]["node"] == "v" and "score" in kept[-1]["error"] and kept[-1]["outcome"] == "error"


def test_a_run_goes_on_from_a_changed_step(tmp_path: Path) -> None:
    """What is taken over does not run and has no spans below; what comes after it runs on what it is said to give."""
    bench = with_saved(tmp_path, {"text": "hello", "input_tokens": 4, "output_tokens": 1, "repeat": True})
    two = workflow(
        {"p": ("prompt", {"prompt": "Say {{q}}"}), "r": ("prompt", {"prompt": "Again {{said}}"})},
        "start -> p, p -> r, r -> finish", "start.q -> p.q, p.answer -> r.said, r.answer -> finish.answer", title="Two",
        inputs={"q": {"type": "text"}},
    )  # fmt: skip
    kept: list[Any] = []

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        first = await ctx.workshop.run(two.model_dump(), {"q": "hi"}, trail=True)
        changed = [{**step, "outputs": {"answer": "bye"}} if step["node"] == "p" else step for step in first.trail[:2]]
        again = await ctx.workshop.run(two.model_dump(), {"q": "hi"}, trail=True, kept=changed)
        kept.append(again.trail)
        return {"out": [again.status, again.outputs, again.tokens]}

    assert done(bench, act).outputs == {"answer": ["done", {"answer": "hello"}, 5]}
    (steps,) = kept
    assert [(each["node"], each["tokens"]) for each in steps] == [("start", 0), ("p", 0), ("r", 5), ("finish", 0)]
    assert steps[2]["inputs"] == {"said": "bye"}
    assert [each["node_id"] for each in bench.spans.of("chat")] == ["p", "r", "r"]


def test_what_is_no_step_cannot_be_taken_over(tmp_path: Path) -> None:
    """A record without node and outputs is an error that shows it."""
    bench = with_saved(tmp_path)

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        await ctx.workshop.run(ctx.workshop.load("Inner"), {"q": "hi"}, kept=[{"node": "p"}])
        return {"out": 1}

    row = done(bench, act)
    assert "is no step to take over" in row.error["what"]


def test_steps_tell_tools_items_and_what_stands_within(tmp_path: Path) -> None:
    """Tool calls belong to their visit, bodies have their item, and steps of sub-workflows say so and are not kept."""
    bench = with_saved(tmp_path, {"text": "ok", "repeat": True})
    wide = workflow(
        {
            "each": "control.for_each",
            "sum": {"kind": "tools.call", "parent": "each", "config": {"arguments": {"expression": "{{x}} * 2"}}},
            "calc": "tool.calculator", "live": ("simulation.tick", {"ticks": 1}),
            "act": {"kind": "resource.subworkflow", "label": "Act",
                    "config": {"takes": [{"name": "seen", "type": "text"}],
                               "gives": [{"name": "action", "type": "any"}]}},
            "say": {"kind": "prompt", "parent": "act", "config": {"prompt": "{{seen}}"}},
            "rule": {"kind": "resource.subworkflow", "label": "Rule",
                     "config": {"takes": [{"name": "world", "type": "record"}, {"name": "action", "type": "text"}],
                                "gives": [{"name": "world", "type": "record"}, {"name": "event", "type": "any"}]}},
            "told": {"kind": "control.record", "parent": "rule",
                     "config": {"entries": {"e": "{{action}}"}, "take": "e"}},
        },
        "start -> each, each.each -> sum, each -> live, live.done -> finish, live.stopped -> finish, act.each -> say,"
        "rule.each -> told",
        "start.q -> each.items, each.item -> sum.x, sum.result -> each.result, start.q -> live.population,"
        "each.results -> finish.answer, act.seen -> say.seen, say.answer -> act.action, rule.world -> told.base,"
        "rule.action -> told.action, told.record -> rule.world, told.value -> rule.event",
        "calc -> sum.tool, act -> live.act, rule -> live.resolve", title="Wide", inputs={"q": {"type": "list[any]"}},
    )  # fmt: skip
    kept: list[Any] = []

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        first = await ctx.workshop.run(wide.model_dump(), {"q": [3, 4]}, trail=True)
        again = await ctx.workshop.run(
            wide.model_dump(), {"q": [3, 4]}, trail=True, kept=[each for each in first.trail if each["node"] != "live"]
        )
        kept.extend([first.trail, again.trail])
        return {"out": [first.status, again.status, again.outputs == first.outputs]}

    assert done(bench, act).outputs == {"answer": ["done", "done", True]}
    first, again = kept
    sums = [each for each in first if each["node"] == "sum"]
    assert sorted(each["item"] for each in sums) == [0, 1]
    assert [(call["name"], call["arguments"]["expression"], call["failed"]) for call in sums[0]["tools"]] == [
        ("calculator", f"{3 + sums[0]['item']} * 2", False)
    ]
    assert sums[0]["tools"][0]["result"] is not None and sums[0]["within"] == ""
    assert {each["within"] for each in first if each["node"] in ("say", "told")} == {"Act", "Rule"}
    says = [each for each in again if each["node"] == "say"]
    assert len(says) == 2 and all(each["tokens"] for each in says)
    assert not any(each["tools"] for each in again if each["node"] == "sum")
