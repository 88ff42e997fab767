"""A run's life: stop, limits, failure, resume, lost processes, many at once."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from graphs.document import Limits
from graphs.inputs import InputErrors
from graphs.runner import NotPossible
from nodes.contract import Config, Context, Inputs, NodeSpec, Outputs, Port, node
from tests.graphs.engine.fakes import TEST_KINDS, Bench, ScriptedModels, workflow

SLOW_CHAIN = workflow(
    {"a": "t.step", "slow": ("t.slow", {"sleep": 30.0}), "c": "t.step"},
    "start -> a, a -> slow, slow -> c, c -> finish", "a.out -> c.a, c.out -> finish.answer",
)  # fmt: skip
CHAIN = workflow(
    {f"n{i}": "t.step" for i in range(6)},
    "start -> n0, " + ", ".join(f"n{i} -> n{i + 1}" for i in range(5)) + ", n5 -> finish", "n5.out -> finish.answer",
)  # fmt: skip


def test_stop_in_mid_run_and_resume(bench: Bench) -> None:
    """A stop cuts the node that runs; resuming runs it again, but not what had finished."""
    run_id = bench.runner.start(SLOW_CHAIN, {})
    bench.wait_for(run_id, "node.started", node="slow")
    bench.runner.stop(run_id)
    row = bench.runner.wait_here(run_id)
    assert row.status == "stopped"
    assert bench.events(run_id)[-1]["type"] == "run.finished"
    statuses = {span["node_id"]: span["status"] for span in bench.spans.of("invoke_node")}
    assert statuses == {"start": "ok", "a": "ok", "slow": "cancelled"}
    seen = bench.events(run_id)[-1]["seq"]
    bench.runner.resume(run_id)
    bench.wait_for(run_id, "node.started", after=seen, node="slow")
    bench.runner.stop(run_id)
    bench.runner.wait_here(run_id)
    assert bench.visits()["a"] == 1 and bench.visits()["slow"] == 2


def test_the_limit_on_steps_stops_and_raised_limits_go_on(bench: Bench) -> None:
    """At the limit the run stops, keeps what it did, and goes on from there."""
    row = bench.run(CHAIN, limits=Limits(steps=3))
    assert (row.status, row.steps) == ("limit", 3)
    assert row.error is not None and row.error["limit"] == "steps"
    bench.runner.resume(row.id, {"steps": 20})
    row = bench.runner.wait_here(row.id)
    assert (row.status, row.steps, row.outputs) == ("done", 8, {"answer": "n51()"})
    assert set(bench.visits().values()) == {1}


def test_the_limit_on_seconds_cuts_a_slow_node(bench: Bench) -> None:
    """Wall time is a limit even within a node."""
    before = time.monotonic()
    row = bench.run(SLOW_CHAIN, limits=Limits(seconds=0.3))
    assert row.status == "limit" and row.error is not None and row.error["limit"] == "seconds"
    assert time.monotonic() - before < 5


PROMPTS = workflow(
    {f"p{i}": ("prompt", {"prompt": "Say something"}) for i in range(4)},
    "start -> p0, p0 -> p1, p1 -> p2, p2 -> p3, p3 -> finish", "p3.answer -> finish.answer",
)  # fmt: skip
FAN_PROMPTS = workflow(
    {
        "src": ("t.step", {"value": list(range(40))}), "each": ("control.for_each", {"parallel": 4}),
        "p": {"kind": "prompt", "parent": "each", "config": {"prompt": "Item {{item}}"}},
    },
    "start -> src, src -> each, each.each -> p, each -> finish",
    "src.out -> each.items, each.item -> p.item, p.answer -> each.result, each.results -> finish.answer",
)  # fmt: skip


def models(**reply: object) -> ScriptedModels:
    from graphs.models.script import Script

    return ScriptedModels(Script.model_validate({"replies": [{"text": "ok", "repeat": True, **reply}]}))


def test_the_limit_on_tokens(tmp_path: Path) -> None:
    """Tokens are counted from the model's report; the run stops before the next node."""
    bench = Bench(tmp_path, models=models(input_tokens=60, output_tokens=40)).open()
    row = bench.run(PROMPTS, limits=Limits(tokens=200))
    assert (row.status, row.input_tokens, row.output_tokens) == ("limit", 120, 80)
    bench.runner.resume(row.id, Limits(tokens=1000))
    assert bench.runner.wait_here(row.id).outputs == {"answer": "ok"}
    assert bench.visits()["p0"] == bench.visits()["p1"] == 1
    bench.runner.close()


