"""Keep a workflow with its score in an archive.

Use it behind "Score", with a memory space attached as the archive; "Sample from archive" gives parents for
the next change. All are kept, not only the best, for a weak one may lead to a strong one; ``min_score``
keeps out what is broken. A workflow that is there already gets the new score.

Source: Zhang et al. 2025, Darwin Gödel Machine (https://arxiv.org/abs/2505.22954): the open-ended archive.
"""

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.templating import as_text
from nodes.workflows.archived import KIND, archive_of, archived, lineage
from nodes.workflows.documents import document_of, short_hash


class ArchiveKeepConfig(Config):
    """What is not worth keeping."""

    min_score: float = Field(
        default=0, ge=0, le=1, title="Least score", description="Below it a workflow is not kept; 0: all are."
    )


@node(
    kind="workflows.archive_keep", family="workflows", title="Keep in archive",
    summary="Keep a workflow with its score", config=ArchiveKeepConfig,
    inputs=(
        Port("workflow", "any", "A document, its YAML, or the id or title of a saved one."),
        Port("score", "number", "How good it is, 0 to 1."),
        Port("parent", "text", "Id of the archived workflow it was made of.", required=False),
        Port("change", "any", "What was changed, in words.", required=False),
    ),
    outputs=(
        Port("id", "text", "Its id in the archive; empty where it was not kept."),
        Port("best", "record", "The best workflow of the archive now."),
        Port("best_score", "number", "The score of that one."),
    ),
    outcomes=("kept", "refused"), attaches=(Attach("archive", "memory", required=True),), side_effects=True,
    source="Zhang et al. 2025, Darwin Gödel Machine, https://arxiv.org/abs/2505.22954", icon="archive",
)  # fmt: skip
async def archive_keep(inputs: Inputs, config: ArchiveKeepConfig, ctx: Context) -> Route:
    """Store it, count it as a child of its parent, say which is the best."""
    memory, document, score = archive_of(ctx), document_of(inputs["workflow"], ctx), float(inputs["score"])
    id, parent, change = "", inputs.get("parent") or "", as_text(inputs.get("change"))
    if score >= config.min_score:
        known = {each.about: each for each in await archived(memory)}
        about = f"{document.get('title', 'Workflow')} {short_hash(document)}: {document.get('summary', '')}".strip()
        old = known.get(about)
        data = {"document": document, "score": score, "parent": old.parent if old else parent, "change": change}
        data["children"] = old.children if old else 0
        id = await memory.add(about, kind=KIND, importance=1 + 9 * min(max(score, 0), 1), data=data)
        above = await memory.get(parent) if parent and old is None else None
        if above is not None:
            await memory.update(parent, data={**above.data, "children": int(above.data.get("children", 0)) + 1})
    found = await archived(memory)
    ctx.show(lineage(found, id))
    best = max(found, key=lambda each: each.score, default=None)
    outputs = {"id": id, "best": best.document if best else document, "best_score": best.score if best else score}
    return Route("kept" if id else "refused", outputs)
