"""Find the passages of loaded documents that bear on a question, each with where it stands.

Use it after "Load documents", before a prompt that answers from the passages: they come numbered, [1] [2] ..., so
that the answer can cite them, and the list of citations says which file and line each number is. What is found
by meaning is ranked with the words it shares. It leaves by ``none`` where nothing is near enough.

Source: Lewis et al. 2020, Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks
(https://arxiv.org/abs/2005.11401). We deviate: words count beside the dense vectors, as names and numbers are
otherwise missed.
"""

from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, NodeError, Port, Route, Weights, node
from nodes.snippet_text import clipped
from nodes.tools.load_documents import DOCUMENT
from nodes.views import table_view

NEVER: Final = 36_500.0  # days: documents do not fade


class RetrieveDocumentsConfig(Config):
    """How many passages, and how near."""

    top_k: int = Field(
        default=5, ge=1, le=50, title="Passages", description="The most that are found.",
        json_schema_extra={"unit": "passages"},
    )  # fmt: skip
    min_score: float = Field(
        default=0.1, ge=0, le=1, title="Nearness", description="Passages with a lower score are left out; 0: none is."
    )
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Leave out documents that were not loaded as trusted."
    )
    keyword: float = Field(
        default=0.25, ge=0, le=1, title="Words", description="Weight of shared words; the rest is nearness of meaning.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    max_characters: int = Field(
        default=6_000, ge=200, le=200_000, title="Longest context", description="The numbered passages are cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip


@node(
    kind="tools.retrieve_documents", family="tools", title="Find in documents",
    summary="Find passages of loaded documents, to cite", config=RetrieveDocumentsConfig,
    inputs=(Port("query", "text", "What to look for."),),
    outputs=(
        Port("context", "text", "The passages, numbered, each with file and line: for a prompt."),
        Port("documents", "documents", "The passages with file, line, score and whether they are trusted."),
        Port("citations", "list[text]", "What each number stands for: [1] file, line."),
        Port("trusted", "boolean", "Whether all of them are trusted."),
    ),
    outcomes=("found", "none"), attaches=(Attach("memory", "memory", required=True),), icon="book-search",
    source="Lewis et al. 2020, Retrieval-Augmented Generation, https://arxiv.org/abs/2005.11401",
)  # fmt: skip
async def retrieve_documents(inputs: Inputs, config: RetrieveDocumentsConfig, ctx: Context) -> Route:
    """Search, leave out what is too far, number what is left."""
    query = inputs["query"].strip()
    if ctx.memory is None:
        raise NodeError("There is no memory to look in", mend="Attach the space the documents were loaded into.")
    if not query:
        raise NodeError("The query is empty", mend="Wire what to look for into the query.")
    weights = Weights(similarity=1 - config.keyword, recency=0.0, importance=0.0, keyword=config.keyword)
    hits = await ctx.memory.search(
        query, top_k=config.top_k, weights=weights, half_life_days=NEVER, kinds=(DOCUMENT,),
        only_trusted=config.only_trusted,
    )  # fmt: skip
    near = [hit for hit in hits if hit.score >= config.min_score]
    ctx.progress(f"{len(near)} of {len(hits)} passages are near enough")
    rows = [[place(hit), round(hit.score, 2), hit.trusted, clipped(hit.text, 200)] for hit in near]
    ctx.show(table_view(("place", "score", "trusted", "passage"), rows, title=query))
    passages = [f"[{number}] {place(hit)}\n{hit.text}" for number, hit in enumerate(near, start=1)]
    return Route("found" if near else "none", {
        "context": clipped("\n\n".join(passages), config.max_characters),
        "documents": [_document(number, hit) for number, hit in enumerate(near, start=1)],
        "citations": [f"[{number}] {place(hit)}" for number, hit in enumerate(near, start=1)],
        "trusted": all(hit.trusted for hit in near),
    })  # fmt: skip


def place(hit: Hit) -> str:
    """Where a passage stands: ``guide.md, line 12``; '' parts are left out."""
    file, line = hit.data.get("file"), hit.data.get("line")
    return f"{file}, line {line}" if file and line else str(file or f"record {hit.id}")


def _document(number: int, hit: Hit) -> dict[str, Any]:
    return {
        "text": hit.text, "number": number, "citation": place(hit), "id": hit.id, "kind": hit.kind,
        "score": hit.score, "trusted": hit.trusted, "file": hit.data.get("file", ""), "line": hit.data.get("line"),
    }  # fmt: skip
