"""A recorded run is run again to the same outputs by the same way, and an edited workflow departs where it does."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from graphs.document import Document
from graphs.inputs import InputErrors
from graphs.replay import CannotReplay, replay
from graphs.replay_recording import Recording
from graphs.replay_report import Report, word_diff
from graphs.yaml_format import parse
from tests.graphs.replays.conftest import EVERYTHING, edited, ran
from ui.recordings import recorded_run
from ui.starting import start_run
from ui.workspace import Workspace


def replayed(recording: Recording, against: Document | None = None) -> Report:
    return asyncio.run(replay(recording, against))


def kinds_at(report: Report, node: str) -> list[str]:
    return [each.kind for each in report.departures if each.node == node]


def test_a_run_with_everything_replays_exactly_and_twice(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recall, for each, tool, agent, a loop and an answer that did not fit: same outputs, no socket opened."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the replay reached for the network"))
    assert {"chat", "execute_tool", "retrieve_memory", "write_memory"} <= {each.operation for each in recording.spans}
    assert max(each.visit or 0 for each in recording.spans) == 2
    assert any((each.error or {}).get("type") == "AnswerError" for each in recording.spans)
    for report in (replayed(recording), replayed(recording)):
        assert report.same, report.lines()
        assert report.outputs == recording.outputs
        assert report.outputs is not None
        assert report.outputs["words"] == ["AAA", "BBB", "CCC"]
        assert report.visits == 13


def test_a_tool_is_not_called_again(recording: Recording) -> None:
    """The clock tells the time of the recorded run, however long ago that was."""
    time.sleep(1.1)
    report = replayed(recording)
    assert report.outputs is not None
    assert recording.outputs is not None
    assert report.outputs["time"] == recording.outputs["time"]


def test_memory_is_neither_read_nor_written(recording: Recording, workspace: Workspace) -> None:
    """What was recalled then is recalled, though the memory has grown; a replay adds nothing and leaves no run."""
    before = len(workspace.memories.records("notes")), len(workspace.runs.list())
    report = replayed(recording)
    assert report.outputs is not None
    assert [hit["text"] for hit in report.outputs["recalled"]] == ["Six times seven was asked before."]
    assert (len(workspace.memories.records("notes")), len(workspace.runs.list())) == before


def test_a_changed_prompt_is_found_with_its_words(recording: Recording) -> None:
    """The first departure is the changed prompt; the recorded answer is given all the same, so the rest is the same."""
    report = replayed(recording, edited("with care", "at leisure"))
    first = report.departures[0]
    assert (first.kind, first.node, first.visit) == ("prompt", "solve", 1)
    assert report.prompt_diff is not None
    assert "Solve 6 times 7 [-with care.-]{+at leisure.+}" in report.prompt_diff
    assert {"recall", "each", "shout", "clock", "judge", "finish"} <= set(report.same_nodes)
    assert report.outputs is not None
    assert report.outputs["answer"] == "It is 42."


def test_a_changed_prompt_in_a_for_each_is_found_for_every_item(recording: Recording) -> None:
    """Items that run at once keep their own answers."""
    report = replayed(recording, edited("Shout {{word}}.", "Whisper {{word}}."))
    assert sorted(each.item for each in report.departures if each.kind == "prompt" and each.item is not None) == [
        0,
        1,
        2,
    ]
    assert report.outputs is not None
    assert report.outputs["words"] == ["AAA", "BBB", "CCC"]


def test_an_added_node_departs_where_it_stands(recording: Recording) -> None:
    """It asks a model that has no recorded answer: there the replay ends, and says what was not reached."""
    text = EVERYTHING.replace(
        "  finish: {", '  sum: {kind: prompt, config: {prompt: "Sum up {{answer}}."}}\n  finish: {'
    )
    text = text.replace("- remember -> finish", "- remember -> sum\n  - sum -> finish")
    text = text.replace(
        "- solve.answer -> finish.answer", "- solve.answer -> sum.answer\n  - sum.answer -> finish.answer"
    )
    report = replayed(recording, parse(text))
    assert [(each.kind, each.node) for each in report.departures] == [("new", "sum"), ("unrecorded", "sum")]
    assert report.new_nodes == ("sum",)
    assert report.not_reached == ("finish",)
    assert report.departures[1].now[0]["content"] == "Sum up It is 42.."
    assert "no recorded answer exists" in "\n".join(report.lines())


def test_a_node_taken_out_is_gone(recording: Recording) -> None:
    """The first departure is the place where it ran; nothing else differs."""
    text = EVERYTHING.replace('  remember: {kind: memory.remember, config: {text: "{{answer}}"}}\n', "")
    text = text.replace("judge.accept -> remember", "judge.accept -> finish").replace("  - remember -> finish\n", "")
    text = text.replace("  - solve.answer -> remember.answer\n", "").replace(" notes -> remember.memory,", "")
    report = replayed(recording, parse(text))
    assert [(each.kind, each.node) for each in report.departures] == [("missing", "remember")]
    assert report.gone_nodes == ("remember",)


def test_a_shorter_loop_departs_at_the_turn_that_is_gone(recording: Recording) -> None:
    """With no revision allowed the second visits are missing and the run ends otherwise."""
    report = replayed(recording, edited("max_revisions: 2", "max_revisions: 0"))
    assert (report.departures[0].node, report.departures[0].kind) == ("judge", "outcome")
    assert "missing" in kinds_at(report, "solve")
    assert report.departures[-1].kind == "ending"


def test_an_attached_tool_that_the_run_did_not_have_is_told(recording: Recording) -> None:
    """The same words with other tools are another question to the model."""
    report = replayed(recording, edited("calculator -> solve.tools", "calculator -> solve.tools, watch -> solve.tools"))
    assert kinds_at(report, "solve")[0] == "model"


def test_other_arguments_of_a_tool_are_found(recording: Recording) -> None:
    """They are shown beside those that were recorded."""
    report = replayed(recording, edited("kind: tools.call", 'kind: tools.call, config: {arguments: {timezone: "UTC"}}'))
    first = report.departures[0]
    assert (first.kind, first.node, first.recorded) == ("arguments", "clock", {})
    assert first.now == {"timezone": "UTC"}


def test_a_failed_run_replays_to_its_failure(workspace: Workspace) -> None:
    """A model that refused refuses again, in the same words."""
    document = parse(EVERYTHING)
    script = {"name": "refusing", "replies": [{"error": {"what": "No more today", "mend": "Pay."}, "repeat": True}]}
    failed = ran(workspace, document, {"question": "?", "words": ["a"]}, script)
    report = replayed(failed)
    assert (failed.status, report.status, report.same) == ("failed", "failed", True), report.lines()


def test_a_call_tried_again_is_tried_again(workspace: Workspace) -> None:
    """A passing fault of a model is followed by the answer of the second attempt."""
    document = parse(ONE)
    fault = {"error": {"what": "Busy", "mend": "Wait.", "retryable": True}}
    recording = ran(workspace, document, {}, {"name": "busy", "replies": [fault, {"text": "Hello."}]})
    report = replayed(recording)
    assert report.same, report.lines()
    assert report.outputs == {"answer": "Hello."}


def test_a_person_is_not_asked_again(workspace: Workspace) -> None:
    """The recorded answer is given; a question that was changed since is told."""
    text = ONE.replace('{kind: prompt, config: {prompt: "Greet."}}', '{kind: control.ask, config: {question: "Who?"}}')
    document = parse(text.replace("work.answer", "work.text"))
    runner = workspace.engine.runner
    row = runner.wait_here(start_run(workspace, document, {}))
    runner.answer(row.id, row.forms[0]["interrupt"], {"text": "Ada"})
    row = runner.wait_here(row.id)
    workspace.engine.flush()
    recording = recorded_run(workspace, row.id)
    report = replayed(recording)
    assert (report.same, report.outputs) == (True, {"answer": "Ada"}), report.lines()
    changed = replayed(recording, parse(text.replace("work.answer", "work.text").replace("Who?", "What?")))
    assert [each.kind for each in changed.departures] == ["settings"]


def test_a_workflow_with_errors_is_refused(recording: Recording) -> None:
    """Its findings say why."""
    with pytest.raises(CannotReplay, match="judge"):
        replayed(recording, edited("  - solve.answer -> judge.draft\n", ""))


def test_a_workflow_with_other_inputs_is_refused(recording: Recording) -> None:
    """The inputs of the recording do not fit it."""
    with pytest.raises(InputErrors, match="no input 'question'"):
        replayed(recording, parse(EVERYTHING.replace("question", "problem")))


def test_a_word_diff_leaves_out_what_is_far_from_a_change() -> None:
    """Words around the change stay, the rest is an ellipsis."""
    words = " ".join(str(number) for number in range(100))
    diff = word_diff(words, words.replace(" 50 ", " fifty "))
    assert "49 [-50-]{+fifty+} 51" in diff
    assert " 70 " not in diff


def test_a_recording_is_the_same_after_its_file(recording: Recording, exported: Path) -> None:
    """What is read is what was written, and replays exactly."""
    assert Recording.load(exported) == recording
    assert replayed(Recording.load(exported)).same


ONE = """\
nodeloom: 1
title: One
outputs: {answer: {}}
nodes: {start: {kind: start}, work: {kind: prompt, config: {prompt: "Greet."}}, finish: {kind: finish}}
edges: {flow: [start -> work, work -> finish], data: [work.answer -> finish.answer]}
"""
