"""Control, guards, workflows as data and simulation in real runs."""

import json
from pathlib import Path
from typing import Any

from tests.graphs.engine.fakes import Bench, workflow
from tests.graphs.engine.reaching import SPACES, opened

OUTLINE = {
    "idea": "Think, then check.", "title": "Solver",
    "steps": [{"does": "think", "instruction": "Multiply."}, {"does": "critique", "instruction": "Is it right?"}],
}  # fmt: skip
EXAMPLES = [{"task": "6 x 7", "expected": "42"}, {"task": "6 x 8", "expected": "48"}]


def said(value: Any) -> dict[str, Any]:
    """A scripted answer to a schema."""
    return {"text": json.dumps(value)}


def folder(path: Path) -> Path:
    """A folder of its own for a second run of a test."""
    path.mkdir()
    return path


def finished(bench: Bench, document: Any, inputs: dict[str, Any] | None = None) -> Any:
    row = bench.run(document, inputs or {})
    bench.runner.close()
    return row


def test_a_workflow_designs_scores_and_keeps_a_workflow(tmp_path: Path) -> None:
    """A drafted document runs on the examples for real, is scored, archived, and comes back as the best."""
    judged = [{"text": "It is right. It can stay."}, said({"verdict": "accept", "score": 9})]
    bench = opened(tmp_path, said(OUTLINE), {"text": "It is 42."}, *judged, {"text": "It is 42."}, *judged)
    document = workflow(
        {
            "draft": "workflows.draft", "score": ("workflows.score", {"parallel": 1}), "keep": "workflows.archive_keep",
            "archive": ("resource.memory_space", {"space": "designs"}),
        },
        "start -> draft, draft -> score, score -> keep, keep.kept -> finish",
        "start.task -> draft.task, draft.workflow -> score.workflow, start.examples -> score.examples,"
        "draft.workflow -> keep.workflow, score.score -> keep.score, keep.best_score -> finish.answer",
        "archive -> keep.archive", inputs={"task": {}, "examples": {"type": "list[record]"}},
    )  # fmt: skip
    row = finished(bench, document, {"task": "Sums", "examples": EXAMPLES})
    assert (row.status, row.outputs) == ("done", {"answer": 0.5})
    (kept,) = SPACES["designs"].hits.values()
    assert kept.data["document"]["title"] == "Solver" and kept.data["score"] == 0.5
    inner = [span for span in bench.spans.of("invoke_workflow") if span.get("parent_id")]
    assert [span["name"] for span in inner] == ["Solver", "Solver"]


def test_a_policy_keeps_a_tool_from_being_called(tmp_path: Path) -> None:
    """The rule lets the small sum pass and refuses the large one, whose node fails by error."""
    rule = {"tool": "calculator", "when": "size(args.expression) < 6"}
    for expression, answer in [("6 * 7", "42"), ("123456 * 7", None)]:
        document = workflow(
            {
                "call": ("tools.call", {"arguments": {"expression": expression}}), "calculator": "tool.calculator",
                "policy": ("guards.tool_policy", {"rules": [rule]}),
            },
            "start -> call, call -> finish", "call.result -> finish.answer",
            "calculator -> call.tool, policy -> call.policies",
        )  # fmt: skip
        row = finished(opened(folder(tmp_path / str(answer))), document)
        assert (row.status == "done") is (answer is not None)
        assert row.outputs == {"answer": "42"} if answer else "no rule allows" in row.error["what"]


def test_a_result_is_redacted_on_its_way_to_the_node(tmp_path: Path) -> None:
    """What a tool brings back passes the policy before the node has it."""
    document = workflow(
        {
            "call": ("tools.call", {"arguments": {"code": "'mail a@x.org'"}}), "python": "tool.python",
            "policy": ("guards.secrets_and_personal_data", {"outgoing": "allow"}),
        },
        "start -> call, call -> finish", "call.result -> finish.answer",
        "python -> call.tool, policy -> call.policies",
    )  # fmt: skip
    row = finished(opened(tmp_path), document)
    assert row.status == "done", row.error
    assert "[email 1]" in row.outputs["answer"] and "a@x.org" not in row.outputs["answer"]


def test_order_of_events_is_seen_by_a_rule(tmp_path: Path) -> None:
    """The tool may be called only after the step: before it the call fails, after it works."""
    policy = ("guards.sequence", {"rules": [{"call": "calculator", "rule": "only_after", "other": "step"}]})
    nodes: dict[str, Any] = {
        "call": ("tools.call", {"arguments": {"expression": "1 + 1"}}), "calculator": "tool.calculator",
        "policy": policy, "step": "t.step",
    }  # fmt: skip
    attach = "calculator -> call.tool, policy -> call.policies"
    for flow, status in [
        ("start -> step, step -> call, call -> finish", "done"),
        ("start -> call, call -> step, step -> finish", "failed"),
    ]:
        row = finished(opened(folder(tmp_path / status)), workflow(nodes, flow, "call.result -> finish.answer", attach))
        assert row.status == status


