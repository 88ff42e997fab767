"""A run whose processes are killed goes on to its end, and does nothing twice: a sample of ``benchmarks.crash``."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.crash import Kill, done_twice, wrong_effects
from benchmarks.crash_workflow import document

ROOT = Path(__file__).parents[3]


def test_killed_processes_lose_and_repeat_nothing() -> None:
    """Three kills at random moments: the run ends right, each effect has one key, the trace tells."""
    command = [sys.executable, "-m", "benchmarks.crash", "--kills", "3", "--seed", "7", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert (found["problems"], found["done"], found["at_work"]) == ([], found["runs"], 3)
    assert found["effects_a_run"] == 81
    assert found["interruptions"] == 3


def test_the_workflow_has_thirty_nodes() -> None:
    """Loops, a fan-out, branches that join, and a question."""
    nodes = document().nodes
    assert len(nodes) == 30 + 1  # the ledger never runs
    kinds = {node.kind for node in nodes.values()}
    assert {"control.loop_limit", "control.for_each", "control.join", "control.ask"} <= kinds


def test_the_judgement_finds_what_is_done_twice_or_left_out() -> None:
    """A completed task that writes again, a call under a second key, a call that is missing."""
    line = {"key": "k", "node": "c0", "visit": 1, "given": None, "task": "t"}
    assert done_twice([line, line], [Kill(1.0, False, 1, {"t"})]) == [
        "c0 #1 ran again after kill 1 though it had ended"
    ]
    assert done_twice([line, line], [Kill(1.0, False, 1, set())]) == []
    assert "('c0', 1, None) has 2 keys" in wrong_effects([line, {**line, "key": "other"}])
    assert "('c1', 1, None) has 0 keys" in wrong_effects([line])
