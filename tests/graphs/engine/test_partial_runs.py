"""Runs that run again only what changed, and pinned outputs."""

from typing import Any

import pytest

from graphs.fork_request import Origin
from graphs.kept import visits_of
from graphs.lower import lower
from graphs.signature import has_effects, signature_of
from nodes.registry import KINDS
from tests.graphs.engine.fakes import ScriptedModels, workflow
from tests.graphs.engine.reaching import KINDS as REACHING
from tests.graphs.engine.saved import SAVED_KINDS, Desk, chain

TWENTY = [f"n{i}" for i in range(20)]


def keep(run_id: str, **more: object) -> Origin:
    return Origin(run_id, None, {"keep": "unchanged", **more})


def test_changing_the_last_of_twenty_nodes_runs_one(desk: Desk) -> None:
    """The other nineteen are kept by their signature, with their outputs."""
    first = desk.run(workflow(**chain(*TWENTY)))
    second = desk.run(workflow(**chain(*TWENTY, n19={"say": "new"})), origin=keep(first.id))
    assert second.status == "done" and desk.ran(second.id) == {"n19": 1}
    assert second.outputs == {"answer": first.outputs["answer"].replace("n19(", "n19new(")}
    assert second.steps - second.kept == 1 + 1  # the changed node, and finish, which is given something else
    assert second.parent_id == first.id and second.forked_at is None


def test_a_change_in_the_middle_runs_what_depends_on_it(desk: Desk) -> None:
    """A branch beside it is kept; a node that comes to the same stops the spreading."""
    nodes = {"a": "t.work", "b": "t.work", "same": ("t.step", {"value": 7}), "c": "t.work", "d": "t.work"}
    flow = "start -> a, a -> b, b -> same, same -> c, c -> d, d -> finish"
    data = "a.out -> b.a, b.out -> same.a, same.out -> c.a, a.out -> d.a, c.out -> d.b, d.out -> finish.answer"
    first = desk.run(workflow(nodes, flow, data))
    second = desk.run(workflow({**nodes, "b": ("t.work", {"say": "2"})}, flow, data), origin=keep(first.id))
    assert desk.ran(second.id) == {"b": 1} and second.outputs == first.outputs


def test_other_inputs_run_only_what_they_reach(desk: Desk) -> None:
    """A node that is given nothing of the changed input is kept."""
    document = workflow(
        {"a": "t.work", "b": "t.work", "c": "t.work"}, "start -> a, a -> b, b -> c, c -> finish",
        "start.x -> a.a, start.y -> b.a, a.out -> c.a, b.out -> c.b, c.out -> finish.answer",
        inputs={"x": {"type": "text"}, "y": {"type": "text"}},
    )  # fmt: skip
    first = desk.run(document, {"x": "1", "y": "1"})
    second = desk.run(document, {"x": "1", "y": "2"}, origin=keep(first.id))
    assert second.outputs == {"answer": "c(a(1),b(2))"} and desk.ran(second.id) == {"b": 1, "c": 1}


def test_nodes_with_side_effects_run_again_unless_it_is_said(desk: Desk) -> None:
    """They are never kept by signature; ``also`` names those that are."""
    document = workflow(
        {"a": "t.work", "mail": "t.effect"}, "start -> a, a -> mail, mail -> finish",
        "a.out -> mail.a, mail.out -> finish.answer",
    )  # fmt: skip
    first = desk.run(document)
    assert desk.ran(desk.run(document, origin=keep(first.id)).id) == {"mail": 1}
    assert desk.ran(desk.run(document, origin=keep(first.id, also=["mail"])).id) == {}


def test_a_question_is_asked_again(desk: Desk) -> None:
    """What a person said once holds for that run."""
    document = workflow({"q": ("control.ask", {})}, "start -> q, q -> finish", "q.text -> finish.answer")
    first = desk.run(document)
    desk.runner.answer(first.id, first.forms[0]["interrupt"], {"text": "yes"})
    assert desk.ended(first.id).status == "done"
    assert desk.run(document, origin=keep(first.id)).status == "waiting"


