"""Post something on a board that all nodes of the run share.

Use it where agents should work together without being wired to each other: requests, findings, claims. The
board is a state variable of the workflow (type list[record], combined by append), so that branches running at
the same time all keep their posts; "Read the board" reads it. Calls no model.

Source: Hayes-Roth 1985, A Blackboard Architecture for Control, and LLM-based Multi-Agent Blackboard System for
Information Discovery in Data Science, 2025. We deviate: there is no scheduler; the flow says who reads when.
"""

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.templating import Template, render


class BoardPostConfig(Config):
    """Which board, what is posted, and by whom."""

    board: str = Field(
        default="board", title="Board", description="State variable of type list[record], combined by append.",
        pattern=r"^[a-z][a-z0-9_]{0,63}$", json_schema_extra={"widget": "state"},
    )  # fmt: skip
    text: Template = Field(
        default="{{text}}", title="Text", description="What is posted; {{name}} makes an input.",
        max_length=20_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    topic: str = Field(
        default="", title="Topic", description="To read by: request, finding, claim, ...; empty: none.", max_length=80
    )
    author: str = Field(default="", title="Author", description="Who posts; empty: the id of this node.", max_length=80)


@node(
    kind="memory.board_post", family="memory", title="Post on the board", summary="Tell all nodes that read the board",
    config=BoardPostConfig,
    outputs=(Port("entry", "record", "The post: text, topic, author, node, run, visit and time."),),
    template_fields=("text",), state_fields=("board",), icon="pin",
    source="Hayes-Roth 1985, A Blackboard Architecture for Control",
)  # fmt: skip
async def board_post(inputs: Inputs, config: BoardPostConfig, ctx: Context) -> Outputs:
    """Write the post with its provenance."""
    text = render(config.text, inputs).strip()
    if not text:
        raise NodeError("There is nothing to post: the text is empty", mend="Wire in what is to be posted.")
    entry = {
        "text": text, "topic": config.topic, "author": config.author or ctx.node_id,
        "node": ctx.node_id, "run": ctx.run_id, "visit": ctx.visit, "at": ctx.now(),
    }  # fmt: skip
    ctx.progress(f"{entry['author']} posts on {config.board!r}: {text[:120]}")
    return {"entry": entry, f"state.{config.board}": [entry]}
