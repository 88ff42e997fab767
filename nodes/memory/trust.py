"""Let only trusted documents through, and show where each comes from.

Use it between a recall or a search and a model that acts on what it reads, so that a text planted from outside
does not steer it. A record is trusted when it was stored so; what is no record at all (a page, a file) has
nobody to vouch for it. Naming the id of a record or the node that wrote it under "Approve" lets it pass, and
with a memory attached it is trusted there from then on. It ends with ``refused`` when any was. Calls no model.

Source: Nodeloom; the attack it stands against is Chen et al. 2024, AgentPoison
(https://arxiv.org/abs/2407.12784).
"""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.memory.attached import origin
from nodes.templating import as_text
from nodes.views import table_view


class TrustConfig(Config):
    """What passes although it is not trusted."""

    approve: tuple[str, ...] = Field(
        default=(), title="Approve", description="Ids of records, or of nodes that wrote them, that may pass.",
        max_length=1_000,
    )  # fmt: skip
    unknown: bool = Field(
        default=False, title="Let unknown pass", description="Whether documents that are no records of a memory pass."
    )


@node(
    kind="memory.trust", family="memory", title="Trust filter", summary="Refuse documents that nobody vouches for",
    config=TrustConfig,
    inputs=(Port("documents", "documents", "Recalled records, found pages, ..."),),
    outputs=(
        Port("passed", "documents", "Those that may be used, in their order."),
        Port("refused", "documents", "Those that may not, each with `why`."),
        Port("text", "text", "The texts that passed, as bullets."),
    ),
    outcomes=("passed", "refused"), attaches=(Attach("memory", "memory"),), side_effects=True, icon="shield-check",
    source="Chen et al. 2024, AgentPoison, https://arxiv.org/abs/2407.12784",
)  # fmt: skip
async def trust(inputs: Inputs, config: TrustConfig, ctx: Context) -> Route:
    """Judge each by its provenance; approve in the memory what the settings approve."""
    judged = [(document, _why_not(document, config)) for document in inputs["documents"]]
    passed = [document for document, why in judged if not why]
    refused = [{**document, "why": why} for document, why in judged if why]
    await _approve([document for document in passed if document.get("trusted") is False], ctx)
    rows = [(document["text"], origin(document), not why, why) for document, why in judged]
    ctx.show(table_view(("text", "from", "passed", "why not"), rows, title="Provenance"))
    ctx.progress(f"{len(passed)} of {len(judged)} documents passed")
    outputs = {"passed": passed, "refused": refused, "text": as_text(passed)}
    return Route("refused" if refused else "passed", outputs)


def _why_not(document: Mapping[str, Any], config: TrustConfig) -> str:
    """Why the document is refused; '' for one that passes."""
    writer = (document.get("source") or {}).get("node", "")
    if document.get("id") in config.approve or (writer and writer in config.approve):
        return ""
    if "trusted" not in document:
        return "" if config.unknown else "it is no record of a memory, so nobody vouches for it"
    return "" if document["trusted"] else "it came from outside and was not approved"


async def _approve(documents: list[dict[str, Any]], ctx: Context) -> None:
    """Trust in the memory, from now on, what the settings approved; records gone meanwhile are passed over."""
    if ctx.memory is None:
        return
    for document in documents:
        if document.get("id") and await ctx.memory.get(document["id"]):
            await ctx.memory.update(document["id"], trusted=True)
