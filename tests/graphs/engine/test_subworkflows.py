"""A sub-workflow attached to a node: run many times and at once, traced, counted, failing in words."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from graphs.document import Limits
from graphs.validate import validate
from nodes.contract import Context, Inputs, Outputs
from tests.graphs.engine.fakes import MOST, Bench
from tests.graphs.engine.reaching import DO, KINDS, alone, opened

PART = {
    "kind": "resource.subworkflow", "label": "Propose",
    "config": {
        "takes": [{"name": "task", "type": "text"}, {"name": "depth", "type": "number"}],
        "gives": [{"name": "ideas", "type": "any"}],
    },
}  # fmt: skip


def part(attach: str, flow: str, data: str, **nodes: Any) -> Any:
    """A workflow whose node ``n`` has the sub-workflow ``part`` with these nodes, edges included."""
    inside = {id: _inside(given) for id, given in nodes.items()}
    document = alone(attach, part=PART, **inside)
    edges = document.edges
    split = lambda text: tuple(each.strip() for each in text.split(",") if each.strip())  # noqa: E731
    more = {"flow": (*edges.flow, *split(flow)), "data": (*edges.data, *split(data))}
    return document.model_copy(update={"edges": edges.model_copy(update=more)})


def _inside(given: Any) -> dict[str, Any]:
    made = {"kind": given} if isinstance(given, str) else {"kind": given[0], "config": given[1]}
    return {"parent": "part", **made} if not made["kind"].startswith("resource.") else made


def run(bench: Bench, document: Any, act: Any, **more: Any) -> Any:
    assert [str(each) for each in validate(document, kinds=KINDS) if each.severity == "error"] == []
    DO["n"] = act
    row = bench.run(document, **more)
    bench.runner.close()
    return row


async def thrice(inputs: Inputs, ctx: Context) -> Outputs:
    """Three runs at once."""
    propose = ctx.subworkflow("propose")
    assert propose is not None and ctx.subworkflow("act") is None
    given = await asyncio.gather(*(propose.run({"task": f"t{i}", "depth": i}) for i in range(3)))
    return {"out": [propose.name, *(each["ideas"] for each in given)]}


TWO = (
    "part -> n.propose",
    "part.each -> b, b -> c",
    "part.task -> b.item, b.out -> c.a, part.depth -> c.b, c.out -> part.ideas",
)


def test_a_body_runs_many_times_at_once(tmp_path: Path) -> None:
    """Each run has its own values, and they run side by side."""
    MOST.clear()
    row = run(opened(tmp_path), part(*TWO, b=("t.body", {"sleep": 0.05}), c="t.step"), thrice)
    assert row.outputs == {"answer": ["Propose", "c1(t0,0)", "c1(t1,1)", "c1(t2,2)"]}
    assert MOST[row.id] == 3
    assert row.steps == 3 + 2 * 3


def test_its_spans_and_events_stand_below_the_node(tmp_path: Path) -> None:
    """Node, then a span for each run with what went in and came out, then the nodes of the body."""
    bench = opened(tmp_path)
    DO["n"] = thrice
    row = bench.run(part(*TWO, b="t.body", c="t.step"))
    node = next(each for each in bench.spans.of("invoke_node") if each["node_id"] == "n")
    runs = [each for each in bench.spans.of("invoke_workflow") if each.get("parent_id")]
    assert {(each["parent_id"], each["name"], each["node_id"], each["status"]) for each in runs} == {
        (node["id"], "Propose", "part", "ok")
    }
    assert runs[1]["input"] == {"task": "t1", "depth": 1} and runs[1]["output"] == {"ideas": "c1(t1,1)"}
    inner = [each for each in bench.spans.of("invoke_node") if each["node_id"] in "bc"]
    assert sorted(each["parent_id"] for each in inner) == sorted(2 * [each["id"] for each in runs])
    told = [each for each in bench.events(row.id) if each["type"] == "node.finished" and each["node"] in "bc"]
    assert {each["within"] for each in told} == {each["id"] for each in runs}
    bench.runner.close()


def test_a_failing_body_names_its_node(tmp_path: Path) -> None:
    """The node that uses it gets a NodeError, and the span of the run says why."""
    bench = opened(tmp_path)
    row = run(bench, part(*TWO, b=("t.body", {"fail_on": ()}), c=("t.step", {"fail": 1})), thrice)
    assert row.status == "failed"
    assert row.error["node"] == "n" and row.error["what"] == "The sub-workflow 'Propose' failed at 'c': c fails"
    runs = [each for each in bench.spans.of("invoke_workflow") if each.get("parent_id")]
    assert "error" in {each["status"] for each in runs}


def test_joins_branches_and_frames_work_inside(tmp_path: Path) -> None:
    """A for each with a body of its own beside a branch, joined."""
    document = part(
        "part -> n.propose",
        "part.each -> src, src -> each, src -> side, each.each -> b, each -> j, side -> j, j -> c",
        "part.task -> side.a, src.out -> each.items, each.item -> b.item, part.task -> b.outer, b.out -> each.result,"
        "each.results -> c.a, side.out -> c.b, c.out -> part.ideas",
        src=("t.step", {"value": ["x", "y"]}), each="control.for_each", side="t.step", j="control.join", c="t.step",
    )  # fmt: skip
    nodes = {**document.nodes, "b": document.nodes["side"].model_copy(update={"kind": "t.body", "parent": "each"})}
    row = run(opened(tmp_path), document.model_copy(update={"nodes": nodes}), thrice)
    assert row.outputs == {"answer": ["Propose", *(f"c1(['t{i}x', 't{i}y'],side1(t{i}))" for i in range(3))]}


def test_loops_inside_begin_anew_in_each_run(tmp_path: Path) -> None:
    """Visits of one run are not those of the next."""
    row = run(opened(tmp_path), part(
        "part -> n.propose", "part.each -> w, w -> l, l.again -> w", "part.task -> w.a, w.out -> part.ideas",
        w="t.step", l=("control.loop_limit", {"max_turns": 3}),
    ), thrice)  # fmt: skip
    assert row.outputs == {"answer": ["Propose", *(f"w4(t{i})" for i in range(3))]}


def test_steps_count_against_the_runs_limit(tmp_path: Path) -> None:
    """The limit of the run ends it in the middle of a body, in the status limit."""
    row = run(opened(tmp_path), part(*TWO, b="t.body", c="t.step"), thrice, limits=Limits(steps=5))
    assert (row.status, row.steps) == ("limit", 5)


def test_tokens_inside_count_for_the_run_and_the_node(tmp_path: Path) -> None:
    """What a prompt in a body costs is on the bill of the node that ran it."""
    bench = opened(tmp_path, {"text": "idea", "input_tokens": 4, "output_tokens": 1, "repeat": True})
    DO["n"] = thrice
    row = bench.run(part(
        "part -> n.propose", "part.each -> p", "part.task -> p.task, p.answer -> part.ideas",
        p=("prompt", {"prompt": "About {{task}}"}),
    ))  # fmt: skip
    assert row.outputs == {"answer": ["Propose", "idea", "idea", "idea"]}
    assert (row.input_tokens, row.output_tokens) == (12, 3)
    told = next(each for each in bench.events(row.id) if each["type"] == "node.finished" and each["node"] == "n")
    assert told["tokens"] == 15
    bench.runner.close()


def test_a_body_may_use_its_own_resources(tmp_path: Path) -> None:
    """A model attached inside is the one that is asked."""
    bench = opened(tmp_path)
    row = run(bench, part(
        "part -> n.propose, own -> p.model", "part.each -> p", "part.task -> p.task, p.answer -> part.ideas",
        p=("prompt", {"prompt": "About {{task}}"}), own=("resource.model", {"reference": "scripted:own"}),
    ), thrice)  # fmt: skip
    assert row.status == "done" and {reference for reference, _ in bench.models.asked} == {"scripted:own"}


def test_a_body_reads_state_as_its_node_sees_it(tmp_path: Path) -> None:
    """State variables can be read inside."""
    bench = opened(tmp_path, {"text": "fine", "repeat": True})
    document = part(
        "part -> n.propose", "part.each -> p", "part.task -> p.task, p.answer -> part.ideas",
        p=("prompt", {"prompt": "{{state.style}}: {{task}}"}),
    )  # fmt: skip
    from_dict = document.model_validate({**document.model_dump(), "state": {"style": {"default": "brief"}}})
    row = run(bench, from_dict, thrice)
    assert row.status == "done", row.error
    assert bench.spans.of("chat")[0]["input"][-1]["content"] == "brief: t0"


def test_stopping_the_run_stops_the_bodies(tmp_path: Path) -> None:
    """A stop reaches into the body, and its spans say so; resumed, the node begins again."""
    bench = opened(tmp_path)
    DO["n"] = thrice
    id = bench.runner.start(part(*TWO, b=("t.body", {"sleep": 0.6}), c="t.step"), {})
    bench.wait_for(id, "node.started", node="b")
    bench.runner.stop(id)
    assert bench.runner.wait_here(id).status == "stopped"
    assert {each["status"] for each in bench.spans.of("invoke_workflow") if each.get("parent_id")} == {"cancelled"}
    bench.runner.resume(id)
    row = bench.runner.wait_here(id)
    assert row.outputs == {"answer": ["Propose", "c1(t0,0)", "c1(t1,1)", "c1(t2,2)"]}
    bench.runner.close()


def test_ids_of_tasks_inside_are_the_same_again(tmp_path: Path) -> None:
    """After a failure and a resume, each node inside has the idempotency key it had, and no two share one."""
    bench = opened(tmp_path)
    keys: list[str] = []

    async def note(inputs: Inputs, ctx: Context) -> Outputs:
        keys.append(ctx.task_id)
        return {"out": 1}

    async def twice(inputs: Inputs, ctx: Context) -> Outputs:
        propose = ctx.subworkflow("propose")
        assert propose is not None
        for depth in range(2):
            await propose.run({"task": "t", "depth": depth})
        if len(keys) < 4:
            raise RuntimeError("the power went out")
        return {"out": 1}

    DO.update(n=twice, b=note)
    row = bench.run(part("part -> n.propose", "part.each -> b", "b.out -> part.ideas", b="t.free"))
    bench.runner.resume(row.id)
    assert bench.runner.wait_here(row.id).status == "done"
    assert keys[:2] == keys[2:] and len(set(keys)) == 2
    bench.runner.close()


def test_one_that_gives_nothing_is_an_error(tmp_path: Path) -> None:
    """A way through the body that feeds nothing is told with what is missing."""
    document = part(
        "part -> n.propose", "part.each -> r, r.a -> b", "part.task -> b.item, b.out -> part.ideas",
        r=("t.pick", {"routes": [{"name": "a"}, {"name": "z"}], "take": ["z"]}), b="t.body",
    )  # fmt: skip
    row = run(opened(tmp_path), document, thrice)
    assert row.status == "failed" and "gave no 'ideas'" in row.error["what"] and "part.ideas" in row.error["mend"]


def test_one_sub_workflow_can_serve_two_sockets(tmp_path: Path) -> None:
    """It is compiled once, and either socket runs it."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        parts = [ctx.subworkflow("propose"), ctx.subworkflow("act")]
        return {"out": [(await each.run({"task": "t"}))["result"] for each in parts if each]}

    document = part(
        "part -> n.propose, part -> n.act", "part.each -> b", "part.task -> b.item, b.out -> part.result", b="t.body"
    )
    nodes = {**document.nodes}
    nodes["part"] = nodes["part"].model_copy(update={"config": {
        "takes": [{"name": "task", "type": "text"}], "gives": [{"name": "result", "type": "any"}, {"name": "ideas"}],
    }})  # fmt: skip
    edges = document.edges.model_copy(update={"data": (*document.edges.data, "b.out -> part.ideas")})
    row = run(opened(tmp_path), document.model_copy(update={"nodes": nodes, "edges": edges}), act)
    assert row.outputs == {"answer": ["t", "t"]}


@pytest.mark.parametrize("kind", ["control.ask"])
def test_nobody_can_be_asked_inside(tmp_path: Path, kind: str) -> None:
    """The diagnostics refuse it; run all the same, the node fails in words."""
    document = part(
        "part -> n.propose", "part.each -> q, q -> b", "part.task -> q.task, q.text -> b.item, b.out -> part.ideas",
        q=(kind, {"question": "{{task}}?"}), b="t.body",
    )  # fmt: skip
    assert "ATT107" in [each.code for each in validate(document, kinds=KINDS)]
    bench = opened(tmp_path)
    DO["n"] = thrice
    row = bench.run(document)
    assert row.status == "failed" and "cannot wait inside a workflow that a node runs" in row.error["what"]
    bench.runner.close()