def test_items_of_a_frame_are_kept_one_by_one(desk: Desk) -> None:
    """With one item more in the list, that one runs."""

    def over(items: list[str]) -> object:
        return workflow(
            {
                "src": ("t.step", {"value": items}), "each": "control.for_each",
                "w": {"kind": "t.work", "parent": "each"},
            },
            "start -> src, src -> each, each.each -> w, each -> finish",
            "src.out -> each.items, each.item -> w.a, w.out -> each.result, each.results -> finish.answer",
        )  # fmt: skip

    first = desk.run(over(["p", "q"]))
    second = desk.run(over(["p", "q", "r"]), origin=keep(first.id))
    assert second.outputs == {"answer": ["w(p)", "w(q)", "w(r)"]} and desk.ran(second.id) == {"w": 1}


PROMPTS = workflow(
    {f"p{i}": ("prompt", {"prompt": "Say {{x}}"}) for i in range(3)},
    "start -> p0, p0 -> p1, p1 -> p2, p2 -> finish",
    "start.x -> p0.x, p0.answer -> p1.x, p1.answer -> p2.x, p2.answer -> finish.answer",
    inputs={"x": {"type": "text"}},
)


def test_another_model_is_a_change_and_kept_calls_cost_nothing(desk: Desk) -> None:
    """Kept model calls are not made; with another default model they are."""
    first = desk.run(PROMPTS, {"x": "a"}, model="scripted:one")
    asked = len(desk.models.asked)
    same = desk.run(PROMPTS, {"x": "a"}, model="scripted:one", origin=keep(first.id))
    assert len(desk.models.asked) == asked and same.outputs == first.outputs
    assert (same.input_tokens, same.output_tokens, same.usd) == (0, 0, 0.0)
    desk.run(PROMPTS, {"x": "a"}, model="scripted:two", origin=keep(first.id))
    assert len(desk.models.asked) > asked
    assert isinstance(desk.models, ScriptedModels)


def test_a_fork_with_another_model_keeps_what_came_before(desk: Desk) -> None:
    """From the point on the other model is asked."""
    first = desk.run(PROMPTS, {"x": "a"}, model="scripted:one")
    asked = len(desk.models.asked)
    fork = desk.fork(first.id, node="p1", changes={"model": "scripted:two"})
    assert (fork.model, fork.kept) == ("scripted:two", 2)
    assert {reference for reference, _ in desk.models.asked[asked:]} == {"scripted:two"}


def test_a_pinned_node_comes_to_its_pin_whatever_it_is_given(desk: Desk) -> None:
    """It does not run; its span says so; after a restart too."""
    document = workflow(
        {"a": "t.work", "q": ("control.ask", {}), "c": "t.work"}, "start -> a, a -> q, q -> c, c -> finish",
        "a.out -> c.a, q.text -> c.b, c.out -> finish.answer",
    )  # fmt: skip
    pins = {"c": {"outcome": None, "outputs": {"out": "PIN"}}}
    row = desk.run(document, origin=Origin(None, None, {"pins": pins}))
    desk.reopen()
    desk.runner.answer(row.id, row.forms[0]["interrupt"], {"text": "x"})
    row = desk.ended(row.id)
    assert row.outputs == {"answer": "PIN"} and desk.ran(row.id) == {"a": 1} and row.kept == 1
    assert desk.spans_of(row.id)["c"]["attributes"] == {"pinned": True}


def test_a_pin_that_does_not_fit_fails_the_node(desk: Desk) -> None:
    """A pinned output of an unknown name says so."""
    pins = {"a": {"outcome": None, "outputs": {"nope": 1}}}
    row = desk.run(workflow(**chain("a")), origin=Origin(None, None, {"pins": pins}))
    assert row.status == "failed" and "'nope'" in row.error["what"]


def test_limits_on_steps_do_not_count_kept_visits(desk: Desk) -> None:
    """What did not run is not spent."""
    document = workflow(**chain(*TWENTY), limits={"steps": 22})
    first = desk.run(document)
    fork = desk.fork(first.id, node="n18")
    assert fork.status == "done"
    edited = workflow(**chain(*TWENTY, n19={"say": "x"}), limits={"steps": 2})
    assert desk.run(edited, origin=keep(first.id)).status == "done"


