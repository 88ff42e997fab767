"""Draw an arrow from one step to another, with the obvious data."""

from graphs.describing.choosing import Chooser
from graphs.describing.feeding import feed
from graphs.document import Edge

WORDS = "draw an arrow from one step that is there to another that is there"


async def connect(choose: Chooser) -> None:
    """From which node, by which of its outcomes, to which."""
    draft = choose.draft
    sources = [id for id in draft.running if draft.ways_out(id)]
    source = await choose.one_of("node", "Where does the arrow begin? Answer with the id.", choose.nodes(sources))
    if source is None:
        return
    level = draft.document.nodes[source].parent
    targets = [
        id for id in draft.running
        if id not in (source, *draft.subject.starts) and draft.document.nodes[id].parent == level
    ]  # fmt: skip
    target = await choose.one_of("target", "Where does it lead? Answer with the id.", choose.nodes(targets))
    ways = {name: f"{draft.name(source)} ends this way" for name in draft.ways_out(source)}
    outcome = await choose.one_of("outcome", f"When {draft.name(source)} ends how?", ways)
    if target is not None and outcome is not None:
        draft.connect("flow", Edge(source, outcome, target, None))
        feed(draft, target, source)
