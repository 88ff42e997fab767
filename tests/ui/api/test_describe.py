"""Describe it over HTTP: a wish is answered by a proposal, streamed; nothing is saved by it."""

import json
import time
from typing import Any

import httpx
import pytest

from tests.ui.api.conftest import HELLO, Served

WISH = "add a critic that sends the answer back at most three times"
DECISIONS = ("add", "reflection.critique", "greet", "max_revisions")
NAMES = ("intent", "kind", "after", "setting")


@pytest.fixture(scope="module", autouse=True)
def scripts(served: Served) -> None:
    """The scripted models that answer in this file."""
    folder = served.workspace.home.path / "scripts"
    folder.mkdir(exist_ok=True)
    critic = [{"node": name, "data": {"answer": answer}} for name, answer in zip(NAMES, DECISIONS, strict=True)]
    slow = [{"data": {"answer": "rename"}, "seconds": 30, "repeat": True}]
    failing = [{"error": {"what": "The model is out of order", "mend": "Try again later."}, "repeat": True}]
    for name, replies in {"critic": critic, "sleepy": slow, "broken": failing}.items():
        (folder / f"{name}.json").write_text(json.dumps({"name": name, "replies": replies}))


def events(answer: httpx.Response) -> list[dict[str, Any]]:
    """The data of a stream that has ended."""
    assert answer.status_code == 200, answer.text
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line.startswith("data: ")]


def ask(served: Served, id: str, **body: Any) -> httpx.Response:
    return served.client.post(f"/workflows/{id}/describe", json=body, timeout=60)


def test_a_wish_is_answered_by_steps_costs_and_a_proposal_and_nothing_is_saved(served: Served) -> None:
    """The stream tells what is decided and what was spent, and ends with the items; the workflow stays as it was."""
    id = served.new()
    told = events(ask(served, id, wish=WISH, model="scripted:critic", way="steps"))
    assert {"step", "spent"} <= {each["type"] for each in told}
    proposal = told[-1]
    assert proposal["type"] == "proposal"
    assert proposal["items"][0]["words"] == "Add Critique with Revisions 3"
    assert proposal["spent"]["calls"] == 3 and proposal["revision"] == 1
    assert served.client.get(f"/workflows/{id}").json()["document"]["nodes"].keys() == HELLO["nodes"].keys()


def test_the_operations_of_all_items_are_an_edit_like_any_other(served: Served) -> None:
    """What a proposal holds goes through PATCH, and leaves no finding but the one it said."""
    id = served.new()
    proposal = events(ask(served, id, wish=WISH, model="scripted:critic", way="steps"))[-1]
    ops = [op for item in proposal["items"] for op in item["ops"]]
    looked = served.client.post(f"/workflows/{id}/describe/check", json={"ops": ops}).json()
    saved = served.patch(id, 1, (1, ops))
    assert [each["code"] for each in looked["left"]] == [each["code"] for each in proposal["left"]]
    assert [each["code"] for each in saved.json()["diagnostics"] if each["severity"] != "info"] == []


def test_a_choice_that_leaves_something_wrong_is_told(served: Served) -> None:
    """The check of some of the items names what would be left, and saves nothing."""
    id = served.new()
    ops = [{"op": "disconnect", "sort": "flow", "edge": "greet -> finish"}]
    left = served.client.post(f"/workflows/{id}/describe/check", json={"ops": ops}).json()["left"]
    assert "FLW102" in {each["code"] for each in left}
    assert served.client.get(f"/workflows/{id}").json()["revision"] == 1


def test_operations_that_do_not_fit_are_refused_by_the_check(served: Served) -> None:
    """The check answers 422 with the operation that cannot be made."""
    answer = served.client.post(
        f"/workflows/{served.new()}/describe/check", json={"ops": [{"op": "remove_node", "id": "nobody"}]}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad-operation")


@pytest.mark.parametrize(
    ("model", "code", "words"),
    [
        ("builtin:qwen2.5-coder-1.5b", "model-not-ready", "Fetch it once"),
        ("openai:gpt-4o-mini", "model-not-ready", "OPENAI_API_KEY"),
        ("nonsense", "model-not-ready", ""),
    ],
)
def test_a_model_that_cannot_be_asked_is_told_before_the_call(
    served: Served, model: str, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is 422 with how to mend it, not a stream that breaks off."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    error = ask(served, served.new(), wish="rename greet", model=model).json()["error"]
    assert error["code"] == code
    assert words in error["mend"]


def test_a_model_that_fails_is_told_in_the_stream(served: Served) -> None:
    """A failure of the model ends the stream with what and mend."""
    last = events(ask(served, served.new(), wish="rename greet", model="scripted:broken", way="steps"))[-1]
    assert last == {"type": "refused", "what": "The model is out of order", "mend": "Try again later."}


@pytest.mark.parametrize("wish", ["", "x" * 2_001])
def test_a_wish_is_neither_empty_nor_endless(served: Served, wish: str) -> None:
    """Its length is checked before a model is asked."""
    assert ask(served, served.new(), wish=wish, model="scripted:critic").status_code == 422


def test_an_unknown_workflow_is_not_found(served: Served) -> None:
    """The answer is 404, not a stream."""
    assert ask(served, "nobody", wish="rename greet", model="scripted:critic").status_code == 404


def test_a_client_that_leaves_ends_the_work(served: Served) -> None:
    """The model of an abandoned wish is not waited for: the next one is answered at once."""
    id = served.new()
    body = {"wish": "rename greet", "model": "scripted:sleepy", "way": "steps"}
    with served.client.stream("POST", f"/workflows/{id}/describe", json=body, timeout=60) as answer:
        assert next(answer.iter_lines())
    began = time.monotonic()
    assert events(ask(served, id, wish=WISH, model="scripted:critic", way="steps"))[-1]["type"] == "proposal"
    assert time.monotonic() - began < 20