def test_limits_hold_across_parallel_nodes_and_finished_items_are_kept(tmp_path: Path) -> None:
    """Parallel bodies share one budget: it is overshot by no more than what runs at once."""
    bench = Bench(tmp_path, models=models(input_tokens=10, output_tokens=0)).open()
    row = bench.run(FAN_PROMPTS, limits=Limits(tokens=100))
    assert row.status == "limit" and 100 <= row.input_tokens <= 130
    bench.runner.resume(row.id, Limits(tokens=10_000))
    row = bench.runner.wait_here(row.id)
    assert row.status == "done" and len(row.outputs["answer"]) == 40
    assert row.input_tokens <= 430  # finished items were not paid for again
    bench.runner.close()


def test_the_limit_on_money(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """US dollars by list price stop a run."""
    monkeypatch.setattr("graphs.chat.list_price", lambda *_: 0.02)
    bench = Bench(tmp_path, models=models()).open()
    row = bench.run(PROMPTS, limits=Limits(usd=0.03))
    assert row.status == "limit" and row.error is not None and row.error["limit"] == "usd"
    assert row.usd == pytest.approx(0.04)
    bench.runner.close()


def test_an_unhandled_failure_ends_the_run_and_can_be_resumed(bench: Bench) -> None:
    """The error names node, cause and mend; resuming runs only the failed node again."""
    document = workflow(
        {"a": "t.step", "b": ("t.step", {"fail": 1})}, "start -> a, a -> b, b -> finish", "b.out -> finish.answer"
    )
    row = bench.run(document)
    assert row.status == "failed"
    assert row.error == {"node": "b", "what": "b fails", "mend": "Mend it.", "type": "NodeError"}
    failed = next(event for event in bench.events(row.id) if event["type"] == "node.failed")
    assert failed["handled"] is False
    bench.runner.resume(row.id)
    row = bench.runner.wait_here(row.id)
    assert bench.visits()["a"] == 1
    assert row.status == "failed"  # visit 1 again: a failed visit leaves no record


def test_passing_faults_are_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retryable error is tried three times; the span counts the attempts."""
    monkeypatch.setattr("graphs.wrapper.BACKOFF", 0.001)
    row = bench.run(
        workflow(
            {"f": ("t.flaky", {"times": 2, "key": str(bench.folder)})},
            "start -> f, f -> finish",
            "f.out -> finish.answer",
        )
    )
    assert row.outputs == {"answer": 3}
    span = next(row for row in bench.spans.of("invoke_node") if row["node_id"] == "f")
    assert span["attempt"] == 3 and len(span["attributes"]["failed_attempts"]) == 2


@pytest.mark.parametrize(
    ("node", "what"),
    [
        (("t.bad", {"returns": {"nope": 1}}), "returned 'nope', which is not one of its outputs"),
        (("t.bad", {"returns": {"out": 3}}), "The output 'out' must be a text, and is 3"),
        (("t.any_object", {}), "holds a set, which cannot be saved"),
        (("t.step", {"raises": "oh"}), "broke: RuntimeError: oh"),
        (("t.pick", {"take": ["sideways"]}), "'sideways', which is not one of its outcomes"),
    ],
)  # fmt: skip
def test_what_a_node_does_wrong_is_said(bench: Bench, node: object, what: str) -> None:
    """A node that breaks its contract fails with a sentence, not with a traceback."""
    row = bench.run(workflow({"n": node}, "start -> n, n -> finish"))
    assert row.status == "failed" and row.error is not None and what in row.error["what"]


def test_state_variables_have_defaults_and_reducers(bench: Bench) -> None:
    """Writes go through the reducer; a condition reads the variable."""
    document = workflow(
        {
            "w1": ("t.remember", {"returns": {"n": 2}}), "w2": ("t.remember", {"returns": {"n": 3}}),
            "r": ("control.route", {"routes": [{"name": "six", "when": "state.n == 6"}]}), "yes": "t.step",
        },
        "start -> w1, w1 -> w2, w2 -> r, r.six -> yes, r.otherwise -> finish, yes -> finish",
        "yes.out -> finish.answer, start.v -> r.value",
        state={"n": {"type": "number", "reducer": "add", "default": 1}}, inputs={"v": {"type": "text"}},
    )  # fmt: skip
    assert bench.run(document, {"v": "x"}).outputs == {"answer": "yes1()"}


def test_inputs_are_checked_all_at_once(bench: Bench) -> None:
    """Missing, mistyped and unknown inputs are all named."""
    document = workflow(
        {}, "start -> finish", "start.q -> finish.answer",
        inputs={"q": {"type": "text"}, "n": {"type": "number"}, "d": {"type": "text", "default": "x"}},
    )  # fmt: skip
    with pytest.raises(InputErrors, match="must be a number") as caught:
        bench.runner.start(document, {"n": "three", "qq": "?"})
    assert [problem.field for problem in caught.value.problems] == ["qq", "q", "n"]
    assert "Did you mean 'q'" in caught.value.problems[0].mend


def test_a_graph_is_compiled_once(bench: Bench) -> None:
    """Runs of an equal document share the compiled graph, layout apart."""
    bench.run(CHAIN)
    moved = CHAIN.model_copy(
        update={"nodes": {**CHAIN.nodes, "n0": CHAIN.nodes["n0"].model_copy(update={"position": (1, 2)})}}
    )
    bench.run(moved)
    assert bench.runner._cache.built == 1


def test_only_what_ended_can_be_resumed(bench: Bench) -> None:
    """A finished run has nothing to go on from."""
    row = bench.run(CHAIN)
    with pytest.raises(NotPossible, match="is done and cannot be resumed"):
        bench.runner.resume(row.id)


def test_checkpoints_of_finished_runs_are_removed(bench: Bench) -> None:
    """A finished run leaves none, a stopped one only its last."""
    bench.run(CHAIN)
    run_id = bench.runner.start(SLOW_CHAIN, {})
    bench.wait_for(run_id, "node.started", node="slow")
    bench.runner.stop(run_id)
    bench.runner.wait_here(run_id)
    with sqlite3.connect(bench.folder / "checkpoints.db") as connection:
        kept = connection.execute("SELECT thread_id, count(*) FROM checkpoints GROUP BY 1").fetchall()
    assert kept == [(run_id, 1)]


def _meeting(size: int) -> NodeSpec:
    """A kind whose visits end once ``size`` runs are in one: only runs that overlap come to their end."""
    there: set[str] = set()

    @node(
        kind="t.meet", family="control", title="Meet", summary="Waits for the others", config=Config, model_calls="1",
        outputs=(Port("out", "any"),),
    )  # fmt: skip
    async def meet(inputs: Inputs, config: Config, ctx: Context) -> Outputs:
        there.add(ctx.run_id)
        async with asyncio.timeout(60):
            while len(there) < size:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        return {"out": len(there)}

    return meet


class Pulse:
    """A thread that wakes every 5 ms, as a loop that nobody holds up would: its gaps are those of the machine."""

    def __init__(self) -> None:
        self.beats = [time.monotonic()]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._ended.wait(0.005):
            self.beats.append(time.monotonic())

    def longest_within(self, start: float, end: float) -> float:
        """Seconds of the longest time in which it did not wake either, of those that touch ``start`` to ``end``."""
        gaps = [(before, after) for before, after in pairwise(self.beats) if after >= start and before <= end]
        return max((after - before for before, after in gaps), default=0.0)


def test_ten_runs_at_once(tmp_path: Path) -> None:
    """Ten runs overlap, and nothing of them holds up the caller's own loop: what does is the machine alone."""
    meet = _meeting(10)
    bench = Bench(tmp_path, kinds={**TEST_KINDS, meet.kind: meet}).open()
    document = workflow({"a": ("t.meet", {})}, "start -> a, a -> finish", "a.out -> finish.answer")

    async def ten() -> tuple[list[str], list[tuple[float, float]]]:
        ids = [bench.runner.start(document, {}) for _ in range(10)]
        beats = [time.monotonic()]
        waiting = asyncio.gather(*(bench.runner.wait(id) for id in ids))
        while not waiting.done():
            await asyncio.sleep(0.005)
            beats.append(time.monotonic())
        return [row.status for row in await waiting], list(pairwise(beats))

    try:
        with Pulse() as pulse:
            statuses, gaps = asyncio.run(ten())
    finally:
        bench.runner.close()
    assert statuses == ["done"] * 10
    held_up = max((end - start) - pulse.longest_within(start, end) for start, end in gaps)
    assert held_up < 0.1, f"the loop stood still for {held_up:.3f} s longer than the machine did"


def test_events_replay_from_any_number(bench: Bench) -> None:
    """A follower that comes late gets what it has not seen, numbered without gaps."""
    row = bench.run(CHAIN)
    events = bench.events(row.id)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert bench.events(row.id, after=5) == events[5:]
    assert (events[0]["type"], events[-1]["type"]) == ("run.started", "run.finished")


def test_a_full_disk_ends_the_run_with_a_reason(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint that cannot be written fails the run; the process and what was saved live on."""
    from graphs.checkpoints import Checkpoints

    real, calls = Checkpoints.put, []

    def full(self: Checkpoints, *args: object) -> object:
        calls.append(1)
        if len(calls) == 4:
            raise sqlite3.OperationalError("database or disk is full")
        return real(self, *args)  # pyright: ignore

    monkeypatch.setattr(Checkpoints, "put", full)
    document = workflow(
        {f"n{i}": "t.slow" for i in range(5)},
        "start -> n0, n0 -> n1, n1 -> n2, n2 -> n3, n3 -> n4, n4 -> finish",
        "n4.out -> finish.answer",
    )
    row = bench.run(document)
    assert row.status == "failed" and row.error is not None
    assert "disk is full" in row.error["what"] and "Make room" in row.error["mend"]
    bench.runner.resume(row.id)
    assert bench.runner.wait_here(row.id).outputs == {"answer": "n41()"}


CHILD = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from store.database import Database
    from store.runs import Runs
    from store.workflows import Workflows
    from store.span_writer import SpanWriter
    from tests.graphs.engine.fakes import Bench
    from tests.graphs.engine.test_lifecycle import SLOW_CHAIN
    folder = Path(sys.argv[1])
    database = Database(folder / "nodeloom.db")
    bench = Bench(folder, runs=Runs(database), versions=Workflows(database), spans=SpanWriter(database)).open()
    run_id = bench.runner.start(SLOW_CHAIN, {})
    bench.wait_for(run_id, "node.started", node="slow")
    time.sleep(0.4)
    print(run_id, flush=True)
    time.sleep(60)
""")


def test_a_killed_process_leaves_a_lost_run_that_goes_on(tmp_path: Path) -> None:
    """After kill -9 the run and its open span are lost; resumed, finished nodes do not run again."""
    from store.database import Database
    from store.runs import Runs
    from store.span_writer import SpanWriter
    from store.spans import Spans
    from store.workflows import Workflows

    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert child.stdout is not None
    run_id = child.stdout.readline().strip()
    assert run_id
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    database = Database(tmp_path / "nodeloom.db")
    spans = SpanWriter(database)
    bench = Bench(tmp_path, runs=Runs(database), versions=Workflows(database), spans=spans).open()
    assert bench.runner.lost == [run_id]
    open_span = [span for span in Spans(database).list(run_id) if span.node_id == "slow"]
    assert [span.status for span in open_span] == ["lost"]
    bench.runner.resume(run_id)
    bench.wait_for(run_id, "node.started", node="slow")
    bench.runner.stop(run_id)
    bench.runner.wait_here(run_id)
    bench.runner.close()
    spans.close()
    ran = [span.node_id for span in Spans(database).list(run_id) if span.operation == "invoke_node"]
    assert sorted(ran) == ["a", "slow", "slow", "start"]