def test_on_error_tries_again_until_it_works(tmp_path: Path) -> None:
    """The failed node is led back to, with waits between, until it gives a result."""
    document = workflow(
        {"work": ("t.step", {"fail": 2}), "again": ("control.on_error", {"first_wait": 0.01})},
        "start -> work, work -> finish, work.error -> again, again.again -> work, again.give_up -> finish",
        "work.out -> finish.answer",
    )  # fmt: skip
    bench = opened(tmp_path)
    row = finished(bench, document)
    assert (row.status, row.outputs) == ("done", {"answer": "work3()"})
    assert bench.visits()["again"] == 2


def test_while_turns_a_loop(tmp_path: Path) -> None:
    """The loop turns while the condition over the state holds."""
    document = workflow(
        {"head": ("control.while", {"condition": "turn <= 3", "max_turns": 9}), "body": "t.step"},
        "start -> head, head.again -> body, body -> head, head.done -> finish, head.exhausted -> finish",
        "body.out -> finish.answer",
    )  # fmt: skip
    bench = opened(tmp_path)
    assert finished(bench, document).status == "done"
    assert (bench.visits()["body"], bench.visits()["head"]) == (3, 4)


def test_state_machine_keeps_its_phase_in_the_state(tmp_path: Path) -> None:
    """It goes from phase to phase over the loop, each by a transition from the one before."""
    machine = {
        "states": [{"name": "gather"}, {"name": "act"}, {"name": "finished"}],
        "transitions": [
            {"source": "gather", "target": "act", "when": "true"},
            {"source": "act", "target": "finished", "when": "true"},
        ],
    }
    document = workflow(
        {"machine": ("control.state_machine", machine), "work": "t.step", "limit": "control.loop_limit"},
        "start -> machine, machine.gather -> work, machine.act -> work, work -> limit, limit.again -> machine,"
        "limit.exhausted -> finish, machine.finished -> finish",
        "machine.previous -> finish.answer", state={"phase": {"type": "text"}},
    )  # fmt: skip
    bench = opened(tmp_path)
    row = finished(bench, document)
    assert (row.status, row.outputs) == ("done", {"answer": "act"})
    assert (bench.visits()["machine"], bench.visits()["work"]) == (2, 1)


def test_budget_gate_sees_what_the_run_has_spent(tmp_path: Path) -> None:
    """After one model call of nine tokens a gate of nine is over, one of ten is not."""
    for tokens, way in [(9, "over"), (10, "within")]:
        bench = opened(folder(tmp_path / way), {"text": "ok", "input_tokens": 4, "output_tokens": 5, "repeat": True})
        document = workflow(
            {"ask": ("prompt", {"prompt": "Go"}), "gate": ("control.budget_gate", {"tokens": tokens}), "over": "t.step",
             "within": "t.step"},
            "start -> ask, ask -> gate, gate.over -> over, gate.within -> within, over -> finish, within -> finish",
            "gate.left -> finish.answer",
        )  # fmt: skip
        assert finished(bench, document).status == "done"
        assert bench.visits()[way] == 1


def test_a_person_approves(tmp_path: Path) -> None:
    """The run waits, and goes the way the person decides, with the reason."""
    bench = opened(tmp_path)
    document = workflow(
        {"ok": "control.approve", "bad": "t.step"},
        "start -> ok, ok.approved -> finish, ok.rejected -> bad, bad -> finish",
        "start.draft -> ok.content, ok.reason -> finish.answer", inputs={"draft": {}},
    )  # fmt: skip
    row = bench.run(document, {"draft": "Dear all"})
    assert row.status == "waiting" and "Dear all" in row.forms[0]["form"]["text"]
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {"decision": "Reject", "reason": "too long"})
    row = bench.runner.wait_here(row.id)
    bench.runner.close()
    assert (row.status, row.outputs) == ("done", {"answer": "too long"})
    assert bench.visits()["bad"] == 1


def test_a_population_lives_a_tick_with_its_own_way_to_act(tmp_path: Path) -> None:
    """People drawn from a table act by an attached sub-workflow, and the model rules on what they try."""
    ruling = {"thought": "", "possible": True, "event": "They wave.", "changes": [{"variable": "waves", "value": "1"}]}
    bench = opened(tmp_path, {**said(ruling), "repeat": True})
    document = workflow(
        {
            "people": ("simulation.population", {"count": 2}), "live": ("simulation.tick", {"ticks": 1}),
            "act": ("resource.subworkflow", {
                "takes": [{"name": "person", "type": "record"}], "gives": [{"name": "action", "type": "any"}],
            }),
            "wave": {"kind": "t.step", "parent": "act"},
        },
        "start -> people, people -> live, live -> finish, live.stopped -> finish, act.each -> wave",
        "people.population -> live.population, start.world -> live.world, act.person -> wave.a, wave.out -> act.action,"
        "live.world -> finish.answer",
        "act -> live.act", inputs={"world": {"type": "record"}},
    )  # fmt: skip
    row = finished(bench, document, {"world": {"waves": 0}})
    assert (row.status, row.outputs) == ("done", {"answer": {"waves": 1}})
    assert bench.visits()["wave"] == 2
