"""Every template's recorded run replays exactly, with no model and no network, and says where it departs."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from graphs.document import Document
from graphs.replay_recording import RecordedSpan, Recording
from graphs.yaml_format import dump
from templates import catalogue
from tests.templates.checks import misses
from tests.ui.terminal.conftest import Command, nodeloom  # noqa: F401 - a fixture

EVERY = pytest.mark.parametrize("slug", catalogue.slugs())
WORDS = " Mind the salt."


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be reached: to connect or to look up an address fails."""

    def refused(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a replay reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket.socket, "connect_ex", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def recording_of(slug: str) -> Recording:
    path = catalogue.load(slug).recording
    assert path is not None, f"{slug} is not recorded; run: nodeloom templates record {slug}"
    return Recording.load(path)


@EVERY
def test_it_is_a_run_of_the_template_on_its_first_example(slug: str):
    """The recorded document is the gallery's own, the inputs those of the first example, and the checks hold."""
    recording, template = recording_of(slug), catalogue.load(slug)
    first = template.examples[0]
    assert recording.document == template.document
    assert first["inputs"].items() <= recording.inputs.items()
    assert recording.status == "done" and recording.model == f"scripted:{slug}"
    assert misses(first["expected"], recording.outputs or {}) == []


@EVERY
def test_it_replays_to_identical_outputs_twice(slug: str, nodeloom: Command):  # noqa: F811 - the fixture
    """Exit code 0, the same path and the same outputs, both times."""
    path = str(catalogue.load(slug).recording)
    reports: list[dict[str, Any]] = []
    for _ in range(2):
        done = nodeloom("replay", path, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        reports.append(json.loads(done.stdout))
    assert reports[0] == reports[1] and reports[0]["same"]
    assert reports[0]["outputs"] == recording_of(slug).outputs


@EVERY
def test_a_prompt_that_changed_is_named(slug: str, nodeloom: Command, tmp_path: Path):  # noqa: F811 - the fixture
    """With other words in one recorded question the replay exits with 1 and names the node that asks."""
    recording = recording_of(slug)
    # What a tool of a model asks belongs to the tool, whose result is recorded: it is not asked again.
    chats = [span for span in recording.spans if span.operation == "chat" and not span.in_tool]
    assert chats, "it calls no model"
    asked = chats[len(chats) // 2]
    node = _node_of(asked, recording)
    changed = asked.model_copy(update={"input": _with_words(asked.input)})
    spans = tuple(changed if span is asked else span for span in recording.spans)
    path = tmp_path / "departed.json"
    recording.model_copy(update={"spans": spans}).save(path)
    done = nodeloom("replay", str(path), "--json")
    assert done.returncode == 1, done.stdout + done.stderr
    told = json.loads(done.stdout)["first"]
    assert (told["kind"], told["node"]) == ("prompt", node)


def _node_of(span: RecordedSpan, recording: Recording) -> str | None:
    """The node a call was made by."""
    while span.operation != "invoke_node":
        assert span.parent is not None
        span = recording.spans[span.parent - 1]
    return span.node_id


def _with_words(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*messages[:-1], {**messages[-1], "content": f"{messages[-1]['content']}{WORDS}"}]


def _prompting(slug: str) -> str | None:
    """The first node of a template that runs in its recording and whose prompt stands in its settings."""
    ran = {span.node_id for span in recording_of(slug).spans if span.operation == "invoke_node"}
    nodes = catalogue.load(slug).document.nodes
    return next((id for id, node in nodes.items() if id in ran and node.config.get("prompt")), None)


EDITABLE = [slug for slug in catalogue.slugs() if catalogue.load(slug).recording and _prompting(slug)]


@pytest.mark.parametrize("slug", EDITABLE)
def test_an_edited_workflow_departs_at_the_node_that_was_edited(
    slug: str, nodeloom: Command, tmp_path: Path  # noqa: F811 - the fixture
):  # fmt: skip
    """Held against the recording, a workflow with one prompt changed exits with 1 and names that node first."""
    document, id = catalogue.load(slug).document, str(_prompting(slug))
    path = tmp_path / "edited.yaml"
    path.write_text(dump(_edited(document, id)), encoding="utf-8")
    done = nodeloom("replay", str(catalogue.load(slug).recording), "--against", str(path), "--json")
    assert done.returncode == 1, done.stdout + done.stderr
    assert json.loads(done.stdout)["first"]["node"] == id


def _edited(document: Document, id: str) -> Document:
    node = document.nodes[id]
    config = {**node.config, "prompt": node.config["prompt"] + WORDS}
    return document.model_copy(update={"nodes": {**document.nodes, id: node.model_copy(update={"config": config})}})


@EVERY
def test_its_answers_serve_the_recorded_example(slug: str):
    """What ``scripted:`` answers of the recording are its model calls, at a pace to watch."""
    script = catalogue.recorded_script(slug)
    calls = [span for span in recording_of(slug).spans if span.operation == "chat"]
    count = len(calls)
    same, alike, ordered = (script.replies[at : at + count] for at in (0, count, 2 * count))
    assert script.name == slug and len(script.replies) == 3 * count
    assert all(reply.conversation for reply in same) and all(reply.match for reply in alike)
    assert not any(reply.match or reply.conversation for reply in ordered)
    assert 0 < sum(reply.seconds for reply in ordered) <= catalogue.SHOWN + 0.01 * count


def test_another_run_of_the_recorder_makes_the_same_run(record: Callable[[str], Recording]):
    """Recorded again, a template comes to the same outputs by the same visits, under the same id and times."""
    again, before = record("rci"), recording_of("rci")
    assert again.model_dump() == before.model_dump()


def test_a_run_that_does_not_end_well_is_not_kept(
    nodeloom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811 - the fixture
):  # fmt: skip
    """Where the script lacks an answer the command says which node asked, and writes nothing."""
    cast = catalogue.cast("rci")
    short = cast.script.model_copy(update={"replies": cast.script.replies[:1]})
    monkeypatch.setattr(catalogue, "cast", lambda slug: catalogue.Cast(short))
    done = nodeloom("templates", "record", "rci", "--into", str(tmp_path))
    assert done.returncode == 2 and "criticise" in done.stderr
    assert list(tmp_path.glob("rci.json")) == []


@pytest.fixture
def record(nodeloom: Command, tmp_path: Path) -> Callable[[str], Recording]:  # noqa: F811 - the fixture
    """Records a template anew, into the test's folder."""

    def again(slug: str) -> Recording:
        done = nodeloom("templates", "record", slug, "--into", str(tmp_path))
        assert done.returncode == 0, done.stderr
        return Recording.load(tmp_path / f"{slug}.json")

    return again