@pytest.mark.parametrize("kind", ["tool.files", "tool.http_request"])
def test_a_tool_with_side_effects_makes_its_node_one(kind: str) -> None:
    """What is attached counts."""
    document = workflow(
        {"t": kind, "plain": "tool.calculator", "call": ("agent", {}), "safe": ("agent", {})},
        "start -> call, call -> safe, safe -> finish", attach="t -> call.tools, plain -> safe.tools",
    )  # fmt: skip
    steps = lower(document, KINDS).graph.steps
    assert has_effects(steps["call"]) and not has_effects(steps["safe"])
    assert signature_of(steps["call"]) != signature_of(steps["safe"])


def test_a_visit_begun_anew_counts_once() -> None:
    """Of a visit that a resumed run began again the last attempt counts, with what stands below it."""
    blank = {
        "ended_at": 9.0,
        "input": {},
        "output": {},
        "outcome": "done",
        "error": None,
        "attributes": None,
        "item": None,
    }
    root = {"id": "r", "parent_id": None, "operation": "invoke_workflow", "node_id": None, "visit": None, "kind": None}
    rows = [
        {**blank, **root, "status": "ok", "started_at": 0.0},
        *(
            {**blank, "id": id, "parent_id": parent, "operation": "invoke_node", "node_id": node, "visit": 1,
             "status": status, "started_at": at}
            for id, parent, node, status, at in (
                ("f1", "r", "each", "lost", 1.0), ("b1", "f1", "body", "ok", 2.0),
                ("f2", "r", "each", "ok", 3.0), ("b2", "f2", "body", "ok", 4.0),
            )
        ),
    ]  # fmt: skip
    assert [visit.id for visit in visits_of("run", rows).all] == ["f2", "b2"]


def _signature(document: Any, node: str) -> str:
    return signature_of(lower(document, SAVED_KINDS).graph.steps[node])


def test_what_a_signature_is_made_of() -> None:
    """Settings, tools and their settings; not labels, notes, places, or how the flow goes."""
    nodes = {"t": ("tool.calculator", {}), "a": {"kind": "agent", "config": {"max_calls": 7}}, "b": "t.work"}
    flow = "start -> a, a -> b, b -> finish"
    plain = _signature(workflow(nodes, flow, attach="t -> a.tools"), "a")
    relabelled = {**nodes, "a": {**nodes["a"], "label": "Worker", "note": "n", "position": [1, 2]}}
    assert _signature(workflow(relabelled, flow, attach="t -> a.tools"), "a") == plain
    assert _signature(workflow(nodes, "start -> b, b -> a, a -> finish", attach="t -> a.tools"), "a") == plain
    assert _signature(workflow({**nodes, "a": {"kind": "agent"}}, flow, attach="t -> a.tools"), "a") != plain
    assert _signature(workflow(nodes, flow), "a") != plain
    clock = {**nodes, "t": ("tool.clock", {})}
    assert _signature(workflow(clock, flow, attach="t -> a.tools"), "a") != plain


def test_a_sub_workflow_is_part_of_the_node_that_uses_it() -> None:
    """A change inside it, or of its wiring, is a change of that node."""
    sub = {
        "kind": "resource.subworkflow",
        "config": {"takes": [{"name": "task", "type": "text"}], "gives": [{"name": "result", "type": "text"}]},
    }
    nodes = {"sub": sub, "use": "t.free", "w": {"kind": "t.work", "parent": "sub"}}
    flow, data = "start -> use, use -> finish, sub.each -> w", "sub.task -> w.a, w.out -> sub.result"
    kinds = {**KINDS, **REACHING}

    def signed(document: Any) -> str:
        return signature_of(lower(document, {**SAVED_KINDS, **kinds}).graph.steps["use"])

    plain = signed(workflow(nodes, flow, data, "sub -> use.act"))
    inner = {**nodes, "w": {"kind": "t.work", "parent": "sub", "config": {"say": "x"}}}
    assert signed(workflow(inner, flow, data, "sub -> use.act")) != plain
    assert signed(workflow(nodes, flow, "sub.task -> w.b, w.out -> sub.result", "sub -> use.act")) != plain
    effect = {**nodes, "w": {"kind": "t.effect", "parent": "sub"}}
    steps = lower(workflow(effect, flow, data, "sub -> use.act"), {**SAVED_KINDS, **kinds}).graph.steps
    assert has_effects(steps["use"])
