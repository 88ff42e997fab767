"""Read what was posted on a board that all nodes of the run share.

Use it before an agent that should know what the others found or ask for. Posts come from "Post on the board",
oldest first; they can be narrowed by topic and author, and to those since this node's last visit when the
number read then is wired back into ``seen``. Calls no model.

Source: Hayes-Roth 1985, A Blackboard Architecture for Control, and LLM-based Multi-Agent Blackboard System for
Information Discovery in Data Science, 2025. We deviate: reading is a step of the flow, not a trigger.
"""

from typing import Any

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Port, Route, node
from nodes.views import chat_view


class BoardReadConfig(Config):
    """Which board, and which posts of it."""

    board: str = Field(
        default="board", title="Board", description="State variable that holds the posts.",
        pattern=r"^[a-z][a-z0-9_]{0,63}$", json_schema_extra={"widget": "state"},
    )  # fmt: skip
    topics: tuple[str, ...] = Field(
        default=(), title="Topics", description="Only posts on these; none named: on any.", max_length=20
    )
    authors: tuple[str, ...] = Field(
        default=(), title="Authors", description="Only posts by these; none named: by any.", max_length=50
    )
    but_by: tuple[str, ...] = Field(
        default=(), title="But not by", description="Leave out posts by these, such as the reader's own.",
        max_length=50, json_schema_extra={"advanced": True},
    )  # fmt: skip
    last: int = Field(
        default=20, ge=1, le=1_000, title="How many", description="The most posts, the newest.",
        json_schema_extra={"unit": "posts"},
    )  # fmt: skip


@node(
    kind="memory.board_read", family="memory", title="Read the board", summary="What was posted on the shared board",
    config=BoardReadConfig,
    inputs=(Port("seen", "number", "How many posts were read already; those are left out.", required=False),),
    outputs=(
        Port("posts", "documents", "The posts, oldest first, with topic, author and time."),
        Port("text", "text", "The posts as lines of author: text; empty when there are none."),
        Port("seen", "number", "How many posts the board holds."),
    ),
    outcomes=("found", "none"), state_fields=("board",), icon="clipboard-list",
    source="Hayes-Roth 1985, A Blackboard Architecture for Control",
)  # fmt: skip
async def board_read(inputs: Inputs, config: BoardReadConfig, ctx: Context) -> Route:
    """Take the board, narrow it, show it."""
    board = _board(inputs, config.board)
    posts = [post for post in board[int(inputs.get("seen", 0)) :] if _wanted(post, config)][-config.last :]
    ctx.show(chat_view([{"speaker": f"{post['author']}{_about(post)}", "text": post["text"]} for post in posts]))
    ctx.progress(f"{len(posts)} of {len(board)} posts on {config.board!r}")
    text = "\n".join(f"{post['author']}{_about(post)}: {post['text']}" for post in posts)
    return Route("found" if posts else "none", {"posts": posts, "text": text, "seen": len(board)})


def _board(inputs: Inputs, name: str) -> list[dict[str, Any]]:
    """The posts; none before the first. Raises NodeError where the variable holds something else."""
    board = inputs.get("state", {}).get(name) or []
    if not isinstance(board, list) or not all(isinstance(post, dict) and "author" in post for post in board):  # pyright: ignore[reportUnknownVariableType]
        raise NodeError(
            f"The state variable {name!r} holds {str(board)[:80]!r}, which are no posts",  # pyright: ignore[reportUnknownArgumentType]
            mend="Name a variable of type list[record] that only 'Post on the board' writes.",
        )
    return board  # pyright: ignore[reportUnknownVariableType]


def _wanted(post: dict[str, Any], config: BoardReadConfig) -> bool:
    return (
        (not config.topics or post["topic"] in config.topics)
        and (not config.authors or post["author"] in config.authors)
        and post["author"] not in config.but_by
    )


def _about(post: dict[str, Any]) -> str:
    return f" ({post['topic']})" if post["topic"] else ""
