"""memory.board_post and memory.board_read"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.memory.board_post import board_post
from nodes.memory.board_read import board_read
from nodes.types import conforms
from tests.fakes import NOW, FakeContext, run_node


def post(board: list[Any], text: str, node: str = "solver", **config: Any) -> list[Any]:
    """The board after a post, as the reducer append makes it."""
    return [*board, *run_node(board_post, {"text": text}, FakeContext(node_id=node), **config)["state.board"]]


def filled() -> list[Any]:
    board = post([], "who knows the price?", "lead", topic="request", author="Lead")
    board = post(board, "it is 5", "a", topic="reply", author="Ann")
    return post(board, "it is 6", "b", topic="reply")


def test_what_one_posts_another_reads():
    """Posts carry who wrote them, where and when, and are read in order."""
    ctx = FakeContext()
    result = run_node(board_read, {"state": {"board": filled()}}, ctx)
    assert result.outcome == "found"
    assert result.outputs["text"] == "Lead (request): who knows the price?\nAnn (reply): it is 5\nb (reply): it is 6"
    assert conforms(result.outputs["posts"], "documents")
    first = result.outputs["posts"][0]
    assert (first["node"], first["run"], first["visit"], first["at"]) == ("lead", "run", 1, NOW)
    assert ctx.views[-1]["messages"][1] == {"speaker": "Ann (reply)", "text": "it is 5"}


def test_posts_are_narrowed():
    """By topic, author, whose not, number, and what was read already."""
    state = {"state": {"board": filled()}}
    texts = lambda **config: [each["text"] for each in run_node(board_read, state, **config).outputs["posts"]]  # noqa: E731
    assert texts(topics=["request"]) == ["who knows the price?"]
    assert texts(authors=["Ann", "b"], last=1) == ["it is 6"]
    assert texts(but_by=["Ann", "Lead"]) == ["it is 6"]
    new = run_node(board_read, {**state, "seen": 2}).outputs
    assert [each["text"] for each in new["posts"]] == ["it is 6"] and new["seen"] == 3
    assert run_node(board_read, {**state, "seen": 3}).outcome == "none"


def test_a_board_without_posts_is_empty():
    """Before the first post nothing is there."""
    assert run_node(board_read, {"state": {"board": None}}).outcome == "none"
    assert run_node(board_read, {}).outputs == {"posts": [], "text": "", "seen": 0}


@pytest.mark.parametrize("value", ["text", [1], [{"text": "no author"}]])
def test_another_kind_of_variable_is_refused(value: Any):
    """A variable that holds no posts is named."""
    with pytest.raises(NodeError, match=r"'board' holds .* which are no posts"):
        run_node(board_read, {"state": {"board": value}})


def test_a_post_has_a_text_and_a_board_of_its_own():
    """An empty text is refused; the board is the variable of that name."""
    with pytest.raises(NodeError, match="nothing to post"):
        run_node(board_post, {"text": " "})
    out = run_node(board_post, {"claim": "x"}, board="claims", text="I say {{claim}}")
    assert out["state.claims"] == [out["entry"]] and out["entry"]["text"] == "I say x"
    assert board_post.state_fields == board_read.state_fields == ("board",)
